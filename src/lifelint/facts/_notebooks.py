"""The code of notebooks, read in one go. Pictures are most of their bytes; they are cut out before anything is parsed.

Format: nbformat 4 (https://nbformat.readthedocs.io).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Source, Unreadable
from lifelint.snapshot import Missing

_PICTURE = lazy(rb'"image/(?:png|jpeg|gif)"\s*:\s*"')
_MARK = b'"image/'


def codes(source: Source) -> Mapping[str, bytes | Missing]:
    """What the code cells of each own notebook hold; all of one that is not JSON. Asked by ``source.once``."""
    return dict(source.each(source.suffixed(".ipynb"), _code))


def _code(data: bytes) -> bytes:
    from lifelint.facts._json import load

    plain = without_pictures(data)
    try:
        return "\n".join(cells(load(plain))).encode("utf-8", "surrogatepass")
    except Unreadable:
        return plain  # whoever finds something in it tells why


def cells(document: Any) -> Iterator[str]:
    """The text of each code cell of a notebook."""
    found = document.get("cells") if isinstance(document, dict) else None
    for cell in found if isinstance(found, list) else ():
        source = cell.get("source") if isinstance(cell, dict) and cell.get("cell_type") == "code" else None
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if isinstance(source, str):
            yield source


def without_pictures(data: bytes) -> bytes:
    """The same JSON with empty texts for pictures, its lines in their places.

    Nothing else is cut: a text ends at the first quote that is not escaped, and base64 has neither quotes nor escapes.
    """
    kept: list[bytes] = []
    start, at = 0, data.find(_MARK)
    while at >= 0:
        opened = _PICTURE.match(data, at)
        end = data.find(b'"', opened.end()) if opened else -1
        if opened and end >= 0 and data[end - 1 : end] != b"\\" and data.find(b"\n", opened.end(), end) < 0:
            kept.append(data[start : opened.end()])
            start = end
        at = data.find(_MARK, max(end, at + 1))
    return b"".join((*kept, data[start:])) if kept else data

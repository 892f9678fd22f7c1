"""JSON with comments, and JSON5 (spec.json5.org), with a line for every value.

Without its comments, and with texts in double quotes, such a document is YAML in its flow style, of which the reader
knows lines and bounds.
"""

from __future__ import annotations

import re
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Unreadable

LONGEST = 200_000
"""Characters of a configuration; people write no longer one by hand."""

_TOKEN = lazy(
    r""""((?:\\.|[^"\\])*+)"|'((?:\\.|[^'\\])*+)'|(//[^\n]*+)|(/\*(?:[^*]|\*(?!/))*+\*/)|([:,])|([\t\ufeff\xa0])""",
    re.DOTALL,
)
_ESCAPE = lazy(r'\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|.)|"', re.DOTALL)
"""An escape in a text, a pair of surrogates as one; or a quotation mark."""


def load(data: bytes) -> Any:
    """The document of ``data`` as ``Map``, ``Seq`` and scalars.

    Raises:
        Unreadable: it is none, has a key twice, or is longer or deeper than the bounds. It carries the line.
    """
    text = _yaml.decode(data)
    if len(text) > LONGEST:
        raise Unreadable(f"has more than {LONGEST} characters")
    if not text.strip():
        raise Unreadable("is empty where JSON was expected")
    try:
        return _yaml.load(_TOKEN.sub(_plain, text).encode())
    except Unreadable as error:
        raise Unreadable(error.message.replace("valid YAML", "valid JSON with comments"), error.line) from None


def _plain(token: re.Match[str]) -> str:
    double, single, line, block, mark, _ = token.groups()
    text = single if double is None else double
    if text is not None:
        return f'"{_ESCAPE.sub(_escaped, text)}"'
    if line is not None:
        return ""
    if block is not None:
        return re.sub(r"[^\n]", " ", block)
    return f"{mark} " if mark else " "


def _escaped(part: re.Match[str]) -> str:
    if part[0] in ('"', "\\'"):
        return part[0][-1] if part[1] else '\\"'
    pair = part[1] if part[1] and len(part[1]) > 1 else ""
    return chr(0x10000 + ((int(pair[1:5], 16) & 0x3FF) << 10) + (int(pair[7:], 16) & 0x3FF)) if pair else part[0]

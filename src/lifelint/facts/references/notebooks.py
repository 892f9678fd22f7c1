"""The Python of a notebook: its code cells as one program, and the line of the file that each of its lines is on.

Format: nbformat 4; magics as IPython writes them (``%``, ``!``, ``?``), which are no Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._json import load
from lifelint.facts._notebooks import cells
from lifelint.facts._python import Newer, parse
from lifelint.facts._source import Unreadable
from lifelint.facts.references.calls import possible


class Program(NamedTuple):
    """Code, and for each of its lines the line of the notebook's file. Cells that are no Python are left out."""

    code: bytes
    lines: Sequence[int]


_MAGIC = lazy(r"^(\s*)(?:[!%?]|[\w, ]+=\s*[!%]|[\w.]+\?+\s*$).*")
_STILL_PYTHON = ("%%time", "%%capture", "%%timeit", "%%prun")


def program(data: bytes) -> Program:
    """All code cells that are Python.

    Raises:
        Unreadable: not JSON, or a cell needs a newer Python.
    """
    document = load(data)
    text = data.decode("utf-8-sig")
    code: list[str] = []
    lines: list[int] = []
    at = line = 0
    for source in _sources(document):
        places = []
        for written in source:
            place = text.find(json.dumps(written, ensure_ascii=False)[1:-1], at) if written.strip() else -1
            if place >= 0:
                line += text.count("\n", at, place)
                at = place
            places.append(line + 1)
        plain = [_MAGIC.sub(r"\1pass", written.rstrip("\n")) for written in source]
        if _is_python("\n".join(plain), places):
            code += plain
            lines += places
    return Program("\n".join(code).encode("utf-8", "replace"), lines)


def _sources(document: Any) -> Iterator[list[str]]:
    """The lines of each code cell, those of other languages left out."""
    for text in cells(document):
        lines = text.splitlines(keepends=True)
        first = next((line.split()[0] for line in lines if line.strip()), "")
        if lines and (not first.startswith("%%") or first in _STILL_PYTHON):
            yield lines


def _is_python(code: str, places: Sequence[int]) -> bool:
    """Whether a cell is.

    Raises:
        Newer: a newer Python may read what may be a reference in it; with the line of the notebook.
    """
    try:
        parse(code)
    except Newer as error:
        if possible(code.encode("utf-8", "replace")):
            raise Newer(error.message, places[error.line - 1] if 0 < error.line <= len(places) else 0) from None
        return False
    except Unreadable:
        return False
    return True

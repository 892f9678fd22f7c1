"""What a team has written down that a release candidate has to have, and whether it names what can be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts._text import decode
from lifelint.facts.releases.named import looked_up

if TYPE_CHECKING:
    from lifelint.facts.documents.noun import Document

_HEADING = lazy(
    r"releas(?:e|ing)[- ](?:candidates?|checklists?|criteria|requirements?|process|gates?)|releasing|how to release"
    r"|(?:cutting|making|preparing) a release|definition of (?:done|ready)",
    re.IGNORECASE,
)
_ITEM = lazy(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]?\]\s+)?(?P<text>\S.*)")
_TITLE = lazy(r"(?P<level>#{1,6})\s+(?P<text>.*)")
_FENCE = lazy(r"\s*(?:```|~~~)")


class Criterion(NamedTuple):
    """An item of a checklist for releases.

    ``names`` are the files and commands in it that can be looked up here, ``missing`` those of them that are not there.
    An item with neither is prose.
    """

    path: str
    line: int
    text: str
    names: tuple[str, ...]
    missing: tuple[str, ...]


def release_criteria(source: Source, documents: Sequence[Document]) -> Iterator[Criterion]:
    """The items of documents about releases, and of sections about them in CONTRIBUTING, README and runbooks."""
    whole = {document.path for document in documents if document.role == "release"}
    parts = {document.path for document in documents if document.role in ("readme", "runbook", "handoff")}
    parts |= set(source.named("CONTRIBUTING.md")) | {"README.md"}
    for path in sorted(whole | parts):
        items = source.parse(path, _items) if source.is_file(path) and path.endswith((".md", ".markdown")) else None
        for line, text, inside in items or ():
            if inside or path in whole:
                yield _criterion(source, path, line, text)


def _items(data: bytes) -> tuple[tuple[int, str, bool], ...]:
    """The items of lists, and whether a heading about releases stands above each."""
    found: list[tuple[int, list[str], bool]] = []
    within, fenced = 0, False
    for number, line in enumerate(decode(data).split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        title = None if fenced else _TITLE.match(line)
        item = None if fenced else _ITEM.match(line)
        if title:
            level = len(title["level"])
            if within and level <= within:
                within = 0
            if not within and _HEADING.search(title["text"]):
                within = level
        elif item:
            found.append((number, [item["text"].strip()], bool(within)))
        elif found and line.startswith((" ", "\t")) and line.strip() and not fenced:
            found[-1][1].append(line.strip())
    return tuple((at, " ".join(lines), inside) for at, lines, inside in found)


def _criterion(source: Source, path: str, line: int, text: str) -> Criterion:
    names, missing = looked_up(source, path, text)
    return Criterion(path, line, text, names, missing)

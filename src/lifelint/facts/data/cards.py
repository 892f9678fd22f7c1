"""Which documents describe a dataset: told by what they name, where they lie, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.documents.noun import LABEL, Document

if TYPE_CHECKING:
    from lifelint.facts.data.sources import DataSource

_ABOUT_DATA = lazy(
    r"\W*(?:\d+(?:\.\d+)*\W+)?(?:(?:about|the|our|this|training|input|raw|source|project|used)\s+)*"
    r"(?:data[ -]?sets?|data|corpus|corpora)"
    r"(?:\s+(?:description|summary|details|sources?|card|sheet|information|info|overview|dictionary|structure|used|files|download))?\W*",
    re.IGNORECASE,
)
_LINKED = lazy(
    r"\bdata ?sets?\b['\"\w ]{0,30}\(https?://|\(https?://[^\s()]{1,200}\)['\"\w ]{0,30}\bdata ?sets?\b"
    r"|\bdata(?: ?sets?)?\s+(?:comes?|came|is|was|are|were|ha(?:s|ve)\s+been|taken|obtained|downloaded|sourced)\b"
    r"[^(]{0,100}\({1,2}https?://",
    re.IGNORECASE,
)
"""Prose that links to a dataset: *the [Iris](https://…) dataset*, *the data comes from [the register](https://…)*."""

_TOLD = lazy(
    r"\b(?:the|this|our)\s+(?:\w+\s+){0,2}data(?:[ -]?sets?)?\s+(?:(?:is|was|are|were|has\s+been|have\s+been)\s+)?"
    r"(?:collected|gathered|compiled|assembled|obtained|taken|derived|contains?|consists?|comprises?|includes?|holds?)\b",
    re.IGNORECASE,
)
"""Prose that says what a dataset holds or where it came from."""

_ELSEWHERE = lazy(
    r"датасет|набор\w*\s+данных|数据集|資料集|データセット|데이터\s?셋|\bdatens(?:atz|ätze)|\bjeux?\s+de\s+données"
    r"|\bconjuntos?\s+de\s+da(?:t|d)os|\binsiem[ei]\s+di\s+dati",
    re.IGNORECASE,
)
"""A dataset, in languages whose prose and headings are not read here."""


class Card(NamedTuple):
    """A document that describes a dataset: all of it, or the section of a README that starts at ``line``.

    ``formal``: it sets out to be a card, by its name, its front matter or its form, so that it can lack something.
    ``named``: it names the dataset, or ``sources.yaml`` names it as the card.
    """

    document: Document
    line: int
    formal: bool
    named: bool


def cards(
    artifact: str, pointer: str, documents: Sequence[Document], texts: Mapping[str, str], sources: Sequence[DataSource]
) -> list[Card]:
    """The cards of an artifact, the most telling first. ``texts`` are those of the documents, by path."""
    declared = {one.card for one in sources if one.card and covers(one.artifact, artifact)}
    found = [card for one in documents for card in _of(one, artifact, pointer, declared, texts.get(one.path, ""))]
    return sorted(found, key=lambda card: (not card.named, not card.formal, -card.document.path.count("/")))


def _of(one: Document, artifact: str, pointer: str, declared: set[str], text: str) -> Iterator[Card]:
    folder = one.path.rpartition("/")[0]
    near = any(not folder or place.startswith(f"{folder}/") for place in (artifact, pointer))
    named = one.path in declared or pointer == one.path or names(text, artifact)
    formal = one.form == "croissant" or not one.path.lower().rpartition("/")[2].startswith("readme")
    formal = formal or "task_categories" in one.front or "dataset_info" in one.front
    if one.role == "dataset" and one.form == "croissant":
        if named:
            yield Card(one, 0, True, True)
    elif one.path in declared or (one.role == "dataset" and (near or named or _apart(folder))):
        yield Card(one, 0, formal, named)
    elif one.role == "readme" and near:
        about = _section(one, artifact)
        if about:
            yield Card(one, about, False, named)


def _apart(folder: str) -> bool:
    """Whether a folder holds documentation, whose cards may be of any dataset."""
    return folder.lower().rpartition("/")[2] in ("doc", "docs", "documentation", "cards")


def _section(document: Document, artifact: str) -> int:
    """The line of the first section about data or this artifact that says something, or of one whose prose is.

    0 without one.
    """
    filled = [one for one in document.sections if one.filled]
    found = next((one.line for one in filled if _about(one.heading, artifact)), 0)
    prose = (_LINKED, _TOLD, _ELSEWHERE)
    return found or next((one.line for one in filled if any(said.search(one.text) for said in prose)), 0)


def _about(heading: str, artifact: str) -> bool:
    return _ABOUT_DATA.fullmatch(heading) is not None or names(heading, artifact)


def part(card: Card, artifact: str) -> Document:
    """The document with the sections that are about the dataset."""
    if not card.line:
        return card.document
    sections = card.document.sections
    first = next(n for n, one in enumerate(sections) if one.line == card.line)
    level = sections[first].level if _about(sections[first].heading, artifact) else LABEL + 1
    last = next((n for n in range(first + 1, len(sections)) if sections[n].level <= level), len(sections))
    return card.document._replace(front={}, sections=sections[first:last])


def names(text: str, artifact: str) -> bool:
    """Whether a text names an artifact: its path or the last part of it, if that is no common word."""
    last = artifact.rpartition("/")[2]
    telling = artifact if last.lower() in ("data", "raw", "train", "test", "dataset", "images") else last
    if telling not in text:  # a pattern for each of thousands of artifacts takes a thousand times as long
        return False
    return re.search(rf"(?<![\w-]){re.escape(telling)}(?![\w-])", text) is not None


class Within:
    """Documents by where what they describe can lie: a README that nobody names tells of what is below it."""

    def __init__(self, documents: Sequence[Document], sources: Sequence[DataSource]) -> None:
        declared = {one.card for one in sources}
        self._documents = documents
        self._anywhere: list[int] = []
        self._below: dict[str, list[int]] = {}
        for at, one in enumerate(documents):
            bound = one.role == "readme" and one.path not in declared
            (self._below.setdefault(one.path.rpartition("/")[0], []) if bound else self._anywhere).append(at)

    def reach(self, *paths: str) -> list[Document]:
        """Those that can describe something at one of these paths, in their order."""
        found = {*self._anywhere, *self._below.get("", ())}
        for path in paths:
            while path := path.rpartition("/")[0]:
                found.update(self._below.get(path, ()))
        return [self._documents[at] for at in sorted(found)]


def covers(whole: str, path: str) -> bool:
    """Whether ``path`` is ``whole`` or lies in it."""
    return bool(whole) and (path == whole or path.startswith(f"{whole}/"))

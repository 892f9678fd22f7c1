"""The kind ``statements``: what documents say of the topics that control documents have to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts._text import decode
from lifelint.facts.data import places
from lifelint.facts.documents.controls import CONTROLS, LIMITS_IN_PROSE
from lifelint.facts.documents.found import read_document
from lifelint.facts.documents.marks import left_open
from lifelint.facts.documents.noun import Document, Section
from lifelint.facts.documents.topics import answers
from lifelint.facts.facets import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifelint.facts.facets import Facet

_SUFFIXES = (".md", ".markdown", ".rst")
_MANY, _DEEP = 200, 3
"""How many READMEs and pages are read, and how many folders deep pages may lie."""

_PAGE = re.compile(
    r"(?:^|[-_ ])(?:about|overview|introduction|index|scope|purpose|intended|uses?|limitations?|problem|business"
    r"|ethics?|disclaimer|requirements|goals|objectives|motivation|vision|responsible)(?:[-_ ]|$)"
)
"""Names of pages of documentation that may say what something is for."""

_NOT_FOR = re.compile(LIMITS_IN_PROSE)
_ENGLISH = frozenset({"the", "and", "of", "to", "is", "for", "this", "with", "are", "you"})
_OTHERS = frozenset({
    "der", "die", "das", "und", "ist", "mit", "für", "le", "les", "des", "une", "est", "pour", "avec", "el", "los",
    "las", "del", "para", "con", "que", "es", "os", "da", "em", "um", "uma", "não", "il", "di", "che", "per", "het",
    "een", "van", "och", "att", "det", "jest", "nie", "na", "się", "ve", "bir", "için",
})  # fmt: skip
_FEW_WORDS = 20


class Statement(NamedTuple):
    """What a document says of one topic.

    ``about`` is the kind of control document whose topic it is (``scoping``), ``topic`` the topic; one without a topic
    says that a document is in a language of which headings are not known. ``formal``: the document is made for that
    kind, so that it can lack something. ``filled`` is whether anything is written there, ``why`` what is wrong where
    not.
    """

    path: str
    line: int
    about: str
    topic: str
    heading: str
    formal: bool
    filled: bool
    why: str = ""


def statements(source: Source, documents: Sequence[Document], facets: Sequence[Facet]) -> Iterator[Statement]:
    """What cards, READMEs and pages of documentation say of use and limits, each topic of each document once.

    Looked for only where a model is kept or shipped: READMEs beside it and above, and pages of the documentation.
    """
    models = [one.path for one in facets if one.name in MODELS]
    if not models:
        return
    known = {one.path: one for one in documents if one.form != "croissant"}
    others = _pages(source, known, models)
    source.prefetch(others)
    for path in sorted({*known, *others}):
        document = known.get(path) or read_document(source, path, "page")
        if document is not None and document.role in ("scoping", "model", "readme", "page"):
            yield from _said(source, document, "scoping")


def _pages(source: Source, known: Mapping[str, Document], models: Sequence[str]) -> list[str]:
    """READMEs above models, and pages of documentation whose names promise something."""
    above = {"", *(model[:at] for model in models for at in range(len(model)) if model[at] == "/")}

    def wanted(path: str) -> bool:
        folder, _, name = path.rpartition("/")
        stem = name.lower().rpartition(".")[0] or name.lower()
        if stem == "readme":
            return folder in above
        return path.count("/") <= _DEEP and places.is_documentation(path) and bool(_PAGE.search(stem))

    named = source.names(lambda name: name.lower().endswith(_SUFFIXES) or name == "README")
    return sorted((path for path in named if path not in known and wanted(path)), key=_shallow_first)[:_MANY]


def _shallow_first(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _said(source: Source, document: Document, about: str) -> Iterator[Statement]:
    lines = decode(source.bytes(document.path) or b"").split("\n")
    formal = document.role == about
    told = set()
    for answer in answers(document, CONTROLS[about], {}):
        if answer.section is not None:
            told |= {answer.topic} if answer.filled else set()
            yield _stated(document, answer.section, about, answer.topic, lines, formal=formal)
    if about == "scoping":
        yield from _in_passing(document, told, lines)


def _stated(
    document: Document, section: Section, about: str, topic: str, lines: Sequence[str], *, formal: bool
) -> Statement:
    end = next(
        (one.line for one in document.sections if one.line > section.line and 0 < one.level <= 6), len(lines) + 1
    )
    marked = left_open(lines[section.line : end - 1])
    why = f"still holds {marked}" if marked and section.filled else section.why
    return Statement(
        document.path, section.line, about, topic, section.heading, formal, section.filled and not marked, why
    )


def _in_passing(document: Document, told: Iterable[str], lines: Sequence[str]) -> Iterator[Statement]:
    """What a text says without a heading of its own: what it is for, above all headings; what not, anywhere."""
    first = next((one for one in document.sections if one.level <= 1 and one.filled and one.text), None)
    if "use" not in told and first is not None and document.role in ("readme", "page"):
        yield _stated(document, first, "scoping", "use", lines, formal=False)
    if "limits" not in told:
        said = next((one for one in document.sections if _NOT_FOR.search(one.text.casefold())), None)
        if said is not None:
            heading = said.heading
            yield Statement(document.path, said.line, "scoping", "limits", heading, False, True)
    if _foreign(" ".join(one.text for one in document.sections)):
        why = "is in a language of which the headings are not known"
        yield Statement(document.path, 0, "scoping", "", "", False, False, why)


def _foreign(text: str) -> bool:
    """Whether a text is in another language than English, by its letters or by its small words."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(ord(letter) > 0x24F for letter in letters) * 4 > len(letters):
        return True
    words = re.findall(r"\w+", text.lower())
    other = sum(word in _OTHERS for word in words)
    return len(words) >= _FEW_WORDS and other > 2 * sum(word in _ENGLISH for word in words) and other > 5

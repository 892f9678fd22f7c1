"""The kind ``statements``: what documents say of the topics that control documents have to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.documents.controls import CONTROLS, PARTS, Topic
from lifelint.facts.documents.found import is_document, read_document
from lifelint.facts.documents.languages import untold
from lifelint.facts.documents.markdown import text_of
from lifelint.facts.documents.marks import left_open
from lifelint.facts.documents.noun import OPTIONAL, Document, Section, within
from lifelint.facts.documents.topics import answers
from lifelint.facts.facets import MODELS
from lifelint.facts.owners.found import owners_of
from lifelint.facts.releases.named import looked_up

if TYPE_CHECKING:
    from lifelint.facts.facets import Facet
    from lifelint.facts.owners.noun import OwnersLine

_MANY, _DEEP = 200, 3
"""How many READMEs and pages are read, and how many folders deep pages may lie."""

_PAGE = lazy(
    r"(?:^|[-_ ])(?:about|overview|introduction|index|scope|purpose|intended|uses?|limitations?|problem|business"
    r"|ethics?|disclaimer|requirements|goals|objectives|motivation|vision|responsible|operations|deployment"
    r"|retrain(?:ing)?|monitoring|maintenance)(?:[-_ ]|$)"
)
"""Names of pages of documentation that may say what something is for, or how it is kept."""

_GENERAL = ("model", "readme", "page", "scoping")
_NAMING = ("handoff", "runbook")
_PEOPLE = ("contact", "contacts", "owner")
"""Topics that are answered by the owners of the document too."""


class Statement(NamedTuple):
    """What a document says of one topic.

    ``about`` is the kind of control document whose topic it is (``scoping``, ``risks``, ``handoff``, ``runbook``,
    ``refresh``), ``topic`` the topic; one without a topic says that a document is in a form or a language of which
    headings are not known, or is the card of a model from elsewhere. ``formal``: the document is made for that kind, so
    that it can lack something. ``filled`` is whether anything is written there, ``why`` what is wrong where not.
    ``missing`` are the files and commands that a handoff or a runbook names there and that are not here.
    """

    path: str
    line: int
    about: str
    topic: str
    heading: str
    formal: bool
    filled: bool
    why: str = ""
    missing: tuple[str, ...] = ()


def statements(
    source: Source, documents: Sequence[Document], facets: Sequence[Facet], owners: Sequence[OwnersLine]
) -> Iterator[Statement]:
    """What documents say of use, limits, risks, handoff, failures and renewal, each topic of each document once.

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
        if document is not None and document.another:
            yield from _of_nothing(document, document.another)
        elif document is not None and document.role != "dataset":
            lines = text_of(source.bytes(path) or b"").split("\n")
            document = document._replace(sections=tuple(_as_settled(document.sections)))
            for about in CONTROLS:
                for part in _parts(document, about):
                    yield from _said(source, part, about, lines, owners)
            yield from _of_nothing(document, untold(document))


def _pages(source: Source, known: Mapping[str, Document], models: Sequence[str]) -> list[str]:
    """READMEs above models, and pages of documentation whose names promise something."""
    above = {"", *(model[:at] for model in models for at in range(len(model)) if model[at] == "/")}

    def wanted(path: str) -> bool:
        folder, _, name = path.rpartition("/")
        stem = name.lower().rpartition(".")[0] or name.lower()
        if stem == "readme":
            return folder in above
        return path.count("/") <= _DEEP and places.is_documentation(path) and bool(_PAGE.search(stem))

    named = source.names(is_document)
    return sorted((path for path in named if path not in known and wanted(path)), key=_shallow_first)[:_MANY]


def _shallow_first(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _parts(document: Document, about: str) -> Iterator[Document]:
    """What of a document answers the topics: all of it, or the sections that are about that."""
    if document.role == about or (about not in PARTS and document.role in _GENERAL):
        yield document
    elif about in PARTS:
        pattern = re.compile(rf"(?<![a-z])(?:{PARTS[about]})(?![a-z])", re.IGNORECASE)
        end = 0
        for at, section in enumerate(document.sections):
            if at >= end and 0 < section.level <= 6 and pattern.search(section.heading):
                rest = enumerate(document.sections[at + 1 :], at + 1)
                end = next((n for n, one in rest if one.level <= section.level), len(document.sections))
                yield document._replace(sections=document.sections[at:end], title="")


def _said(
    source: Source, document: Document, about: str, lines: Sequence[str], owners: Sequence[OwnersLine]
) -> Iterator[Statement]:
    topics = CONTROLS[about]
    formal = document.role == about
    told = set()
    for answer in answers(document, {name: topic.headings for name, topic in topics.items()}, {}):
        if answer.section is not None:
            told.add(answer.topic)
            made = _stated(document, answer.section, about, answer.topic)
            if formal and about in _NAMING:
                body = _body(document, answer.section, lines)
                made = made._replace(missing=looked_up(source, document.path, "\n".join(body))[1])
            yield made
    if about == "scoping" and "use" not in told and document.role in ("readme", "page"):
        first = next((one for one in document.sections if one.level <= 1 and one.filled and one.text), None)
        if first is not None:
            yield _stated(document, first, about, "use")
    for name, topic in topics.items():
        if name not in told and topic.prose:
            said = next((one for one in document.sections if one.filled and _answers(one.text.casefold(), topic)), None)
            if said is not None:
                told.add(name)
                yield _stated(document, said, about, name)
        if formal and name in _PEOPLE and name not in told and owners_of(owners, document.path):
            who = owners_of(owners, document.path)[0]
            yield Statement(document.path, 0, about, name, f"owner {who}", formal, True)


def _as_settled(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections, of which none is filled that still holds the mark of cards, in its own text or in a part of it.

    What a template calls optional may stay open.
    """
    for at, one in enumerate(sections):
        open_ = [
            each
            for each in ((one, *within(sections, at)) if one.filled else ())
            if each.left and left_open([each.left]) and OPTIONAL not in each.heading.lower()
        ]
        yield one._replace(filled=False, why=f"still holds {open_[0].left}") if open_ else one


def _answers(text: str, topic: Topic) -> bool:
    """Whether a text, in lower case, answers a topic in a sentence."""
    may = not topic.signs or any(map(text.__contains__, topic.signs))
    return may and re.search(topic.prose, text) is not None


def _stated(document: Document, section: Section, about: str, topic: str) -> Statement:
    formal = document.role == about
    return Statement(
        document.path, section.line, about, topic, section.heading, formal, section.filled, section.why
    )  # fmt: skip


def _body(document: Document, section: Section, lines: Sequence[str]) -> Sequence[str]:
    after = (one.line for one in document.sections if one.line > section.line and one.level <= section.level)
    start = section.line if section.level else 0
    return lines[start : next(after, len(lines) + 1) - 1]


def _of_nothing(document: Document, why: str) -> Iterator[Statement]:
    """That it is not known what a document says, for whatever it may be about; nothing without a reason."""
    if why:
        yield from (Statement(document.path, 0, about, "", "", False, False, why) for about in CONTROLS)

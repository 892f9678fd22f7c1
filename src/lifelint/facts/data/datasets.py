"""The kind ``datasets``: the data that pointers stand for, with the documents that describe it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.data.formats import format_of

if TYPE_CHECKING:
    from lifelint.facts.data.cards import Card
    from lifelint.facts.data.cardversions import Verdict
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.sources import DataSource
    from lifelint.facts.documents.noun import Document
    from lifelint.facts.documents.topics import Answer


class Dataset(NamedTuple):
    """Data that a pointer stands for, and what is written about it. What stages make is none: the pipeline tells of it.

    ``artifact`` is its path here, ``root`` the folder of data that it lies in, ``version`` its digest. ``origin`` is
    the repository and commit that it was imported from, where it is described. ``card`` is the document that describes
    it, from ``card_line`` on; ``formal``: that document sets out to be a card, so that it can lack something.
    ``answered`` are the topics of a datasheet that this and other documents answer, ``open`` those that stand there
    with nothing under them, each with its line and why. ``current`` tells whether the card is about this version, and
    ``why`` what was compared.
    """

    path: str
    line: int
    artifact: str
    root: str
    system: str
    version: str
    origin: str = ""
    card: str = ""
    card_line: int = 0
    formal: bool = False
    answered: tuple[str, ...] = ()
    open: tuple[tuple[str, int, str], ...] = ()
    current: bool | None = None
    why: str = ""


def is_dataset(pointer: Pointer) -> bool:
    """Whether a pointer stands for data: not for a picture of the documentation, nor for a fixture of tests.

    An archive may hold a model as well as data; its name or its folder tells.
    """
    path = pointer.artifact
    found = format_of(path)
    vague = found is not None and found.kind in ("media", "archive") and not places.in_data_folder(path)
    told = found is not None and found.kind == "archive" and places.names_data(path)
    return pointer.kind == "data" and (told or not vague) and not places.is_fixture(path)


def datasets(
    source: Source, pointers: Sequence[Pointer], documents: Sequence[Document], data_sources: Sequence[DataSource]
) -> Iterator[Dataset]:
    """Every dataset that a pointer stands for and no stage makes, with the card that describes it."""
    wanted = [one for one in pointers if one.digest and not one.stage and is_dataset(one)]
    about = [one for one in documents if one.role in ("dataset", "readme")] if wanted else []
    texts = {one.path: (source.bytes(one.path) or b"").decode("utf-8", "replace") for one in about}
    described = _described(wanted, about, texts, data_sources)
    verdicts = _verdicts(source, described, texts)
    known: dict[tuple[str, int, int], list[Answer]] = {}
    for number, (pointer, cards) in enumerate(described):
        made = _dataset(pointer, cards, known)
        verdict = verdicts.get(number)
        yield made._replace(current=verdict.current, why=made.why or verdict.why) if verdict else made


def _described(
    pointers: Sequence[Pointer], documents: Sequence[Document], texts: Mapping[str, str], sources: Sequence[DataSource]
) -> list[tuple[Pointer, list[Card]]]:
    if not documents:
        return [(pointer, []) for pointer in pointers]
    from lifelint.facts.data.cards import Within, cards

    within = Within(documents, sources)
    found = []
    for one in pointers:
        near = [] if _origin(one) else within.reach(one.artifact, one.path)
        found.append((one, cards(one.artifact, one.path, near, texts, sources)))
    return found


def _origin(pointer: Pointer) -> str:
    return f"{pointer.url}@{pointer.rev_lock[:12]}" if pointer.url and pointer.rev_lock else ""


def _verdicts(
    source: Source, described: Sequence[tuple[Pointer, list[Card]]], texts: Mapping[str, str]
) -> Mapping[int, Verdict]:
    """Whether the first card of a dataset is about its version, by the dataset's number."""
    firsts = [(number, pointer, cards[0]) for number, (pointer, cards) in enumerate(described) if cards]
    if not firsts:
        return {}
    from lifelint.facts.data.cardversions import about

    verdicts = about(source, [(pointer, card) for _, pointer, card in firsts], texts)
    return {number: verdict for (number, _, _), verdict in zip(firsts, verdicts, strict=True)}


def _dataset(pointer: Pointer, cards: Sequence[Card], known: dict[tuple[str, int, int], list[Answer]]) -> Dataset:
    """What is written of a dataset. ``known`` keeps what parts of documents answer: many datasets share them."""
    root = places.data_root(pointer.artifact)
    made = Dataset(pointer.path, pointer.line, pointer.artifact, root, pointer.system, pointer.digest, _origin(pointer))
    if not cards:
        return made
    first = cards[0]
    given = [answer for card in cards for answer in _answers(card, pointer.artifact, known)]
    answered = dict.fromkeys(answer.topic for answer in given if answer.filled)
    empty = {
        a.topic: (a.topic, a.section.line, a.section.why)
        for a in _answers(first, pointer.artifact, known)
        if a.section and not a.filled
    }
    return made._replace(
        card=first.document.path,
        card_line=first.line,
        formal=(first.formal or len(answered) >= _MANY) and not first.document.why,
        answered=tuple(answered),
        open=tuple(gap for topic, gap in empty.items() if topic not in answered),
        why=first.document.why,
    )


def _answers(card: Card, artifact: str, known: dict[tuple[str, int, int], list[Answer]]) -> list[Answer]:
    from lifelint.facts.data.cards import part
    from lifelint.facts.documents.topics import answers

    document = part(card, artifact)
    key = document.path, card.line, len(document.sections)
    if key not in known:
        known[key] = answers(document)
    return known[key]


_MANY = 4
"""A document with the headings of this many topics is a datasheet, whatever it is called."""

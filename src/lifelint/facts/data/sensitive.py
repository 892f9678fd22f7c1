"""The kind ``sensitive_data``: data that people flagged as personal or sensitive, and where it can be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.data.flags import Flag, columns_of, of_document

if TYPE_CHECKING:
    from lifelint.facts.data.cards import Card
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.rawfiles import Blob
    from lifelint.facts.data.sources import DataSource
    from lifelint.facts.documents.noun import Document


class Exposure(NamedTuple):
    """One place where flagged data lies or is shown.

    ``how``: ``git`` (the content is in git), ``store`` (behind a pointer), ``output`` (a table in a notebook's output).
    ``open`` tells whether people can read it who need not; ``None`` where that cannot be told. ``why`` says more.
    """

    path: str
    line: int
    how: str
    subject: str
    open: bool | None
    why: str


class SensitiveData(NamedTuple):
    """Data that a card, Croissant metadata or ``sources.yaml`` flags as personal or sensitive, with ``said``.

    ``path`` and ``line`` are those of the flag. ``columns`` are those that the same document lists.
    """

    path: str
    line: int
    said: str
    columns: tuple[str, ...]
    exposures: tuple[Exposure, ...]


class _Flagged(NamedTuple):
    """A flag, where it stands, and the path that ``sources.yaml`` gives with it; without one its card tells."""

    path: str
    flag: Flag
    artifact: str
    columns: tuple[str, ...]
    private: tuple[str, ...]


def sensitive_data(
    source: Source,
    documents: Sequence[Document],
    data_sources: Sequence[DataSource],
    pointers: Sequence[Pointer],
    blobs: Sequence[Blob],
) -> Iterator[SensitiveData]:
    """All data that somebody flagged as personal or sensitive, with where its content lies and where it is shown."""
    flagged = [*_by_cards(documents), *_by_sources(data_sources)]
    if not flagged:
        return
    from lifelint.facts.data.exposed import in_git, in_outputs, in_stores

    written = {one.path for one in documents}
    blobs = [blob for blob in blobs if blob.path not in written]
    cards = _cards(source, documents, data_sources, pointers, blobs)
    for one in flagged:
        mine = {place for place, card in cards.items() if _is_of(one, place, card)}
        held = [
            *in_git([blob for blob in blobs if blob.path in mine]),
            *in_stores([pointer for pointer in pointers if pointer.artifact in mine and not pointer.stage]),
        ]
        exposures = [
            *(seen if one.artifact else _as_sure(seen, cards[seen.subject]) for seen in held),
            *in_outputs(source, one.columns, one.private),
        ]
        yield SensitiveData(one.path, one.flag.line, one.flag.said, one.columns, tuple(exposures))


def _by_cards(documents: Sequence[Document]) -> Iterator[_Flagged]:
    for document in documents:
        flag = of_document(document) if document.role == "dataset" else None
        if flag is not None:
            yield _Flagged(document.path, flag, "", columns_of(document), ())


def _by_sources(data_sources: Sequence[DataSource]) -> Iterator[_Flagged]:
    for entry in data_sources:
        if entry.sensitive:
            flag = Flag(entry.sensitive, entry.line)
            yield _Flagged(entry.path, flag, entry.artifact, entry.columns, entry.private)


def _as_sure(seen: Exposure, card: Card | None) -> Exposure:
    """An exposure, left open where the flagged card may be about something else.

    It is about what it names, what lies below its folder, and, being the README of it all, about everything.
    """
    folder, _, name = card.document.path.rpartition("/") if card else ("", "", "")
    below = seen.subject.startswith(f"{folder}/") if folder else name.lower().startswith("readme")
    if not seen.open or card is None or card.named or below:
        return seen
    return seen._replace(open=None, why=f"{seen.why}, if {card.document.path} is about it, which it does not say")


def _cards(
    source: Source,
    documents: Sequence[Document],
    data_sources: Sequence[DataSource],
    pointers: Sequence[Pointer],
    blobs: Sequence[Blob],
) -> Mapping[str, Card | None]:
    """Each artifact behind a pointer and each file of data in git → the card that describes it, if any does."""
    from lifelint.facts.data.cards import cards

    about = [one for one in documents if one.role == "dataset"]
    texts = {one.path: (source.bytes(one.path) or b"").decode("utf-8", "replace") for one in about}
    places = {pointer.artifact: pointer.path for pointer in pointers} | {blob.path: blob.path for blob in blobs}
    return {
        artifact: next(iter(cards(artifact, path, about, texts, data_sources)), None)
        for artifact, path in places.items()
    }


def _is_of(flagged: _Flagged, place: str, card: Card | None) -> bool:
    from lifelint.facts.data.cards import covers

    if flagged.artifact:
        return covers(flagged.artifact, place)
    return card is not None and card.document.path == flagged.path

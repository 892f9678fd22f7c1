"""Whether somebody who did not make a dataset can learn from the repository what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.facts.documents.languages import first_untold
from lifelint.facts.proof import short
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.datasets import Dataset
    from lifelint.facts.data.sources import DataSource
    from lifelint.facts.documents.noun import Document
    from lifelint.facts.references.noun import Reference

TOPICS = ("motivation", "composition", "collection", "preprocessing", "uses", "distribution", "maintenance")
_SOURCED = {"collection", "distribution", "maintenance"}
"""What a card tells of that an entry of ``sources.yaml`` is asked for."""

_HUBS = {"huggingface": "Hugging Face", "kaggle": "Kaggle", "openml": "OpenML"}


def documented(
    datasets: Sequence[Dataset],
    references: Sequence[Reference],
    documents: Sequence[Document],
    *,
    sections: Sequence[str] = TOPICS,
) -> Iterator[Observation]:
    """Every dataset behind a pointer has a card with these sections filled, and the card is about its version.

    What was imported from another repository is described there, and what is read from a hub at a fixed version on its
    page. ``sections`` are the topics of a datasheet.
    """
    bare: dict[str, list[Dataset]] = {}
    carded: dict[str, list[Dataset]] = {}
    for one in datasets:
        if not one.origin:
            (carded if one.card else bare).setdefault(one.card or one.root or one.artifact, []).append(one)
    untold = _untold(documents) if bare else ("", "")
    for many in folded(bare.items(), lambda item: item[0]):
        group = [one for _, found in many.items for one in found]
        detail = f"no card, datasheet or section of a README describes {_some(group)}"
        yield _undescribed(many.subject, detail, group[0], untold)
    for group in carded.values():
        yield from _described(group, sections, [each for each in documents if each.path == group[0].card])
    imported = [one for one in datasets if one.origin]
    for same in folded(imported, lambda one: one.artifact, "imported:"):
        first = same.items[0]
        detail = f"{_some(same.items)} is described where it was imported from: {first.origin}"
        yield Observation(True, f"imported:{same.subject.removeprefix('imported:')}", detail, first.path, first.line)
    yield from _at_hubs(references)


def _untold(documents: Sequence[Document]) -> tuple[str, str]:
    return first_untold(one for one in documents if one.role in ("dataset", "readme"))


def _undescribed(subject: str, detail: str, one: Dataset, untold: tuple[str, str]) -> Observation:
    """That nothing tells of a dataset, which is unknown where what a document says is not known."""
    path, why = untold
    if not path:
        return Observation(False, subject, detail, one.path, one.line)
    return Observation(None, subject, f"{detail}, but {path} {why}", one.path, one.line)


def _some(group: Sequence[Dataset]) -> str:
    first = f"{group[0].artifact} ({short(group[0].version)})"
    return f"{first} and {len(group) - 1} more" if len(group) > 1 else first


def _described(
    group: Sequence[Dataset], sections: Sequence[str], documents: Sequence[Document]
) -> Iterator[Observation]:
    """What is to say of one card: that it lacks sections, that it is about another version, or that all is well.

    What sets out to be no card is told of its sections alone.
    """
    first = group[0]
    lacking = [one for one in group if not set(sections) <= set(one.answered)]
    stale = [one for one in group if one.current is False]
    untold = [one for one in group if one.current is None]
    if lacking:
        yield _lacking(lacking[0], sections, documents)
    if lacking and not first.formal:
        return
    if stale:
        more = f" (and {len(stale) - 1} more)" if len(stale) > 1 else ""
        yield Observation(False, f"{first.card}:version", f"{stale[0].why}{more}", first.card)
    elif untold and not lacking:
        yield Observation(None, f"{first.card}:version", untold[0].why, first.card)
    elif not lacking:
        yield Observation(True, first.card, f"{first.card} describes {_some(group)}; {first.why}", first.card)


def _lacking(one: Dataset, sections: Sequence[str], documents: Sequence[Document]) -> Observation:
    lines = {topic: (line, why) for topic, line, why in one.open}
    missing = [topic for topic in sections if topic not in one.answered]
    told = [f"{topic} (line {lines[topic][0]}: {lines[topic][1]})" if topic in lines else topic for topic in missing]
    line = next((lines[topic][0] for topic in missing if topic in lines), one.card_line)
    if one.formal:
        detail = f"{one.card}, the card of {one.artifact}, says nothing of: {', '.join(told)}"
        _, why = first_untold(documents)
        if why:
            return Observation(None, one.card, f"{detail}; it {why}", one.card, line)
        return Observation(False, one.card, detail, one.card, line)
    detail = f"{one.card} describes {one.artifact}, and has no headings by which to find: {', '.join(told)}"
    return Observation(None, one.card, detail, one.card, line)


def _at_hubs(references: Sequence[Reference]) -> Iterator[Observation]:
    seen: dict[str, Observation] = {}
    for one in references:
        hub = _HUBS.get(one.system, "")
        if hub and one.kind == "data" and one.strength in ("content", "fixed") and not one.fixture:
            subject = f"{one.system}:{one.name}"
            detail = f"{one.name} is described on its page at {hub}, and read at {one.version}"
            seen.setdefault(subject, Observation(True, subject, detail, one.path, one.line))
    yield from seen.values()


def sourced(
    datasets: Sequence[Dataset], data_sources: Sequence[DataSource], documents: Sequence[Document]
) -> Iterator[Observation]:
    """Every dataset behind a pointer has an entry in ``sources.yaml``, and each entry says all that is to be known.

    What was imported names its source, and a card that tells of collection, distribution and maintenance is as good.
    """
    seen: dict[str, int] = {}
    for entry in data_sources if datasets else ():
        missing = [word for word, value in _asked(entry).items() if not value]
        name = entry.name or entry.artifact or "entry"
        seen[name] = seen.get(name, 0) + 1
        subject = f"{entry.path}:{name}" if seen[name] == 1 else f"{entry.path}:{name}#{seen[name]}"
        detail = f"{name} has no {' and no '.join(missing)}" if missing else f"{name} is from {entry.origin}"
        yield Observation(not missing, subject, detail, entry.path, entry.line)
    listed = {entry.artifact for entry in data_sources if entry.artifact}
    above = {part for path in listed for part in _above(path)}
    bare: dict[str, list[Dataset]] = {}
    for one in datasets:
        subject = f"{one.path}:{one.artifact}"
        lacking = sorted(_SOURCED - set(one.answered))
        if one.origin or not lacking:
            told = f"imported from {one.origin}" if one.origin else f"described by {one.card}"
            yield Observation(True, subject, f"{one.artifact} is {told}", one.path, one.line)
        elif one.artifact in above or not listed.isdisjoint([one.artifact, *_above(one.artifact)]):
            continue
        elif one.card and (not one.formal or "collection" in one.answered):
            detail = f"{one.card} describes {one.artifact}, and has no headings by which to find: {', '.join(lacking)}"
            yield Observation(None, subject, detail, one.card, one.card_line)
        else:
            bare.setdefault(one.root or one.artifact, []).append(one)
    untold = _untold(documents) if bare else ("", "")
    for many in folded(bare.items(), lambda item: item[0]):
        group = [one for _, found in many.items for one in found]
        detail = f"no sources.yaml and no card tells where {_some(group)} comes from"
        yield _undescribed(many.subject, detail, group[0], untold)


def _asked(entry: DataSource) -> Mapping[str, str]:
    return {"origin": entry.origin, "owner": entry.owner, "licence": entry.licence, "refresh": entry.cadence}


def _above(path: str) -> Iterator[str]:
    """The folders that hold a path."""
    while path := path.rpartition("/")[0]:
        yield path

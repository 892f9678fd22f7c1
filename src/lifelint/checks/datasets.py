"""Whether somebody who did not make a dataset can learn from the repository what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.facts.proof import short
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.datasets import Dataset
    from lifelint.facts.references.noun import Reference

TOPICS = ("motivation", "composition", "collection", "preprocessing", "uses", "distribution", "maintenance")
_HUBS = {"huggingface": "Hugging Face", "kaggle": "Kaggle", "openml": "OpenML"}


def documented(
    datasets: Sequence[Dataset], references: Sequence[Reference], *, sections: Sequence[str] = TOPICS
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
    for many in folded(bare.items(), lambda item: item[0]):
        group = [one for _, found in many.items for one in found]
        detail = f"no card, datasheet or section of a README describes {_some(group)}"
        yield Observation(False, many.subject, detail, group[0].path, group[0].line)
    for group in carded.values():
        yield from _described(group, sections)
    imported = [one for one in datasets if one.origin]
    for same in folded(imported, lambda one: one.artifact, "imported:"):
        first = same.items[0]
        detail = f"{_some(same.items)} is described where it was imported from: {first.origin}"
        yield Observation(True, f"imported:{same.subject.removeprefix('imported:')}", detail, first.path, first.line)
    yield from _at_hubs(references)


def _some(group: Sequence[Dataset]) -> str:
    first = f"{group[0].artifact} ({short(group[0].version)})"
    return f"{first} and {len(group) - 1} more" if len(group) > 1 else first


def _described(group: Sequence[Dataset], sections: Sequence[str]) -> Iterator[Observation]:
    """What is to say of one card: that it lacks sections, that it is about another version, or that all is well.

    What sets out to be no card is told of its sections alone.
    """
    first = group[0]
    lacking = [one for one in group if not set(sections) <= set(one.answered)]
    stale = [one for one in group if one.current is False]
    untold = [one for one in group if one.current is None]
    if lacking:
        yield _lacking(lacking[0], sections)
    if lacking and not first.formal:
        return
    if stale:
        more = f" (and {len(stale) - 1} more)" if len(stale) > 1 else ""
        yield Observation(False, f"{first.card}:version", f"{stale[0].why}{more}", first.card)
    elif untold and not lacking:
        yield Observation(None, f"{first.card}:version", untold[0].why, first.card)
    elif not lacking:
        yield Observation(True, first.card, f"{first.card} describes {_some(group)}; {first.why}", first.card)


def _lacking(one: Dataset, sections: Sequence[str]) -> Observation:
    lines = {topic: (line, why) for topic, line, why in one.open}
    missing = [topic for topic in sections if topic not in one.answered]
    told = [f"{topic} (line {lines[topic][0]}: {lines[topic][1]})" if topic in lines else topic for topic in missing]
    line = next((lines[topic][0] for topic in missing if topic in lines), one.card_line)
    if one.formal:
        detail = f"{one.card}, the card of {one.artifact}, says nothing of: {', '.join(told)}"
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

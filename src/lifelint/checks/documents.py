"""Whether what a team has to agree on is written down, in a document of its own or wherever else people write it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts.facets import MODELS
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.documents.statements import Statement
    from lifelint.facts.facets import Facet


def stated(
    statements: Sequence[Statement], facets: Sequence[Facet], *, about: str = "scoping", topics: Sequence[str] = ()
) -> Iterator[Observation]:
    """Each topic is answered somewhere, by a section that is filled.

    Asked only of projects that keep or ship a model and are no library. What is written in another language may answer
    it: then it is unknown.
    """
    if not owns_a_model(facets):
        return
    told = sorted(
        (one for one in statements if one.about == about), key=lambda one: (not one.formal, one.path, one.line)
    )
    answered = {one.topic: one for one in reversed(told) if one.filled}
    missing = [topic for topic in topics if topic not in answered]
    if missing:
        yield _lacking(about, told, missing)
        return
    first = answered[topics[0]]
    places = ", ".join(dict.fromkeys(f"{one.path}:{one.line}" for one in map(answered.__getitem__, topics)))
    yield Observation(True, about, f"{' and '.join(topics)} are told at {places}", first.path, first.line)


def _lacking(about: str, told: Sequence[Statement], missing: Sequence[str]) -> Observation:
    """What is to be said of topics that no filled section answers: where a heading stands, that it is empty."""
    begun = {one.topic: one for one in reversed(told) if one.topic in missing}
    foreign = next((one for one in told if not one.topic), None)
    listed = ", ".join(_open(topic, begun.get(topic)) for topic in missing)
    if foreign is not None and not begun:
        return Observation(None, about, f"nothing says {listed}, but {foreign.path} {foreign.why}", foreign.path)
    place = min(begun.values(), key=_made_for_it_first, default=None)
    formal = place if place is not None and place.formal else next((one for one in told if one.formal), None)
    if formal is not None:
        line = formal.line if formal is place else 0
        return Observation(False, about, f"{formal.path} says nothing of {listed}", formal.path, line)
    where = (place.path, place.line) if place is not None else ("", 0)
    return Observation(False, about, f"nothing is written of {listed}", *where)


def _made_for_it_first(one: Statement) -> tuple[bool, str, int]:
    return not one.formal, one.path, one.line


def _open(topic: str, begun: Statement | None) -> str:
    return f'{topic} ({begun.path}:{begun.line}: "{begun.heading}" {begun.why})' if begun else topic


def owns_a_model(facets: Sequence[Facet]) -> bool:
    """Whether a model is kept or shipped here, and not a library for others to make models with."""
    names = {one.name for one in facets}
    return not names.isdisjoint(MODELS) and "library" not in names

"""Whether what a team has to agree on is written down, in a document of its own or wherever else people write it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from lifelint.checks import models
from lifelint.facts.documents.marks import left_open
from lifelint.facts.documents.noun import LABEL, OPTIONAL, within
from lifelint.facts.documents.topics import answers
from lifelint.facts.facets import MODELS
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.datasets import Dataset
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.decisions import Decision
    from lifelint.facts.documents.noun import Document, Section
    from lifelint.facts.documents.risks import Risk
    from lifelint.facts.documents.statements import Statement
    from lifelint.facts.facets import Facet
    from lifelint.facts.releases.deployed import Deployed
    from lifelint.facts.releases.document import Release
    from lifelint.facts.releases.procedure import Procedure


def stated(
    statements: Sequence[Statement],
    facets: Sequence[Facet],
    releases: Sequence[Release],
    deployments: Sequence[Deployed],
    *,
    about: str = "scoping",
    topics: Sequence[str] = (),
    of: Sequence[str] = MODELS,
) -> Iterator[Observation]:
    """Each topic is answered somewhere, by a section that is filled, and what a handoff or a runbook names is there.

    Asked only of projects that have what ``of`` names (facets, ``release``, ``deployment``) and are no library. What is
    written in another language may answer it: then it is unknown.
    """
    if not has(facets, releases, deployments, of):
        return
    told = sorted(
        (one for one in statements if one.about == about), key=lambda one: (not one.formal, one.path, one.line)
    )
    answered = {one.topic: one for one in reversed(told) if one.filled}
    missing = [topic for topic in topics if topic not in answered]
    gone = {name: one for one in reversed(told) if one.formal for name in one.missing}
    for name, one in gone.items():
        yield Observation(
            False, f"{about}:{name}", f"{one.path} names {name}, which is not there", one.path, one.line
        )  # fmt: skip
    if missing:
        yield _lacking(about, told, missing)
    if missing or gone:
        return
    first = answered[topics[0]]
    places = ", ".join(dict.fromkeys(f"{one.path}:{one.line}" for one in map(answered.__getitem__, topics)))
    yield Observation(True, about, f"{' and '.join(topics)} are told at {places}", first.path, first.line)


def has(
    facets: Sequence[Facet], releases: Sequence[Release], deployments: Sequence[Deployed], of: Sequence[str]
) -> bool:
    """Whether a project that is no library has something of what ``of`` names (facets, ``release``, ``deployment``)."""
    there = {one.name for one in facets} | ({"release"} if releases else set())
    there |= {"deployment"} if deployments else set()
    return "library" not in there and not there.isdisjoint(of)


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
    said = _WORDS.get(topic, topic)
    return f'{said} ({begun.path}:{begun.line}: "{begun.heading}" {begun.why})' if begun else said


_WORDS = {"use": "what the model is for", "limits": "what it is not for"}


def owns_a_model(facets: Sequence[Facet]) -> bool:
    """Whether a model is kept or shipped here, and not a library for others to make models with."""
    names = {one.name for one in facets}
    return not names.isdisjoint(MODELS) and "library" not in names


def risks_recorded(
    risks: Sequence[Risk], statements: Sequence[Statement], facets: Sequence[Facet]
) -> Iterator[Observation]:
    """Risks are entries of a register, and each that is open has an owner and says what is done about it.

    What is only told in a section of a document may be as good: whether somebody looks after it is unknown.
    """
    if not owns_a_model(facets):
        return
    seen: dict[str, int] = {}
    for one in risks:
        name = f"{one.path}:{one.name or one.risk[:40] or 'entry'}"
        seen[name] = seen.get(name, 0) + 1
        subject = name if seen[name] == 1 else f"{name}#{seen[name]}"
        wanted = ("risk",) if one.closed else ("risk", "owner", "mitigation")
        missing = [field for field in wanted if not getattr(one, field)]
        told = f"{one.name or 'the entry'} ({one.risk[:80]})" if one.risk else one.name or "an entry"
        detail = f"{told} has no {' and no '.join(missing)}" if missing else f"{told} is looked after by {one.owner}"
        yield Observation(not missing, subject, detail, one.path, one.line)
    if not risks:
        told_of = [one for one in statements if one.about == "risks"]
        filled = next((one for one in told_of if one.filled or not one.topic), None)
        if filled is not None and filled.topic:
            detail = f'{filled.path} tells of risks under "{filled.heading}"; who looks after each, no register tells'
            yield Observation(None, "risks", detail, filled.path, filled.line)
        elif filled is not None:
            yield Observation(None, "risks", f"no register of risks, but {filled.path} {filled.why}", filled.path)
        else:
            yield Observation(False, "risks", "no risk is recorded")


# What templates left ------------------------------------------------------------------------------------------------

_MOST = 5
"""Sections of a document that are named."""

_UNDECIDED = ("", "draft", "proposed")
_UNREAD = ("croissant", "other")
"""Forms in which no template is looked for."""


def filled(
    documents: Sequence[Document],
    decisions: Sequence[Decision],
    statements: Sequence[Statement],
    rollback_procedures: Sequence[Procedure],
    pointers: Sequence[Pointer],
    datasets: Sequence[Dataset],
    facets: Sequence[Facet],
) -> Iterator[Observation]:
    """No document that is made to control something still has what a template left, and no heading is empty.

    A document of which another rule tells that it lacks an answer is left to that rule, and so is a section about
    rollback.
    """
    made = [one for one in documents if one.role != "readme" and one.form not in _UNREAD and not one.another]
    told = _told_elsewhere(documents, statements, pointers, datasets, facets) if made else ()
    rollbacks = {(one.path, one.line) for one in rollback_procedures if not one.filled}
    for one in made:
        if one.path in told:
            continue
        if one.why:
            yield Observation(None, one.path, f"{one.path}: {one.why}", one.path)
            continue
        left = [each for each in _left(one) if (one.path, each.line) not in rollbacks]
        if left:
            named = ", ".join(f'"{each.heading}" (line {each.line}: {each.left or "empty"})' for each in left[:_MOST])
            more = f" and {len(left) - _MOST} more" if len(left) > _MOST else ""
            detail = f"{one.path} has what nobody filled in: {named}{more}"
            yield Observation(False, one.path, detail, one.path, left[0].line)
        elif one.sections:
            yield Observation(True, one.path, f"{one.path} holds nothing that a template left", one.path)
    for decision in decisions:
        mark = "" if decision.status in _UNDECIDED else left_open([decision.text])
        if mark:
            detail = f"{decision.path} is {decision.status}, and still holds {mark}"
            yield Observation(False, decision.path, detail, decision.path, decision.line)


def _told_elsewhere(
    documents: Sequence[Document],
    statements: Sequence[Statement],
    pointers: Sequence[Pointer],
    datasets: Sequence[Dataset],
    facets: Sequence[Facet],
) -> set[str]:
    """Documents of which the rules about cards and control documents tell that an answer is missing."""
    there = {facet.name for facet in facets}
    cards = {one.card for one in datasets}
    lacking = {one.path for one in models.documented(documents, pointers) if one.ok is False}
    lacking |= {one.path for one in documents if one.path in cards and not all(each.filled for each in answers(one))}
    answered = {(one.about, one.topic) for one in statements if one.filled}
    asked = [one for one in statements if one.about != "runbook" or "ships_model" in there]
    return lacking | {
        one.path for one in asked if one.topic and not one.filled and (one.about, one.topic) not in answered
    }


def _left(document: Document) -> Iterator[Section]:
    """The sections that hold what a template left, or nothing. What a template calls optional is nobody's duty."""
    sections = document.sections
    spared: set[int] = set()
    for at, one in enumerate(sections):
        if OPTIONAL in one.heading.lower():
            spared.update(range(at, at + 1 + len(within(sections, at))))
        if at in spared or not one.level:
            continue
        if one.level >= LABEL:
            if one.left and one.left[0] not in _HOLES:
                yield one
        elif one.left or (document.form == "markdown" and at and _is_empty(one, sections[at + 1 :])):
            yield one


_HOLES = "<._\u2026"
"""What people write beside a label for something that has no value: ``<name>``, ``...``."""


def _is_empty(one: Section, following: Sequence[Section]) -> bool:
    """Whether nothing stands below a heading but labels without a value. What a title follows, that may fill it."""
    labels = list(takewhile(lambda each: each.level >= LABEL, following))
    after = following[len(labels)].level if len(labels) < len(following) else one.level
    filled_by_title = after == 1 and one.level > 1
    return one.bare and all(each.bare for each in labels) and after <= one.level and not filled_by_title

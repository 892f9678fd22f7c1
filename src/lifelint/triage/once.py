"""One accident, one problem: what a rule about a change tells is not told again by a rule about a state."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint.triage.problem import Problem

Holder = tuple[str, str]


def told_once(new: Sequence[Problem]) -> list[Problem]:
    """The new problems, those left out that a rule about the change tells instead: they are its ``also``.

    Two are one accident if they are of one project and about one thing (or a part of it) or at one place. What is
    behind is behind as a whole: of ``stage:evaluate``, told for ``model.pkl``, its other inputs are not told again.
    """
    leads = [problem for problem in new if problem.rule.instead_of]
    held = {id(lead): {_holder(other) for other in new if _tells(lead, other)} - {None} for lead in leads}

    def above(lead: Problem, other: Problem) -> bool:
        if lead is other or not _covers(lead, other):
            return False
        holders = held[id(other)] if other.rule.instead_of else {_holder(other)}
        return _alike(lead, other) or bool(held[id(lead)] & holders)

    leading = [one for one in leads if not any(above(other, one) for other in leads)]
    chosen = [None if one in leading else next((lead for lead in leading if above(lead, one)), None) for one in new]
    kept = []
    for problem, lead in zip(new, chosen, strict=True):
        if lead is None:
            also = [one for one, by in zip(new, chosen, strict=True) if by is problem]
            kept.append(problem._replace(also=also) if also else problem)
    return kept


def _holder(problem: Problem) -> Holder | None:
    """Of ``stage:evaluate:model.pkl`` the stage, as a rule speaks of it."""
    holder = problem.observation.subject.rpartition(":")[0]
    return (problem.rule.id, holder) if holder else None


def _tells(lead: Problem, other: Problem) -> bool:
    return lead is not other and not other.rule.instead_of and _covers(lead, other) and _alike(lead, other)


def _covers(lead: Problem, other: Problem) -> bool:
    return other.rule.id in lead.rule.instead_of and other.project == lead.project


def _alike(lead: Problem, other: Problem) -> bool:
    """Whether the two are about one thing, or at one place."""
    mine, its = lead.observation, other.observation
    if its.subject == mine.subject or its.subject.startswith(f"{mine.subject}:"):
        return True
    if its.subject.endswith(f":{mine.subject}"):
        return True
    return mine.line > 0 and (mine.path, mine.line) == (its.path, its.line)

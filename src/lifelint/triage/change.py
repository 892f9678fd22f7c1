"""A change: two states judged by the same rules, compared by rule, project and subject. Lines may move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from lifelint.model import Finding, Observation, Outcome, Rule
from lifelint.triage.versions import Versions


class _Judged(Protocol):
    """A project's findings, and the level it aims for."""

    @property
    def root(self) -> str: ...
    @property
    def target(self) -> int: ...
    @property
    def findings(self) -> Sequence[Finding]: ...


class Problem(NamedTuple):
    """A bad observation of a failed rule at or below the target level, waived ones left out.

    ``also`` are problems of rules about a state that it is told instead of.
    """

    rule: Rule
    project: str
    observation: Observation
    also: Sequence[Problem] = ()


class Altered(NamedTuple):
    """Something whose version differs. ``before`` or ``after`` is empty where there was or is none."""

    kind: str
    name: str
    before: str
    after: str


class Change(NamedTuple):
    """What came between the commits ``base`` and ``head`` (``""``: not committed).

    ``new`` are problems that the base does not have, ``fixed`` those that it had; ``unchanged`` counts the rest.
    ``levels`` maps each project of both states to its level before and after. ``configuration`` tells that the head's
    configuration differs from the base's, by which both were judged. ``evaluations`` counts the outputs of evaluating
    stages that are the same as before.
    """

    base: str
    head: str
    new: Sequence[Problem]
    fixed: Sequence[Problem]
    unchanged: int
    levels: Mapping[str, tuple[int | None, int | None]]
    altered: Sequence[Altered]
    evaluations: int
    configuration: bool = False

    @property
    def not_evaluated(self) -> bool:
        """Whether a model has another version and all that was evaluated is from before."""
        kinds = {one.kind for one in self.altered}
        return "model" in kinds and "evaluation" not in kinds and self.evaluations > 0


def problems(projects: Iterable[_Judged]) -> dict[tuple[str, str, str], Problem]:
    """The problems of a state by rule, project and subject."""
    return {
        (finding.rule.id, project.root, seen.subject): Problem(finding.rule, project.root, seen)
        for project in projects
        for finding in project.findings
        if finding.outcome is Outcome.FAIL and finding.rule.level <= project.target
        for seen in finding.observations
        if seen.ok is False and not seen.waived
    }


def told_once(new: Sequence[Problem]) -> list[Problem]:
    """The new problems, those left out that a rule about the change tells instead: they are its ``also``."""
    every = [problem for problem in new if problem.rule.instead_of]
    leading = [one for one in every if not any(_tells(other, one) for other in every)]
    led: dict[int, Problem] = {}
    holders: dict[tuple[str, str, str], Problem] = {}
    for number, problem in enumerate(new):
        lead = next((one for one in leading if _tells(one, problem)), None)
        if lead is not None:
            led[number] = lead
            holders.setdefault((problem.rule.id, problem.project, _holder(problem, lead)), lead)
    for number, problem in enumerate(new):
        holder = problem.observation.subject
        while ":" in holder and number not in led and problem not in leading:
            holder = holder.rpartition(":")[0]
            if (problem.rule.id, problem.project, holder) in holders:
                led[number] = holders[problem.rule.id, problem.project, holder]
    kept = []
    for number, problem in enumerate(new):
        if number not in led:
            also = [new[n] for n in sorted(led) if led[n] is problem]
            kept.append(problem._replace(also=also) if also else problem)
    return kept


def _holder(problem: Problem, lead: Problem) -> str:
    """Of ``stage:evaluate:model.pkl``, told by what is about ``model.pkl``, the stage: it is behind as a whole."""
    subject, end = problem.observation.subject, f":{lead.observation.subject}"
    return subject.removesuffix(end) if subject.endswith(end) else "\0"


def _tells(lead: Problem, other: Problem) -> bool:
    """Whether the two are one accident: of one project, about one thing (or a part of it), or at one place."""
    if lead is other or other.rule.id not in lead.rule.instead_of or other.project != lead.project:
        return False
    mine, its = lead.observation, other.observation
    if its.subject == mine.subject or its.subject.startswith(f"{mine.subject}:"):
        return True
    if its.subject.endswith(f":{mine.subject}"):
        return True
    return mine.line > 0 and (mine.path, mine.line) == (its.path, its.line)


def altered(before: Versions, after: Versions) -> list[Altered]:
    """What has another version than before, sorted by kind and name."""
    return [
        Altered(*key, before.get(key, ""), after.get(key, ""))
        for key in sorted({*before, *after})
        if before.get(key, "") != after.get(key, "")
    ]


def unchanged_evaluations(before: Versions, after: Versions) -> int:
    """How many outputs of evaluating stages are there before and after, with the same digest."""
    return sum(kind == "evaluation" and after.get((kind, name)) == version for (kind, name), version in before.items())

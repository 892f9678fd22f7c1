"""A change: two states judged by the same rules, compared by rule, project and subject. Lines may move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from lifelint.model import Finding, Observation, Outcome, Rule, Severity
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
    """A bad observation of a failed rule at or below the target level, waived ones left out."""

    rule: Rule
    project: str
    observation: Observation


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

    def fails(self, worst: Iterable[Severity]) -> bool:
        """Whether a new problem has one of these severities."""
        return any(problem.rule.severity in worst for problem in self.new)


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

"""What is wrong in one state: the unit in which changes and baselines are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from lifelint.model import Finding, Observation, Outcome, Rule

Key = tuple[str, str, str]
"""Rule, project and subject: what stays the same when lines move."""


_OPEN = (Outcome.UNKNOWN, Outcome.BLOCKED, Outcome.ERROR)


class Judged(Protocol):
    """A project's findings, and the level it aims for."""

    @property
    def root(self) -> str: ...
    @property
    def target(self) -> int: ...
    @property
    def findings(self) -> Sequence[Finding]: ...


class Carded(Protocol):
    """A scorecard, as far as it is asked for its level."""

    @property
    def level(self) -> int: ...


class Scored(Judged, Protocol):
    """A project with its scorecard; ``None`` where only single files were judged."""

    @property
    def scorecard(self) -> Carded | None: ...


class Problem(NamedTuple):
    """A bad observation of a rule at or below the target level, waived ones left out.

    ``hidden`` tells that its rule is blocked: it rests on another that fails, under which it is told. ``also`` are
    problems of rules about a state that it is told instead of.
    """

    rule: Rule
    project: str
    observation: Observation
    hidden: bool = False
    also: Sequence[Problem] = ()

    @property
    def identity(self) -> Key:
        """Rule, file and subject, whichever project tells it: what lies at the top counts for all below that have none.

        Where no file is to blame it is that of one project.
        """
        seen = self.observation
        return self.rule.id, f"file:{seen.path}" if seen.path else f"project:{self.project}", seen.subject


def problems(projects: Iterable[Judged]) -> dict[Key, Problem]:
    """The problems of a state. Hidden ones are among them: they were there before what hides them is mended."""
    return {
        (finding.rule.id, project.root, seen.subject): Problem(
            finding.rule, project.root, seen, finding.outcome is Outcome.BLOCKED
        )
        for project in projects
        for finding in project.findings
        if finding.outcome in (Outcome.FAIL, Outcome.BLOCKED) and finding.rule.level <= project.target
        for seen in finding.observations
        if seen.ok is False and not seen.waived
    }


def apart(found: Iterable[Problem], known: Collection[Key] = ()) -> list[Problem]:
    """The first of each identity that is not ``known``."""
    seen = set(known)
    kept: list[Problem] = []
    for problem in found:
        if problem.identity not in seen:
            seen.add(problem.identity)
            kept.append(problem)
    return kept


def gone(keys: Iterable[Key], projects: Iterable[Judged]) -> set[Key]:
    """Those of ``keys`` that a state is known not to have. What cannot be judged there is not known to be gone."""
    said: dict[Key, set[bool | None]] = {}
    open_: set[tuple[str, str]] = set()
    for project in projects:
        for finding in project.findings:
            if finding.outcome in _OPEN:
                open_.add((finding.rule.id, project.root))
            for seen in finding.observations:
                said.setdefault((finding.rule.id, project.root, seen.subject), set()).add(seen.ok)
    return {key for key in keys if said.get(key) == {True} or (key not in said and key[:2] not in open_)}

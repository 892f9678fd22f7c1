"""Whether a run passes: what fails, what a change makes worse, and the levels that must be held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.model import Outcome, Severity

if TYPE_CHECKING:
    from lifelint.model import Finding, Rule
    from lifelint.triage.change import Change
    from lifelint.triage.problem import Judged, Scored


class Limits(NamedTuple):
    """What makes a run fail.

    ``fail_on`` is the least severity of a failed rule, at or below its project's target level; ``new-error`` and
    ``new-warning`` count only what the base of a change does not have. ``min_level`` is the least level of any project,
    0 for none. With ``no_level_drop`` no project may have a lower level than at the base.
    """

    fail_on: str = "error"
    min_level: int = 0
    no_level_drop: bool = False


def reasons(projects: Sequence[Scored], change: Change | None, limits: Limits) -> list[str]:
    """Why the run does not pass, a sentence each; none when it does."""
    return [*_crashes(projects), *_failures(projects, change, limits.fail_on), *_levels(projects, change, limits)]


def _crashes(projects: Sequence[Scored]) -> Iterator[str]:
    """What crashed was not judged: whatever the limits are, that is no pass."""
    rules = crashed(projects)
    if rules:
        yield f"{', '.join(rules)} crashed, which is a bug of lifelint: please report it with the note of the finding"


def crashed(projects: Iterable[Judged]) -> list[str]:
    """The rules that came to an error."""
    return sorted({f.rule.id for project in projects for f in project.findings if f.outcome is Outcome.ERROR})


def _failures(projects: Sequence[Scored], change: Change | None, fail_on: str) -> Iterator[str]:
    if fail_on == "never":
        return
    least = Severity(fail_on.removeprefix("new-"))
    worst = list(Severity)[: list(Severity).index(least) + 1]
    severity = least.value if least is Severity.ERROR else f"{least.value} or worse"
    if fail_on.startswith("new-"):
        told = change.new if change else ()
        new = sum(any(_counts(one.rule, worst) for one in (problem, *problem.also)) for problem in told)
        if new:
            yield f"{new} new problem{'s' * (new > 1)} of severity {severity}"
        return
    failed = sum(
        finding.rule.level <= project.target and _counts(finding.rule, worst) and _fails(finding)
        for project in projects
        for finding in project.findings
        if finding.outcome is Outcome.FAIL
    )
    if failed:
        yield f"{failed} rule{'s' * (failed > 1)} of severity {severity} failed"


def _counts(rule: Rule, worst: Collection[Severity]) -> bool:
    """An experimental rule tells what it sees and fails nobody."""
    return rule.severity in worst and rule.status == "stable"


def _fails(finding: Finding) -> bool:
    """Whether a rule that failed did so for something that is neither waived nor in the baseline."""
    return any(seen.ok is False and not seen.waived and not seen.known for seen in finding.observations)


def _levels(projects: Sequence[Scored], change: Change | None, limits: Limits) -> Iterator[str]:
    for project in projects:
        level = project.scorecard.level if project.scorecard else None
        if level is not None and level < limits.min_level:
            yield f"level {level}{_of(project.root)} is below the minimum {limits.min_level}"
    if limits.no_level_drop and change:
        for root, (before, after) in change.levels.items():
            if before is not None and after is not None and after < before:
                yield f"the level{_of(root)} dropped from {before} to {after}"


def _of(root: str) -> str:
    return f" of {root}" if root else ""

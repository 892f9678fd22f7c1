"""The way to a level: which rules have to hold, in which order, and what each of them costs.

That the level is reached is not claimed but computed: the scorecard is made again from findings in which the steps are
done. Where it falls short all the same, something that does not apply today would have to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from lifelint.engine import HOLDS
from lifelint.fix.noun import Plan
from lifelint.inspection import ProjectReport
from lifelint.model import Finding, Outcome, Rule, Severity
from lifelint.scorecard import limits, score

MECHANICAL, SCAFFOLD, BY_HAND = "mechanical", "scaffold", "by hand"
COSTS = (MECHANICAL, SCAFFOLD, BY_HAND)
"""How a step is taken, the cheapest first: by a fix that is proven, by a template to be filled in, by a person."""


class Stride(NamedTuple):
    """One rule that has to hold. ``mended`` of its observations a fix takes care of; ``waits`` are the rules that have
    to hold before it is judged."""

    finding: Finding
    cost: str
    mended: int
    waits: Sequence[str]


class Short(NamedTuple):
    """A phase that stays at ``level`` when all steps are done, and the rules of the next one that do not apply."""

    phase: str
    level: int
    absent: Sequence[Finding]


class Ascent(NamedTuple):
    """The way of one project from ``level`` to ``to``; ``reached`` is the level when all strides are made."""

    root: str
    level: int
    to: int
    strides: Sequence[Stride]
    reached: int
    short: Sequence[Short]


def wanted(project: ProjectReport, to: int) -> list[Finding]:
    """The findings that keep a project from holding ``to``."""
    return [finding for finding in project.findings if _counts(finding.rule) and _open(finding, to)]


def ascent(project: ProjectReport, to: int, plan: Plan) -> Ascent:
    """The way up to level ``to``. ``plan`` is what fixes would do about its failures."""
    left = {key for key in (one.key for one in plan.left) if key.project == project.root}
    fixed = [fix for fix in plan.fixes if fix.key.project == project.root]
    kinds: dict[str, str] = {}
    for rule in {key.rule for key in (*left, *(fix.key for fix in fixed))}:
        whole = not any(key.rule == rule for key in left)
        kinds[rule] = (
            MECHANICAL if whole and {f.kind for f in fixed if f.key.rule == rule} == {MECHANICAL} else SCAFFOLD
        )
    mended = {rule: sum(fix.key.rule == rule for fix in fixed) for rule in kinds}
    strides = [
        Stride(finding, kinds[rule.id] if mended.get(rule.id) else BY_HAND, mended.get(rule.id, 0), _waits(rule))
        for finding in wanted(project, to)
        for rule in [finding.rule]
    ]
    done = {stride.finding.rule.id for stride in strides}
    after = [_held(finding) if finding.rule.id in done else finding for finding in project.findings]
    now, then = score(project.findings, to), score(after, to)
    return Ascent(project.root, now.level, to, list(_ordered(strides)), min(then.level, to), list(_short(after, to)))


def _counts(rule: Rule) -> bool:
    return rule.status == "stable" and rule.severity is not Severity.INFO


def _open(finding: Finding, to: int) -> bool:
    return finding.rule.level <= to and finding.outcome not in (*HOLDS, Outcome.NOT_APPLICABLE)


def _held(finding: Finding) -> Finding:
    return finding._replace(outcome=Outcome.PASS)


def _waits(rule: Rule) -> Sequence[str]:
    return (*rule.rests_on, *rule.needs)


def _ordered(strides: Sequence[Stride]) -> Iterator[Stride]:
    """Level by level; within one, what others wait for before them, and the cheaper first."""
    rest = sorted(strides, key=_price)
    while rest:
        open_ = {stride.finding.rule.id for stride in rest}
        free = next((one for one in rest if not open_.intersection(one.waits)), rest[0])
        rest.remove(free)
        yield free


def _price(stride: Stride) -> tuple[int, int, int, str]:
    rule, bad = stride.finding.rule, sum(one.ok is False for one in stride.finding.observations)
    return rule.level, COSTS.index(stride.cost), bad, rule.id


def _short(findings: Sequence[Finding], to: int) -> Iterator[Short]:
    for phase, level in limits(findings).items():
        if level < to:
            absent = [f for f in findings if _absent(f, phase, range(level + 1, to + 1))]
            yield Short(phase, level, sorted(absent, key=lambda f: (f.rule.level, f.rule.id)))


def _absent(finding: Finding, phase: str, levels: Collection[int]) -> bool:
    rule = finding.rule
    return _counts(rule) and finding.outcome is Outcome.NOT_APPLICABLE and phase in rule.phases and rule.level in levels

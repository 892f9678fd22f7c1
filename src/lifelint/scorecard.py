"""Findings in, maturity out: a matrix of phases and principles, a level, and the next steps. No weights.

A phase holds level n when every applicable error and warning rule of level n and below holds in all its cells and one
of level n was proven: nothing is earned by absence. The project has the least of its phases (the ML Test Score takes
the minimum of its sections likewise, Breck et al. 2017, section VI), where a phase does not hold it back at a level for
which no rule about that phase exists. Phases in which nothing applies are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from lifelint.engine import HOLDS
from lifelint.model import LEVELS, PHASES, PRINCIPLES, Finding, Outcome, Severity

STRICT = (Outcome.PASS,)
HIGHEST = len(LEVELS) - 1


class Cell(NamedTuple):
    """One phase by one principle. ``level`` is ``None`` where no rule applies; counts are of rules up to the target."""

    phase: str
    principle: str
    level: int | None
    proven: int
    applicable: int
    unknown: int


class NextStep(NamedTuple):
    """A rule to make true next; ``unblocks`` counts the rules that wait for it."""

    rule: str
    title: str
    level: int
    outcome: Outcome
    unblocks: int


class LeastControlled(NamedTuple):
    """The cell with the lowest level and the smallest proven share, and the rule at the root of it."""

    phase: str
    principle: str
    rule: str


class Scorecard(NamedTuple):
    """A project's maturity. ``strict_level`` counts waivers as failures; ``proven`` of ``applicable`` are rules up to
    the target level; ``counts`` has every outcome."""

    level: int
    strict_level: int
    target: int
    proven: int
    applicable: int
    counts: dict[str, int]
    matrix: Sequence[Cell]
    least_controlled: LeastControlled | None
    next_steps: Sequence[NextStep]


def score(findings: Sequence[Finding], target: int) -> Scorecard:
    """The scorecard of one project's findings."""
    scored = [f for f in findings if f.rule.status == "stable"]
    applying = [f for f in scored if f.outcome is not Outcome.NOT_APPLICABLE]
    matrix = [_cell(place, inside, target) for place, inside in _cells(applying).items()]
    expected = [f for f in applying if f.rule.level <= target]
    tally = Counter(f.outcome for f in scored)
    return Scorecard(
        level=_level(scored, HOLDS),
        strict_level=_level(scored, STRICT),
        target=target,
        proven=sum(f.outcome is Outcome.PASS for f in expected),
        applicable=len(expected),
        counts={outcome.value.replace("-", "_"): tally[outcome] for outcome in Outcome},
        matrix=matrix,
        least_controlled=_least_controlled(matrix, applying, target),
        next_steps=_next_steps(applying),
    )


def _cells(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """The findings of each cell, in the order of phases and principles."""
    cells: dict[tuple[str, str], list[Finding]] = {(ph, pr): [] for ph in PHASES for pr in PRINCIPLES}
    for finding in findings:
        for phase in finding.rule.phases:
            cells[phase, finding.rule.principle].append(finding)
    return cells


def _cell(place: tuple[str, str], inside: Sequence[Finding], target: int) -> Cell:
    expected = [f for f in inside if f.rule.level <= target]
    proven = sum(f.outcome is Outcome.PASS for f in expected)
    unknown = sum(f.outcome is Outcome.UNKNOWN for f in expected)
    level = _held(inside, HOLDS)
    if not any(f.outcome in HOLDS and f.rule.level == level for f in inside):
        level = 0 if expected else None  # that nothing lower is broken proves nothing
    return Cell(*place, level, proven, len(expected), unknown)


def _held(inside: Iterable[Finding], holds: Collection[Outcome]) -> int | None:
    """The highest level below the first broken rule that some rule proves, or ``None`` where nothing applies.

    Where only rules above some level apply, all that can be said is that nothing below is broken.
    """
    strict = [f for f in inside if f.rule.severity is not Severity.INFO]
    if not strict:
        return None
    broken = min((f.rule.level for f in strict if f.outcome not in holds), default=6)
    return max((f.rule.level for f in strict if f.rule.level < broken), default=broken - 1)


def phase_levels(findings: Sequence[Finding], holds: Collection[Outcome] = HOLDS) -> dict[str, int]:
    """The level of each phase in which some error or warning rule applies, given the findings that apply."""
    levels = {phase: _held((f for f in findings if phase in f.rule.phases), holds) for phase in PHASES}
    return {phase: level for phase, level in levels.items() if level is not None}


def limits(findings: Sequence[Finding], holds: Collection[Outcome] = HOLDS) -> dict[str, int]:
    """The level above which each phase in which something applies holds its project back, given all findings.

    A phase goes with the others through levels of which there is no rule about it: nobody could prove them.
    """
    scored = [f for f in findings if f.rule.status == "stable" and f.rule.severity is not Severity.INFO]
    found = phase_levels([f for f in scored if f.outcome is not Outcome.NOT_APPLICABLE], holds)
    for phase in found:
        rungs = {f.rule.level for f in scored if phase in f.rule.phases}
        while found[phase] < HIGHEST and found[phase] + 1 not in rungs:
            found[phase] += 1
    return found


def _level(findings: Sequence[Finding], holds: Collection[Outcome]) -> int:
    proven = max((f.rule.level for f in findings if f.outcome in holds), default=0)
    return min([proven, *limits(findings, holds).values()])


def _least_controlled(matrix: Sequence[Cell], findings: Sequence[Finding], target: int) -> LeastControlled | None:
    open_ = _cells(f for f in findings if f.outcome not in HOLDS and f.rule.level <= target)
    cells = [cell for cell in matrix if open_[cell.phase, cell.principle]]
    if not cells:
        return None
    weakest = min(cells, key=lambda c: (c.level or 0, c.proven / c.applicable, PHASES.index(c.phase)))
    root = min(open_[weakest.phase, weakest.principle], key=_urgency)
    return LeastControlled(weakest.phase, weakest.principle, root.rule.id)


_SEVERITIES = list(Severity)


def _urgency(finding: Finding) -> tuple[int, bool, int, str]:
    rule = finding.rule
    return rule.level, finding.outcome is Outcome.BLOCKED, _SEVERITIES.index(rule.severity), rule.id


def _next_steps(findings: Sequence[Finding]) -> list[NextStep]:
    open_ = [f for f in findings if f.outcome not in (*HOLDS, Outcome.BLOCKED) and f.rule.severity is not Severity.INFO]
    waiting = Counter(
        base
        for f in findings
        if f.outcome in (Outcome.BLOCKED, Outcome.PREMATURE)
        for base in (*f.rule.rests_on, *f.rule.needs)
    )
    ranked = sorted(open_, key=lambda f: (f.rule.level, -waiting[f.rule.id], *_urgency(f)[1:]))
    return [NextStep(f.rule.id, f.rule.title, f.rule.level, f.outcome, waiting[f.rule.id]) for f in ranked[:3]]

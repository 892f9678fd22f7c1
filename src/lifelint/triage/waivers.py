"""Waivers: which failures are accepted, until when, and which waivers are no longer needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from lifelint.model import Finding, Observation, Outcome, Rule, Waiver

SOON = 30
"""How many days before its last one a waiver is said to lapse soon."""


class Standing(NamedTuple):
    """A waiver and what has become of it.

    ``state``: ``in-force``, ``lapsing`` (in force, not for long), ``lapsed``, ``unused`` (it matches no failure),
    ``proposed`` (in a comment that the base of a change does not have), or ``malformed`` (a comment that is none; its
    reason is what is wrong).
    """

    waiver: Waiver
    state: str


def governing(
    found: Iterable[Waiver | Standing], names: Collection[str], base: Sequence[Standing] | None = None
) -> tuple[list[Waiver], list[Standing]]:
    """The waivers of the rules ``names`` that count, and what is told of those that do not.

    Where there is a ``base``, a waiver in a comment counts if the base has it in the same file: a change cannot excuse
    itself.
    """
    waivers = [one for one in found if isinstance(one, Waiver) and one.rule in names]
    told = [one for one in found if isinstance(one, Standing)]
    if base is None:
        return waivers, told
    granted = {_said(standing.waiver) for standing in base}
    new = [waiver for waiver in waivers if waiver.lines and _said(waiver) not in granted]
    return [w for w in waivers if w not in new], [*told, *(Standing(waiver, "proposed") for waiver in new)]


def _said(waiver: Waiver) -> tuple[str, str, str, str]:
    return waiver.path, waiver.rule, waiver.reason, waiver.expires


def applied(findings: Iterable[Finding], waivers: Sequence[Waiver], today: str) -> list[Finding]:
    """The findings with what is waived marked; a failure all of whose bad observations are waived is *waived*.

    ``today`` is a day in ISO 8601.
    """
    active = [waiver for waiver in waivers if today <= waiver.expires]
    return [_applied(finding, active) if finding.outcome is Outcome.FAIL else finding for finding in findings]


def _applied(finding: Finding, active: Sequence[Waiver]) -> Finding:
    seen = tuple(_marked(finding.rule, observation, active) for observation in finding.observations)
    if seen == finding.observations:
        return finding
    if any(observation.ok is False and not observation.waived for observation in seen):
        return finding._replace(observations=seen)
    # What could not be judged is not excused by what was.
    outcome = Outcome.UNKNOWN if any(observation.ok is None for observation in seen) else Outcome.WAIVED
    reasons = dict.fromkeys(observation.waived for observation in seen if observation.waived)
    return Finding(finding.rule, outcome, seen, "; ".join(reasons))


def _marked(rule: Rule, observation: Observation, active: Sequence[Waiver]) -> Observation:
    if observation.ok is not False:
        return observation
    for waiver in active:
        if _matches(waiver, rule, observation):
            who = waiver.owner or f"a comment at {waiver.path}:{waiver.line}"
            return observation._replace(waived=f"waived by {who} until {waiver.expires}: {waiver.reason}")
    return observation


def _matches(waiver: Waiver, rule: Rule, observation: Observation) -> bool:
    if waiver.rule not in (rule.id, *rule.was) or not fnmatchcase(observation.subject, waiver.subject):
        return False
    return not waiver.lines or (observation.path == waiver.path and observation.line in waiver.lines)


def ledger(waivers: Sequence[Waiver], findings: Sequence[Finding], today: str) -> list[Standing]:
    """Every waiver with its state, in their order. ``findings`` are those of all projects."""
    return [Standing(waiver, _state(waiver, findings, today)) for waiver in waivers]


def _state(waiver: Waiver, findings: Sequence[Finding], today: str) -> str:
    if waiver.expires < today:
        return "lapsed"
    about = [f for f in findings if waiver.rule in (f.rule.id, *f.rule.was)]
    undecided = any(f.outcome in (Outcome.UNKNOWN, Outcome.ERROR) for f in about)
    if not undecided and not any(o.ok is False and _matches(waiver, f.rule, o) for f in about for o in f.observations):
        return "unused"
    from datetime import date, timedelta

    soon = (date.fromisoformat(today) + timedelta(days=SOON)).isoformat()
    return "lapsing" if waiver.expires < soon else "in-force"

"""Waivers: which failures are accepted, until when, and which waivers are no longer needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import NamedTuple

from lifelint.model import Finding, Observation, Outcome, Rule, Waiver

SOON = timedelta(days=30)
"""How long before its last day a waiver is said to lapse soon."""


class Standing(NamedTuple):
    """A waiver and what has become of it.

    ``state``: ``in-force``, ``lapsing`` (in force, not for long), ``lapsed``, or ``unused`` (it matches no failure).
    """

    waiver: Waiver
    state: str


def applied(findings: Iterable[Finding], waivers: Sequence[Waiver], today: date) -> list[Finding]:
    """The findings with what is waived marked; a failure all of whose bad observations are waived is *waived*."""
    active = [waiver for waiver in waivers if today.isoformat() <= waiver.expires]
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
            return observation._replace(waived=f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}")
    return observation


def _matches(waiver: Waiver, rule: Rule, observation: Observation) -> bool:
    return waiver.rule in (rule.id, *rule.was) and fnmatchcase(observation.subject, waiver.subject)


def ledger(waivers: Sequence[Waiver], findings: Sequence[Finding], today: date) -> list[Standing]:
    """Every waiver with its state, in the order of the configuration. ``findings`` are those of all projects."""
    return [Standing(waiver, _state(waiver, findings, today)) for waiver in waivers]


def _state(waiver: Waiver, findings: Sequence[Finding], today: date) -> str:
    if waiver.expires < today.isoformat():
        return "lapsed"
    if not any(o.ok is False and _matches(waiver, f.rule, o) for f in findings for o in f.observations):
        return "unused"
    return "lapsing" if waiver.expires < (today + SOON).isoformat() else "in-force"

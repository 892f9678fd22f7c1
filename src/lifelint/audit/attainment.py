"""How a level was earned: rule by rule, so that a reader can check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.audit.nouns import Rung
from lifelint.engine import HOLDS
from lifelint.model import LEVELS, Finding, Outcome, Severity
from lifelint.scorecard import limits


def rungs(findings: Sequence[Finding], level: int) -> Iterator[Rung]:
    """Every level above ``uncontrolled``, given all findings about a state of a project and the level it has."""
    strict = [f for f in findings if f.rule.status == "stable" and f.rule.severity is not Severity.INFO]
    applying = [f for f in strict if f.outcome is not Outcome.NOT_APPLICABLE]
    # How far each phase would go if all that applies held
    highest = limits(
        [f._replace(outcome=Outcome.PASS) if f.outcome is not Outcome.NOT_APPLICABLE else f for f in strict]
    )
    for number in range(1, len(LEVELS)):
        here = [f for f in applying if f.rule.level == number]
        yield Rung(
            number,
            number <= level,
            tuple(f.rule.id for f in here if f.outcome is Outcome.PASS),
            tuple(f.rule.id for f in here if f.outcome is Outcome.WAIVED),
            tuple((f.rule.id, f.outcome) for f in here if f.outcome not in HOLDS),
            sum(f.rule.level == number for f in strict) - len(here),
            tuple(phase for phase, top in highest.items() if top < number),
        )

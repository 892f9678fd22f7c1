"""What of a state's failures is accepted: what is waived, until a day, and what the baseline holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lifelint.model import Finding, Rule, Waiver
from lifelint.triage import baseline, waivers
from lifelint.triage.baseline import Known
from lifelint.triage.waivers import Standing


class Acceptance(NamedTuple):
    """The waivers that count, what is told of others, and the problems that are known.

    ``today`` is a day in ISO 8601; without it no waiver counts.
    """

    today: str = ""
    waivers: Sequence[Waiver] = ()
    told: Sequence[Standing] = ()
    known: frozenset[Known] = frozenset()

    def of(self, findings: Sequence[Finding], root: str) -> Sequence[Finding]:
        """The findings of the project at ``root``, with what is accepted marked."""
        if self.waivers and self.today:
            findings = waivers.applied(findings, self.waivers, self.today)
        return baseline.marked(findings, root, self.known) if self.known else findings

    def ledger(self, findings: Sequence[Finding]) -> Sequence[Standing]:
        """Every waiver with its state. ``findings`` are those of all projects."""
        return [*waivers.ledger(self.waivers, findings, self.today), *self.told]


def acceptance(
    configured: Sequence[Waiver],
    rules: Sequence[Rule],
    today: str,
    known: frozenset[Known],
    commented: Iterable[Waiver | Standing] = (),
    base: Sequence[Standing] | None = None,
) -> Acceptance:
    """What is accepted of these rules' failures. Of the waivers of other rules nothing can be told."""
    if not today:
        return Acceptance(known=known)
    names = {name for rule in rules for name in (rule.id, *rule.was)}
    return Acceptance(today, *waivers.governing([*configured, *commented], names, base), known)

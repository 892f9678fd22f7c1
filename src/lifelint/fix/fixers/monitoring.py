"""Alert rules to be filled in, for what nothing watches."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.facts.monitoring.noun import BEHAVIOUR, SERVICE
from lifelint.fix.fixers._told import told
from lifelint.fix.noun import CannotFix, Case, Change

_SHOWN = 10
_WORSE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def rules(case: Case) -> Iterator[Change]:
    """Rules of Prometheus in ``monitoring/`` about what nothing watches; thresholds are for people to say."""
    assert case.rule.fix is not None
    if case.seen.path:
        raise CannotFix(f"{case.seen.path} has it; from which value on it matters is to be written there")
    watched = {one.watches for one in case.share["monitors"].items}
    path = f"{case.root}/monitoring/{case.rule.fix.template}".lstrip("/")
    case.texts.require_nothing(path)
    runbook = next((one.path for one in case.share["documents"].items if one.role == "runbook"), "")
    gates = {one.metric: one for one in case.share["gates"].items}
    values = told(case) | {
        "wanted": [one for one in (SERVICE, BEHAVIOUR) if one not in watched],
        "runbook": runbook,
        "measures": [
            {
                "metric": one.metric,
                "gate": f"{one.op} {one.threshold:g}, by {one.path}",
                "worse": _WORSE.get(one.op, "!="),
            }
            for one in list(gates.values())[:_SHOWN]
        ],
    }
    yield Change(path, 0, 0, case.render(case.rule.fix.template, values))

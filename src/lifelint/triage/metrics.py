"""The metrics of reports before and after a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.checks.reported import differing
from lifelint.facts.evaluation.names import ERRORS, KNOWN, normal

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation, Metric


class Measured(NamedTuple):
    """A metric of one report whose value differs. ``better`` is ``None`` where nothing says what would be."""

    report: str
    name: str
    slice: str
    dataset: str
    before: float | None
    after: float | None
    better: bool | None


def measured(before: Sequence[Evaluation], after: Sequence[Evaluation]) -> list[Measured]:
    """What reports of both states say differently, by report and metric."""
    old = {(report.path, report.stage): report for report in before if not report.doubt}
    pairs = [(old[key], new) for new in after if not new.doubt and (key := (new.path, new.stage)) in old]
    found = {
        (new.path, b.name, b.slice, b.dataset): Measured(
            new.path, b.name, b.slice, b.dataset, a.value, b.value, _better(a, b)
        )
        for was, new in pairs
        for a, b in differing(was, new)
    }
    return [found[key] for key in sorted(found)]


def _better(old: Metric, new: Metric) -> bool | None:
    if old.value is None or new.value is None or not old.value - new.value:
        return None
    name = normal(new.name)
    known = name not in ERRORS if name in KNOWN else None
    higher = new.higher_is_better if new.higher_is_better is not None else known
    return None if higher is None else (new.value > old.value) is higher

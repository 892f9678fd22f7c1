"""Whether the numbers of reports changed with what they measure, and not by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.evaluation.noun import Evaluated, Evaluation, Metric

_SAME = 1e-9
"""Relative difference up to which two values are one: what machines round differently."""

_AS_BEFORE = ", and all that is recorded of what it measured is as before"
_SHOWN = 3

Name = tuple[str, str, str]


def measured(
    evaluations: Sequence[Evaluation],
    stages: Sequence[Stage],
    base_evaluations: Sequence[Evaluation],
    base_stages: Sequence[Stage],
) -> Iterator[Observation]:
    """Values of a report changed only where the model, the data or the code that it names changed too."""
    before = {(report.path, report.stage): report for report in base_evaluations}
    ran = [{stage.address: stage for stage in some} for some in (base_stages, stages)]
    for new in evaluations:
        old = before.get((new.path, new.stage))
        if old is not None and old.bound and new.bound and old.kept and new.kept and not new.doubt:
            ok, detail, line = _judged(old, new, *(some.get(new.stage) for some in ran))
            yield Observation(ok, new.path, detail, new.path, line)


def _judged(old: Evaluation, new: Evaluation, was: Stage | None, now: Stage | None) -> tuple[bool | None, str, int]:
    moved = differing(old, new)
    if not moved:
        return True, "its values are as before", new.line
    told = "; ".join(f"{label(b)} was {_value(a)} and is {_value(b)}" for a, b in moved[:_SHOWN])
    told += f"; and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
    ok, why = _kept(old, new) or _explained(old, new, was, now)
    if ok is False and why == _AS_BEFORE and all(_noise(a, b) for a, b in moved):
        ok, why = None, ", which is within its uncertainty: it may have been measured again"
    return ok, f"{told}{why}", moved[0][1].line or new.line


def _kept(old: Evaluation, new: Evaluation) -> tuple[bool, str] | None:
    """What a lock says of the report's bytes, where that decides."""
    had, wrote = (next((v for v in report.verdicts if v.field == "report"), None) for report in (old, new))
    if wrote is not None and wrote.holds is False:
        return False, f"; {wrote.why}"
    if wrote is not None and wrote.holds and had is not None and had.holds is False:
        return True, f"; {wrote.why} again"
    return None


def _explained(old: Evaluation, new: Evaluation, was: Stage | None, now: Stage | None) -> tuple[bool | None, str]:
    """Whether something that a report is about is another than before."""
    changed = _changed(old, new, was, now)
    if changed:
        return True, f", with {changed}"
    return (False, _AS_BEFORE) if changed == "" else (None, "; nothing is recorded of what it measured")


def differing(old: Evaluation, new: Evaluation) -> list[tuple[Metric, Metric]]:
    """The metrics that both reports have and whose values differ, before and after."""
    before = metrics(old)
    return [(before[name], new) for name, new in metrics(new).items() if name in before and _other(before[name], new)]


def metrics(report: Evaluation) -> Mapping[Name, Metric]:
    """The metrics of a report by name, slice and dataset."""
    return {(metric.name, metric.slice, metric.dataset): metric for metric in report.metrics}


def _other(old: Metric, new: Metric) -> bool:
    if old.value is None or new.value is None:
        return old.value is not new.value
    both = math.isnan(old.value) and math.isnan(new.value)
    return not (both or math.isclose(old.value, new.value, rel_tol=_SAME, abs_tol=1e-12))


def _changed(old: Evaluation, new: Evaluation, was: Stage | None, now: Stage | None) -> str | None:
    """What a report is about that is another than before; ``""`` for nothing, ``None`` where that is not recorded."""
    if new.stage:
        if was is None or now is None or not was.inputs or not now.inputs:
            return None
        if was.inputs != now.inputs or _versions(old.models) != _versions(new.models):
            return "what its stage read"
        return ""
    if not new.commit:
        return None
    parts = (
        ("the commit", old.commit, new.commit),
        ("the code", old.fingerprint, new.fingerprint),
        ("the model", _versions(old.models), _versions(new.models)),
        ("the data", _versions(old.datasets), _versions(new.datasets)),
        ("the environment", _versions(old.environment), _versions(new.environment)),
    )
    return next((what for what, a, b in parts if a != b), "")


def _versions(named: Sequence[Evaluated]) -> set[tuple[str, str]]:
    return {(each.name, each.version) for each in named}


def _noise(old: Metric, new: Metric) -> bool:
    if old.value is None or new.value is None:
        return False
    margins = [metric.margin for metric in (old, new) if metric.margin is not None]
    return bool(margins) and abs(new.value - old.value) <= math.hypot(*margins)


def label(metric: Metric) -> str:
    """A metric as it is told: its name, and the slice or the data it is of."""
    return " ".join([metric.name, *(f"({part})" for part in (metric.slice, metric.dataset) if part)])


def _value(metric: Metric) -> str:
    return "no number" if metric.value is None else f"{metric.value:.6g}"

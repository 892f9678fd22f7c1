"""Whether what is measured got worse with a change, and whether before and after can be compared at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks.controls import bound, paired, subject
from lifelint.facts.evaluation.names import normal, scales_differ
from lifelint.facts.proof import short
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.evaluation.noun import Evaluated, Evaluation, Gate

_EPSILON = 1e-12

Versions = dict[str, str]


def not_worse(
    gates: Sequence[Gate],
    evaluations: Sequence[Evaluation],
    pointers: Sequence[Pointer],
    base_gates: Sequence[Gate],
    base_evaluations: Sequence[Evaluation],
    base_pointers: Sequence[Pointer],
    *,
    relative: float = 0.01,
) -> Iterator[Observation]:
    """Each metric that a gate demands is as good as before, measured on the same data.

    It may be worse by the gate's ``tolerance``, else by the uncertainty that the reports tell, else by the share
    ``relative`` of its value.
    """
    unmoved = _unmoved(base_pointers, pointers)
    for old, new in paired(base_gates, gates):
        if old.value is None or new.value is None or bound(new) == "equal" or not math.isfinite(old.value + new.value):
            continue
        reports = _report(base_evaluations, old), _report(evaluations, new)
        worse = (old.value - new.value) * (1 if bound(new) == "min" else -1)
        allowed, by = _allowed(old, new, *reports, relative)
        told = f"{new.metric} was {old.value:.6g} and is {new.value:.6g}"
        if worse <= allowed + _EPSILON:
            yield _seen(True, new, f"{told}, which is not worse{f' by more than {by}' if worse > 0 else ''}")
        elif scales_differ(new.metric, old.value, new.value):
            yield _seen(None, new, f"{told}: these look like a fraction and a percentage")
        else:
            same = _same_data(*reports, unmoved)
            why = "" if same else f", and {'it was measured on other data' if same is False else _UNTOLD}"
            yield _seen(False if same else None, new, f"{told}: worse by {worse:.6g}, more than {by}{why}")


_UNTOLD = "nothing tells whether it was measured on the same data"


def _others(was: Versions, now: Versions) -> bool:
    """Whether two sets of versions can be compared, by digests of one kind, and differ."""
    return bool(was and now) and _kinds(was) == _kinds(now) and set(was.values()) != set(now.values())


def _kinds(versions: Versions) -> set[str]:
    return {version.partition(":")[0] for version in versions.values()}


def _seen(ok: bool | None, gate: Gate, detail: str) -> Observation:
    return Observation(ok, subject(gate), detail, gate.path, gate.line)


def _report(evaluations: Sequence[Evaluation], gate: Gate) -> Evaluation | None:
    return next((one for one in evaluations if one.path == gate.report), None)


def _allowed(
    old: Gate, new: Gate, was: Evaluation | None, now: Evaluation | None, relative: float
) -> tuple[float, str]:
    """How much worse a metric may be, and how that is told."""
    # What the base tolerates counts: a change cannot excuse itself.
    if old.tolerance is not None:
        return old.tolerance, f"its tolerance of {old.tolerance:g}"
    margins = [m for report, gate in ((was, old), (now, new)) if (m := _margin(report, gate)) is not None]
    if margins:
        allowed = math.hypot(*margins)
        return allowed, f"its uncertainty of {allowed:.3g}"
    allowed = relative * abs(old.value or 0)
    return allowed, f"{relative:.3g} of its value"


def _margin(report: Evaluation | None, gate: Gate) -> float | None:
    found = [
        metric.margin
        for metric in (report.metrics if report else ())
        if normal(metric.name) == normal(gate.metric) and metric.slice == gate.slice and metric.value == gate.value
    ]
    return found[0] if found else None


def _unmoved(before: Sequence[Pointer], after: Sequence[Pointer]) -> bool | None:
    """Whether all data behind pointers is as before; ``None`` where there is none."""
    old, new = ({p.artifact: p.digest for p in some if p.kind != "model"} for some in (before, after))
    return old == new if old or new else None


def _same_data(was: Evaluation | None, now: Evaluation | None, unmoved: bool | None) -> bool | None:
    """Whether two reports were measured on the same data: by what they name, else by all data that there is."""
    old, new = (_versions(report.datasets) if report else {} for report in (was, now))
    if old and new:
        return set(old.values()) == set(new.values())
    return unmoved or None


def _versions(named: Sequence[Evaluated]) -> Versions:
    return {each.name: each.version for each in named if each.version and each.role != "train"}


def comparable(
    evaluations: Sequence[Evaluation], stages: Sequence[Stage], base_evaluations: Sequence[Evaluation]
) -> Iterator[Observation]:
    """Where a report is about another model than before, it is about the same data, or about a baseline on the new.

    Data that a stage makes may be the same data, made ready in another way: that is unknown.
    """
    made = {out.path for stage in stages for out in stage.outs}
    before = {(report.path, report.stage): report for report in base_evaluations if not report.doubt}
    for new in evaluations:
        old = before.get((new.path, new.stage))
        if old is None or new.doubt or not (old.datasets and new.datasets):
            continue
        if not _others(_versions(old.models), _versions(new.models)):
            continue
        was, now = _versions(old.datasets), _versions(new.datasets)
        at = new.path, new.line
        if not (was and now) or _kinds(was) != _kinds(now):
            yield Observation(None, new.path, f"another model was measured, and {_UNTOLD}", *at)
        elif set(was.values()) == set(now.values()):
            yield Observation(True, new.path, "another model was measured on the same data", *at)
        elif any(baseline.dataset in now.values() for baseline in new.baselines):
            yield Observation(True, new.path, "a baseline was measured on the new data too", *at)
        else:
            names = [n for n in {**now, **was} if was.get(n) != now.get(n)]
            name = next((n for n in names if n not in made), names[0])
            moved = f"{name} was {short(was[name])} and is {short(now[name])}" if name in was and name in now else name
            detail = f"model and data changed together ({moved}), and no baseline was measured on the new data"
            if name in made:
                detail += "; a stage makes this data, and it may be the same data made ready in another way"
            yield Observation(None if name in made else False, new.path, detail, *at)

"""A gate and the report that decides it: which one, which number, and whether it meets the threshold."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

from lifelint.facts.evaluation.document import Demand
from lifelint.facts.evaluation.names import normal, scales_differ, vacuous
from lifelint.facts.evaluation.noun import Evaluation, Gate, Metric
from lifelint.snapshot.history import History

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq}


def joined(demand: Demand, path: str, evaluations: Sequence[Evaluation], history: History) -> Gate:
    """The gate, recomputed. A value that is NaN or infinite fails, and so does one that no report holds."""
    asked = [e for e in evaluations if not demand.report or demand.report in (e.path, e.stage)]
    holding = [(e, metric) for e in asked for metric in e.metrics if _meant(demand, metric)]
    # A loss on training data does not decide where an evaluation does, nor another project's where there is one's own
    holding = _near([(e, metric) for e, metric in holding if not e.doubt] or holding, path)
    gate = Gate(
        path, demand.line, demand.metric, demand.op, demand.threshold, demand.slice, demand.dataset,
        "", False, None, False, "", vacuous(demand.metric, demand.op, demand.threshold),
        demand.tolerance,
    )  # fmt: skip
    if not holding:
        hidden = [e for e in asked if not e.kept]
        if hidden:
            why = f"the numbers of {hidden[0].stage or hidden[0].path} are not in git"
            return gate._replace(found=None, holds=None, why=why)
        where = demand.report or "no report"
        return gate._replace(why=f"{where} {'has no' if demand.report else 'has'} {_named(demand)}")
    newest = _newest([e for e, _ in holding], history)
    values = [metric.value for e, metric in holding if e.path in newest]
    told = [value for value in values if value is not None]
    report = next(iter(newest))
    gate = gate._replace(report=report, found=True)
    if len({*map(repr, values)}) > 1:
        return gate._replace(holds=None, why=f"{len(values)} numbers are called {_named(demand)}: name the report")
    if not told or not math.isfinite(told[0]):
        return gate._replace(value=None, why=f"{_named(demand)} in {report} is {told[0] if told else 'no number'}")
    value = told[0]
    gate = gate._replace(value=value)
    if scales_differ(demand.metric, demand.threshold, value):
        why = f"{value:g} and {demand.threshold:g} look like a fraction and a percentage"
        return gate._replace(holds=None, why=why)
    holds = bool(_COMPARE[demand.op](value, demand.threshold))
    return gate._replace(holds=holds, why=f"{value:g} is {'' if holds else 'not '}{demand.op} {demand.threshold:g}")


def _near(holding: list[tuple[Evaluation, Metric]], path: str) -> list[tuple[Evaluation, Metric]]:
    """Those in the nearest folder above ``path`` that holds any."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        inside = [(e, metric) for e, metric in holding if not folder or e.path.startswith(f"{folder}/")]
        if inside:
            return inside
    return holding


def _meant(demand: Demand, metric: Metric) -> bool:
    if normal(demand.metric) != normal(metric.name) or (demand.dataset and demand.dataset != metric.dataset):
        return False
    return demand.slice == metric.slice


def _named(demand: Demand) -> str:
    parts = [demand.metric, demand.slice and f"of {demand.slice}", demand.dataset and f"on {demand.dataset}"]
    return " ".join(part for part in parts if part)


def _newest(reports: Sequence[Evaluation], history: History) -> list[str]:
    """The paths of the newest reports: by the time they state, else by the commits that touched them, else all."""
    paths = list(dict.fromkeys(report.path for report in reports))
    if len(paths) == 1:
        return paths
    if all(report.created for report in reports):
        last = max(report.created for report in reports)
        return list(dict.fromkeys(report.path for report in reports if report.created == last))
    touching = history.touching(paths, history.head) if history.head else None
    for commit in (touching or [])[:1]:
        changed = [path for path in paths if (history.touching([path], commit) or [""])[0] == commit]
        return changed or paths
    return paths

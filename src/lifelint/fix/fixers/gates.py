"""Files of gates: which figures there are, and the question which of their values are good enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lifelint.facts.evaluation.names import ERRORS, FRACTIONS, KNOWN, normal, of_training
from lifelint.fix.noun import CannotFix, Case, Change

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation, Metric

_FILE = "gates.yaml"
_AGGREGATE = frozenset({"mean", "avg", "average", "macro", "micro", "weighted", "score", "overall"})
_MOST = 8
"""Gates that are drafted. Of more figures, those count that only a judgement of a model has."""


def skeleton(case: Case) -> Iterator[Change]:
    """A file of gates with the metrics of the reports, and marks for the thresholds, which only a person knows."""
    assert case.rule.fix is not None
    if case.share["gates"].items or case.share["unfilled_gates"].items:
        raise CannotFix(f"{case.seen.path} has the gate; what it demands is for you to say")
    figures = list(_figures(case.share["evaluations"].items))
    if not figures:
        raise CannotFix(
            "no figures of reports are in git: keep them there (DVC: `cache: false`), so that gates are judged"
        )
    known = [one for one in figures if normal(one.name) in KNOWN or one.kind == "operational"]
    drafted = figures if len(figures) <= _MOST else (known or figures)[:_MOST]
    path = f"{case.root}/{_FILE}" if case.root else _FILE
    case.texts.require_nothing(path)
    others = sorted({one.name for one in figures} - {one.name for one in drafted})
    values = {"gates": list(map(_gate, drafted)), "others": others[:_MOST]}
    yield Change(path, 0, 0, case.render(case.rule.fix.template, values))


def _figures(reports: Sequence[Evaluation]) -> Iterator[Metric]:
    """The figures of whole reports about models, each name once; those of training data judge nothing."""
    seen: set[tuple[str, str]] = set()
    for report in reports:
        for metric in report.metrics if report.judges == "model" and not report.doubt else ():
            called = normal(metric.name), metric.dataset
            if _usable(metric) and called not in seen:
                seen.add(called)
                if not of_training(metric.name, metric.dataset):
                    yield metric


def _usable(metric: Metric) -> bool:
    """Whether a gate can ask for a metric by its name, of a whole report."""
    named = bool(metric.name) and (metric.name + metric.dataset).isprintable()
    return named and metric.value is not None and not metric.slice


def _gate(metric: Metric) -> Mapping[str, Any]:
    return {"metric": metric.name, "op": _better(metric), "dataset": metric.dataset}


def _better(metric: Metric) -> str:
    """The comparison that a good value of a metric meets; nothing where that is not known."""
    if metric.higher_is_better is not None:
        return ">=" if metric.higher_is_better else "<="
    name = normal(metric.name)
    names = {name, "_".join(part for part in name.split("_") if part not in _AGGREGATE)}
    if names & ERRORS or metric.kind == "operational":
        return "<="
    return ">=" if names & (FRACTIONS | {"r2", "mcc", "matthews_corrcoef", "cohen_kappa", "bleu"}) else ""

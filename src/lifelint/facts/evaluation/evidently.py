"""Reports of Evidently from 0.7 on (``Snapshot.json()``): ``metrics`` with ``config.type`` ``evidently:metric_v2:…``.

They name neither model nor data nor commit, so that only a sidecar binds them. What they say of drift and of the
quality of data is no judgement of a model and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.evaluation.document import line_of, text
from lifelint.facts.evaluation.names import KNOWN, normal, number
from lifelint.facts.evaluation.noun import Baseline, Evaluation, Metric

_TYPE = "evidently:metric_v2:"
_HUMP = lazy(r"(?<=[a-z0-9])(?=[A-Z])")
_DUMMY = "Dummy"
_BY_LABEL = "ByLabel"


def parse_evidently(document: Mapping[str, Any]) -> Evaluation | None:
    """The judgement of a model in such a report; ``None`` for anything else."""
    found = [*_metrics(document)]
    metrics = tuple(metric for name, metric in found if not name.startswith(_DUMMY) and normal(metric.name) in KNOWN)
    dummy = tuple(metric for name, metric in found if name.startswith(_DUMMY) and normal(metric.name) in KNOWN)
    if not metrics:
        return None
    baselines = (Baseline("dummy", "", dummy, dummy[0].line),) if dummy else ()
    return Evaluation("", 1, "evidently", metrics, baselines=baselines)


def _metrics(document: Mapping[str, Any]) -> Iterator[tuple[str, Metric]]:
    """Each number with the name of its class: one value, a mean with its spread, or one for each label."""
    items = document.get("metrics")
    for position, item in enumerate(items if isinstance(items, list) else ()):
        config = item.get("config") if isinstance(item, dict) else None
        kind = text(config, "type") if isinstance(config, dict) else ""
        if not kind.startswith(_TYPE):
            continue
        kind = kind.removeprefix(_TYPE)
        name = _HUMP.sub("_", kind.removeprefix(_DUMMY).removesuffix(_BY_LABEL)).lower()
        value, line = item.get("value"), line_of(item, "value") or line_of(items, position)
        if isinstance(value, dict) and kind.endswith(_BY_LABEL):
            for label, each in value.items():
                if (told := number(each)) is not None:
                    yield kind, Metric(name, told, line_of(value, label) or line, str(label))
        else:
            told = number(value.get("mean")) if isinstance(value, dict) else number(value)
            if told is not None:
                yield kind, Metric(name, told, line)

"""The figures in a file that an evaluation wrote, in the form of this project or of another tool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from lifelint.facts._source import Unreadable
from lifelint.facts.evaluation.document import REPORT, load, parse_report
from lifelint.facts.evaluation.foreign import numbers, parse_foreign
from lifelint.facts.evaluation.names import number
from lifelint.facts.evaluation.noun import Evaluation

_TEXTS = ("name", "slice", "dataset", "kind")
_KEPT = ("name", "value", "slice", "dataset", "kind", "n", "higher_is_better", "ci", "stderr")


def measured(path: str, data: bytes) -> Evaluation:
    """The file as a report: of this project's form, of another tool's that is known, or all numbers by name.

    Raises:
        Unreadable: it is neither JSON nor YAML, or holds no number.
    """
    document = load(data)
    if isinstance(document, dict) and document.get("schema") == REPORT:
        return parse_report(data)._replace(path=path)
    found = parse_foreign(data)
    if isinstance(found, Evaluation) and found.form != "plain":
        return found._replace(path=path)
    metrics = numbers(data)
    if not metrics:
        raise Unreadable("holds no number that has a name")
    return Evaluation(path, 1, "plain", metrics)


def figures(path: str, data: bytes) -> Sequence[Mapping[str, Any]]:
    """The metrics of a file as ``evaluation-report/v1`` writes them.

    A list ``metrics`` of items with name and value is taken with all that the format knows of them.

    Raises:
        Unreadable: there is none, or one has no name or is no finite number.
    """
    document = load(data)
    listed = document.get("metrics") if isinstance(document, dict) else None
    if isinstance(listed, list) and listed and all(isinstance(item, dict) and "name" in item for item in listed):
        found = [{key: item[key] for key in _KEPT if item.get(key) is not None} for item in listed]
    else:
        found = list(_told(measured(path, data), document))
    for item in found:
        value = number(item.get("value"))
        wrong = next((key for key in _TEXTS if not isinstance(item.get(key, ""), str)), "")
        if wrong or not item["name"]:
            raise Unreadable(f"has an item of metrics whose {wrong or 'name'} is no text")
        if value is None or not isfinite(value):
            raise Unreadable(f"has {item['name']}, which is no finite number")
    return found


def _told(report: Evaluation, document: Any) -> Iterator[dict[str, Any]]:
    results = {str(task): told for task, told in document["results"].items()} if report.form == "lm-eval" else {}
    for metric in report.metrics:
        item: dict[str, Any] = {"name": metric.name, "value": metric.value}
        item |= {key: value for key in ("slice", "dataset") if (value := getattr(metric, key))}
        if metric.dataset in results:
            base, comma, way = metric.name.partition(",")
            stderr = number(results[metric.dataset].get(f"{base}_stderr{comma}{way}"))
            item |= {"stderr": stderr} if stderr is not None and isfinite(stderr) else {}
        yield item

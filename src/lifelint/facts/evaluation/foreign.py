"""Reports that other tools write, told from other files of numbers. What is no report gives ``None``.

Forms: lm-evaluation-harness ``results_*.json`` (``lm_eval/result_schema.py``), Hugging Face ``model-index`` (hub-docs
``modelcard.md``) and ``.eval_results/*.yaml``, results of Evidently, Great Expectations and dbt (see their modules),
and plain JSON or YAML whose numbers have names of metrics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifelint.facts import _json, _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.data.formats import words
from lifelint.facts.evaluation import dbt, expectations
from lifelint.facts.evaluation.document import line_of, load, margin
from lifelint.facts.evaluation.evidently import parse_evidently
from lifelint.facts.evaluation.names import KNOWN, normal, number
from lifelint.facts.evaluation.noun import Evaluation, Metric

LARGEST = 1 << 20
"""Bytes of a file of numbers that is still looked into: reports are small, dumps of predictions are not."""

_LARGEST_OF_DATA = 16 << 20
"""Bytes of a result of checks on data, which lists all that each check saw; above ``LARGEST`` lines are not told."""

_OF_DATA = ((expectations.SIGN, expectations.parse_expectations), (dbt.SIGN, dbt.parse_dbt))
_PARTS = words("train training test testing val valid validation dev eval evaluation holdout")


def parse_foreign(data: bytes) -> Evaluation | bool:
    """The report in a JSON or YAML file; ``False`` for anything else, readable or not.

    Raises:
        Unreadable: it is a report that contradicts itself.
    """
    for sign, parse in _OF_DATA:
        if sign in data and len(data) <= _LARGEST_OF_DATA:
            document = _document(data)
            return (parse(document) if document is not None else None) or False
    if len(data) > LARGEST:
        return False
    document = _document(data)
    if document is None:
        return False
    metrics = tuple(_harness(document))
    if metrics:
        return Evaluation("", 1, "lm-eval", metrics)
    found = parse_evidently(document)
    if found is not None:
        return found
    metrics = tuple(_plain(document))
    return Evaluation("", 1, "plain", metrics) if any(normal(m.name) in KNOWN for m in metrics) else False


def _document(data: bytes) -> Mapping[str, Any] | None:
    try:
        document = load(data) if len(data) <= LARGEST else _json.load(data)
    except Unreadable:
        return None
    return document if isinstance(document, dict) else None


def _harness(document: Mapping[str, Any]) -> Iterator[Metric]:
    results = document.get("results")
    if not isinstance(results, dict) or not isinstance(document.get("versions"), dict) or "config" not in document:
        return
    for task, numbers in results.items():
        for name, value in numbers.items() if isinstance(numbers, dict) else ():
            found = number(value)
            if found is not None and "_stderr" not in str(name):
                base, comma, way = str(name).partition(",")
                error = {"stderr": numbers.get(f"{base}_stderr{comma}{way}")}
                spread = "stderr" if error["stderr"] is not None else ""
                line = line_of(numbers, name)
                yield Metric(str(name), found, line, dataset=str(task), spread=spread, margin=margin(error))


def _plain(document: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Metric]:
    """Numbers by name, nested at most twice; a list of numbers is a curve and is left alone.

    What is nested is a slice (``EU: {auc: …}`` and ``auc: {EU: …}`` are the same), and a part of the data a dataset
    (``auc: {train: …, test: …}``).
    """
    for name, value in document.items():
        if isinstance(value, dict) and len(above) < 2:
            yield from _plain(value, (*above, str(name)))
        elif isinstance(name, str) and (found := number(value)) is not None:
            line = line_of(document, name)
            if above and name.lower() in _PARTS:
                yield Metric(above[-1], found, line, "/".join(above[:-1]), name)
            elif above and normal(above[-1]) in KNOWN and normal(name) not in KNOWN:
                yield Metric(above[-1], found, line, "/".join((*above[:-1], name)))
            else:
                yield Metric(name, found, line, "/".join(above))


def numbers(data: bytes) -> tuple[Metric, ...]:
    """The numbers of a file that is known to hold metrics.

    Raises:
        Unreadable: neither JSON nor YAML.
    """
    document = load(data)
    return tuple(_plain(document)) if isinstance(document, dict) else ()


def parse_card(data: bytes) -> Evaluation | bool:
    """The ``model-index`` in the front matter of a model card."""
    if not data.startswith(b"---") or b"model-index:" not in data:
        return False
    try:
        document = _yaml.load(data[3:].partition(b"\n---")[0])
    except Unreadable:
        return False
    index = document.get("model-index") if isinstance(document, dict) else None
    metrics = tuple(_indexed(index)) if isinstance(index, list) else ()
    return Evaluation("", line_of(document, "model-index"), "model-index", metrics) if metrics else False


def _indexed(index: list[Any]) -> Iterator[Metric]:
    for result in _below(index, "results"):
        dataset = result.get("dataset")
        named = dataset.get("name") or dataset.get("type") if isinstance(dataset, dict) else ""
        for metric in _below([result], "metrics"):
            value = number(metric.get("value"))
            if value is not None:
                name = metric.get("type") or metric.get("name")
                yield Metric(str(name), value, line_of(metric, "value"), dataset=str(named or ""))


def _below(documents: list[Any], key: str) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        found = document.get(key) if isinstance(document, dict) else None
        yield from (item for item in found if isinstance(item, dict)) if isinstance(found, list) else ()


def parse_eval_results(data: bytes) -> Evaluation | bool:
    """The entries of a file in ``.eval_results``."""
    try:
        document = _yaml.load(data)
    except Unreadable:
        return False
    metrics = tuple(
        Metric("value", value, line_of(entry, "value"), dataset=str(entry["dataset"].get("id") or ""))
        for entry in (document if isinstance(document, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("dataset"), dict)
        if (value := number(entry.get("value"))) is not None
    )
    return Evaluation("", 1, "eval-results", metrics) if metrics else False

"""Results of Great Expectations, 0.x and 1.x: one validation, or a checkpoint with several.

Forms: ``ExpectationSuiteValidationResult`` (``statistics``, ``results``, ``meta``; what the validation store writes),
``CheckpointResult`` (``run_results``), and what ``CheckpointResult.describe()`` prints (``validation_results``), after
great_expectations' ``core/expectation_validation_result.py`` and ``checkpoint/``. They judge data and name a batch of
it, by an asset and when it was loaded: that is no version of the data, so that only a sidecar binds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts.evaluation.document import line_of, text
from lifelint.facts.evaluation.names import number
from lifelint.facts.evaluation.noun import Evaluation, Metric

SIGN = b'"evaluated_expectations"'
"""Stands in every form of a result."""

_COMPACT = lazy(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?=[.Z])")
_COLUMNS = ("column", "column_A", "column_B", "column_list", "column_set")


def parse_expectations(document: Mapping[str, Any]) -> Evaluation | None:
    """The figures of every validation in a result, counted again from what it says of each expectation.

    Raises:
        Unreadable: its statistics are not those of its results. Only where it says that Great Expectations wrote it:
            others write summaries in this form.
    """
    found = [*_validations(document)]
    try:
        metrics = tuple(metric for validation in found for metric in _metrics(validation))
    except Unreadable:
        if any("great_expectations_version" in _part(validation, "meta") for validation in found):
            raise
        return None
    created = max((_created(validation) for validation in found), default="")
    return Evaluation("", 1, "great-expectations", metrics, created=created, judges="data") if metrics else None


def _validations(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    runs, listed = document.get("run_results"), document.get("validation_results")
    if isinstance(runs, dict):
        inside = [run.get("validation_result", run) for run in runs.values() if isinstance(run, dict)]
    else:
        inside = listed if isinstance(listed, list) else [document]
    yield from (
        each for each in inside if isinstance(each, dict) and "evaluated_expectations" in _part(each, "statistics")
    )


def _part(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _metrics(validation: Mapping[str, Any]) -> Iterator[Metric]:
    listed = validation.get("results", validation.get("expectations"))
    results = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    batch = _batch(validation, results)
    yield from _counted(_part(validation, "statistics"), results, batch)
    for result in results:
        yield from _observed(result, batch)


def _counted(statistics: Mapping[str, Any], results: Sequence[Mapping[str, Any]], batch: str) -> Iterator[Metric]:
    """The statistics, by the results: all are listed, or (``only_return_failures``) those that failed."""
    line = line_of(statistics, "evaluated_expectations")
    evaluated, failed = (number(statistics.get(f"{word}_expectations")) for word in ("evaluated", "unsuccessful"))
    unsuccessful = sum(result.get("success") is not True for result in results)
    if evaluated is None or failed != unsuccessful or len(results) not in (evaluated, unsuccessful):
        told = f"{statistics.get('unsuccessful_expectations')} of {statistics.get('evaluated_expectations')}"
        seen = f"{unsuccessful} of the {len(results)} that it lists"
        raise Unreadable(f"counts {told} expectations as not met, and {seen} are not", line or 1)
    successful = evaluated - unsuccessful
    yield Metric("evaluated_expectations", evaluated, line, dataset=batch)
    yield Metric("successful_expectations", successful, line, dataset=batch, higher_is_better=True)
    yield Metric("unsuccessful_expectations", float(unsuccessful), line, dataset=batch, higher_is_better=False)
    percent = 100 * successful / evaluated if evaluated else None
    yield Metric("success_percent", percent, line, dataset=batch, higher_is_better=True)


def _observed(result: Mapping[str, Any], batch: str) -> Iterator[Metric]:
    """The numbers that an expectation observed, as ``TYPE.NAME`` of a column."""
    config, observed = _part(result, "expectation_config"), _part(result, "result")
    asked = _part(config, "kwargs") or _part(result, "kwargs")
    named = (config.get("type"), config.get("expectation_type"), result.get("expectation_type"))
    kind = next((name for name in named if isinstance(name, str)), "")
    count = number(observed.get("element_count"))
    for name, value in observed.items():
        told = number(value)
        if kind and told is not None:
            line = line_of(observed, name)
            n = int(count) if count is not None and 0 <= count < 1e18 else None
            yield Metric(f"{kind}.{name}", told, line, _columns(asked), batch, n)


def _columns(asked: Mapping[str, Any]) -> str:
    given = [asked[name] for name in _COLUMNS if name in asked]
    flat = [part for value in given for part in (value if isinstance(value, list) else [value])]
    return ",".join(map(str, flat))


def _batch(validation: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> str:
    """The asset that was validated: as ``meta`` names it (two ways before 1.0), else the batch of the expectations."""
    meta = _part(validation, "meta")
    for part in ("active_batch_definition", "batch_kwargs"):
        if name := text(_part(meta, part), "data_asset_name"):
            return name
    asked = (_part(_part(result, "expectation_config"), "kwargs") or _part(result, "kwargs") for result in results)
    return next((name for kwargs in asked if (name := text(kwargs, "batch_id"))), "")


def _created(validation: Mapping[str, Any]) -> str:
    """When it was validated, as ISO 8601: 0.x writes it without separators."""
    meta = _part(validation, "meta")
    told = text(meta, "validation_time") or text(_part(meta, "run_id"), "run_time")
    return _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", told)

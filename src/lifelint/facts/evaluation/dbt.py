"""``run_results.json`` of dbt: what came of each test of the data (schemas.getdbt.com, ``dbt/run-results/v1`` to 6).

A data test is ``test.PACKAGE.NAME`` (and a hash, where it is generic); unit tests judge the code on made-up rows and
are left out, like models and seeds, and so are tests that were compiled and not run, which have the status ``success``
(``dbt compile``, ``dbt docs generate``). The file names neither the code nor the version of what it read, so that only
a sidecar binds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.evaluation.document import line_of, text
from lifelint.facts.evaluation.names import number
from lifelint.facts.evaluation.noun import Evaluation, Metric

SIGN = b"/dbt/run-results/v"
"""Stands in the address of the schema that every such file names."""

_SCHEMA = lazy(r"https?://schemas\.getdbt\.com/dbt/run-results/v\d+(?:\.json|/index\.html)")
_STATUSES = ("pass", "warn", "fail", "error", "skipped")
"""What can come of a test (dbt-core, ``artifacts/schemas/results.py``)."""


def parse_dbt(document: Mapping[str, Any]) -> Evaluation | None:
    """How many tests of the data passed, and the failing rows of each; ``None`` where none ran."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict) or not _SCHEMA.fullmatch(text(metadata, "dbt_schema_version")):
        return None
    tests = [*_tests(document)]
    if not tests:
        return None
    line = line_of(document, "results")
    came = [status for status, _ in tests]
    counts = [Metric(f"tests_{status}", float(came.count(status)), line) for status in _STATUSES]
    metrics = (Metric("tests", float(len(tests)), line), *counts, *(metric for _, metric in tests))
    return Evaluation("", 1, "dbt", metrics, created=text(metadata, "generated_at"), judges="data")


def _tests(document: Mapping[str, Any]) -> Iterator[tuple[str, Metric]]:
    """Each data test's status, and its failures as the metric of its name: no number where it could not run."""
    results = document.get("results")
    for position, result in enumerate(results if isinstance(results, list) else ()):
        if isinstance(result, dict) and _is_test(result):
            _, package, name, *_ = [*text(result, "unique_id").split("."), "", ""]
            line = line_of(result, "failures") or line_of(results, position)
            failures = Metric("failures", number(result.get("failures")), line, name, package, higher_is_better=False)
            yield text(result, "status"), failures


def _is_test(result: Mapping[str, Any]) -> bool:
    return text(result, "unique_id").startswith("test.") and text(result, "status") in _STATUSES

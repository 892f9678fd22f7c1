"""Checks of data and predictions in Python, by the calls that make them: nothing is imported.

The names are those of the public documentation of Evidently, NannyML, whylogs, alibi-detect, the SageMaker SDK and
Vertex AI's. What only measures is told without a threshold that could be told: what becomes of it is for other code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifelint.facts.monitoring.noun import BEHAVIOUR, Monitor
from lifelint.facts.references import syntax
from lifelint.facts.references.syntax import Call

WORDS = ("evidently", "nannyml", "whylogs", "alibi_detect", "model_monitor", "ModelDeploymentMonitoringJob")
_DEFAULT = "the default"
_COMPARES = ("lt", "lte", "gt", "gte", "eq", "not_eq", "is_in", "not_in")
_NANNYML = ("DriftCalculator", "CBPE", "DLE", "PerformanceCalculator", "StatsCalculator", "ValuesCalculator")


def parse(data: bytes) -> tuple[Monitor, ...]:
    """The checks that a module makes, without its path.

    Raises:
        Unreadable: not Python.
    """
    module = syntax.parse(data)
    return tuple(found for call in module.calls for found in _monitors(call))


def _monitors(call: Call) -> Iterator[Monitor]:
    top, _, _ = call.name.partition(".")
    last = call.name.rpartition(".")[2]
    if top == "evidently":
        yield from _evidently(call, last)
    elif top == "nannyml" and last.endswith(_NANNYML):
        yield _made("nannyml", call, last, "thresholds", "threshold")
    elif top == "whylogs" and ".constraints.factories." in call.name and last.islower():
        yield _made("whylogs", call, last, "number", "upper", "lower")
    elif top == "whylogs" and last == "log":
        yield Monitor("", call.line, "whylogs", last, BEHAVIOUR, None)
    elif top == "alibi_detect" and last.endswith(("Drift", "DriftOnline")):
        yield _made("alibi-detect", call, last, "p_val", "ert")
    elif last == "create_monitoring_schedule":
        yield Monitor("", call.line, "sagemaker", last, BEHAVIOUR, "its baseline")
    elif "ModelDeploymentMonitoringJob" in call.name and last == "create":
        yield Monitor("", call.line, "vertex", "ModelDeploymentMonitoringJob", BEHAVIOUR, None)
    elif top == "google" and last in ("SkewDetectionConfig", "DriftDetectionConfig"):
        yield _made("vertex", call, last, "drift_thresholds", "skew_thresholds")


def _evidently(call: Call, last: str) -> Iterator[Monitor]:
    """Tests and presets of tests have limits by themselves; reports only where they are told to test."""
    if last == "TestSuite":
        return
    if last.endswith("TestPreset") or (last.startswith("Test") and last[4:5].isupper()):
        yield _made("evidently", call, last, *_COMPARES)
    elif last == "Report" and call.given(-1, "include_tests") is True:
        yield Monitor("", call.line, "evidently", last, BEHAVIOUR, _DEFAULT)
    elif last.endswith(("DriftPreset", "DriftMetric", "DriftTable", "QualityPreset", "SummaryPreset")):
        yield Monitor("", call.line, "evidently", last, BEHAVIOUR, None)


def _made(tool: str, call: Call, name: str, *limits: str) -> Monitor:
    """A check with limits of its own, and those that it is given instead."""
    given = ((limit, call.keywords[limit]) for limit in limits if limit in call.keywords)
    limit, value = next(given, ("", None))
    return Monitor("", call.line, tool, name, BEHAVIOUR, f"{limit} {_shown(value)}".strip() if limit else _DEFAULT)


def _shown(value: Any) -> str:
    return f"{value}" if isinstance(value, (int, float)) else ""

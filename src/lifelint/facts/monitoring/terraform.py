"""Alarms and model monitors in Terraform, read block by block as ``terraform fmt`` writes them.

A block begins and ends at the left margin; what modules and variables make of it only a run knows. The resources are
those of the providers' pages on registry.terraform.io.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifelint._patterns import lazy
from lifelint.facts._text import decode
from lifelint.facts.monitoring.naming import watched
from lifelint.facts.monitoring.noun import BEHAVIOUR, Monitor

_BLOCK = lazy(r'^resource\s+"(\w+)"\s+"([\w-]+)"\s*\{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_LIMITS = {
    "aws_cloudwatch_metric_alarm": r"threshold",
    "google_monitoring_alert_policy": r"threshold_value|expression|query",
    "azurerm_monitor_metric_alert": r"threshold",
    "datadog_monitor": r"critical|query",
    "newrelic_nrql_alert_condition": r"threshold",
    "grafana_rule_group": r"params|expr",
}
_MODELS = {
    "aws_sagemaker_monitoring_schedule", "aws_sagemaker_data_quality_job_definition",
    "google_vertex_ai_model_monitor", "google_vertex_ai_model_monitoring_job",
}  # fmt: skip
"""Monitors that look at data and predictions and keep their limits in a baseline."""

WORDS = (*_LIMITS, *_MODELS)


def parse(data: bytes) -> tuple[Monitor, ...]:
    """The monitors of a file, without its path.

    Raises:
        Unreadable: not UTF-8.
    """
    return tuple(_monitors(decode(data)))


def _monitors(text: str) -> Iterator[Monitor]:
    for block in _BLOCK.finditer(text):
        kind, name, body = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        if kind in _MODELS:
            yield Monitor("", line, "terraform", name, BEHAVIOUR, "its baseline")
        elif kind in _LIMITS:
            limit = re.search(rf"^\s*(?:{_LIMITS[kind]})\s*=\s*(\S.*)$", body, re.MULTILINE)
            yield Monitor("", line, "terraform", name, watched(name, body), limit[1].strip() if limit else "")

"""What watches a model in operation, told by the names in alerts, objectives, alarms and checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.monitoring import calls, documents, terraform
from lifelint.facts.monitoring.naming import threshold, watched
from tests.conftest import facts_of

SHIPPED = {"cog.yaml": "predict: predict.py:Predictor\n"}


def monitors(files: Mapping[str, str]) -> list[tuple[Any, ...]]:
    found = facts_of({**SHIPPED, **files})["monitors"].items
    return [(one.path, one.line, one.tool, one.watches, one.threshold) for one in found]


def routes(files: Mapping[str, str]) -> list[tuple[Any, ...]]:
    found = facts_of({**SHIPPED, **files})["alert_routes"].items
    return [(one.line, one.tool, one.receiver, one.defined, one.by) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ChurnDown up{job= churn } == 0", "service"),
        ("SlowAnswers histogram_quantile(0.99, prediction_latency_seconds_bucket)", "service"),
        ("HighErrorRate rate(prediction_errors_total[5m])", "service"),
        ("NodeClockSkew node_timex_offset_seconds", "service"),
        ("InputDrift max(feature_drift_psi)", "behaviour"),
        ("ModelAccuracy2 x", "behaviour"),
        ("LowConfidence avg(model_score)", "behaviour"),
        ("ManyPositives avg_over_time(model_positive_ratio[1d])", "behaviour"),
        ("QueueBackup prediction_queue_length", "service"),
        ("Sales revenue_total", ""),
    ],
)
def test_names_tell_what_is_watched(text: str, found: str) -> None:
    assert watched(text) == found


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("up == 0", "== 0"),
        ('x{a!="b",c=~">5"} > bool 0.5', "> bool 0.5"),
        ('drift{model!="shadow"}', ""),
        ("rate(x[5m])", ""),
        ("absent(up{job='a'})", "absent"),
        ("(a / b) >= 0.3 and c", ">= 0.3"),
        ("a < on() group_left limit", "< on"),
        ("a > [More Information Needed]", ""),
    ],
)
def test_a_threshold_is_a_comparison(expression: str, found: str) -> None:
    assert threshold(expression) == found


def test_rules_lie_in_files_charts_and_config_maps() -> None:
    rule = "- {alert: Down, expr: up == 0}\n"
    files = {
        "rules.yml": f"groups:\n- name: a\n  rules:\n  {rule}",
        "values.yaml": "prometheus:\n  rules:\n    a: {groups: [{rules: [{alert: Down, expr: up == 0}]}]}\n",
        "map.yaml": f"kind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n    - rules:\n      {rule}",
    }

    assert monitors(files) == [
        ("map.yaml", 6, "prometheus", "service", "== 0"),
        ("rules.yml", 4, "prometheus", "service", "== 0"),
        ("values.yaml", 3, "prometheus", "service", "== 0"),
    ]


def test_a_template_of_a_chart_watches_something() -> None:
    text = "{{- if .Values.rules }}\nkind: PrometheusRule\nspec: {{ .Values.spec }}\n{{- end }}\n"

    assert monitors({"chart/rules.yaml": text}) == [("chart/rules.yaml", 2, "prometheus", "", None)]


def test_grafana_has_its_limits_beside_the_query() -> None:
    text = """
groups:
- name: a
  rules:
  - title: Inputs
    condition: B
    data:
    - {refId: A, model: {expr: max(feature_drift)}}
    - {refId: B, model: {type: threshold, conditions: [{evaluator: {type: gt, params: [0.2]}}]}}
  - title: Latency
    condition: A
    data: [{refId: A, model: {expr: max(latency_seconds)}}]
"""

    assert monitors({"grafana/rules.yaml": text}) == [
        ("grafana/rules.yaml", 5, "grafana", "behaviour", "gt 0.2"),
        ("grafana/rules.yaml", 10, "grafana", "service", ""),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: answers}\nspec:\n  description: latency of answers\n"
            "  objectives:\n  - target: 0.99\n",
            (7, "openslo", "service", "0.99"),
        ),
        (
            "version: prometheus/v1\nservice: churn\nslos:\n- name: availability\n  objective: 99.9\n",
            (5, "sloth", "service", "99.9"),
        ),
        (
            "apiVersion: pyrra.dev/v1\nkind: ServiceLevelObjective\nmetadata:\n  name: errors\nspec: {target: '9'}\n",
            (5, "pyrra", "service", "9"),
        ),
        (
            "create_monitor:\n  monitoring_signals:\n    inputs:\n      type: data_drift\n      metric_thresholds:\n"
            "        numerical: {jensen_shannon_distance: 0.01}\n",
            (3, "azureml", "behaviour", "0.01"),
        ),
    ],
)
def test_objectives_and_monitors_of_clouds_are_read(text: str, found: tuple[Any, ...]) -> None:
    assert monitors({"a.yaml": text}) == [("a.yaml", *found)]


def test_alarms_in_terraform_are_read_block_by_block() -> None:
    text = """
resource "aws_cloudwatch_metric_alarm" "p95" {
  metric_name = "ModelLatency"
  threshold   = var.limit
}

resource "aws_sagemaker_monitoring_schedule" "inputs" {
  name = "a"
}

resource "aws_s3_bucket" "threshold" {
  bucket = "drift"
}
"""

    assert monitors({"infra/a.tf": text}) == [
        ("infra/a.tf", 2, "terraform", "service", "var.limit"),
        ("infra/a.tf", 7, "terraform", "behaviour", "its baseline"),
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (
            "from evidently.tests import TestColumnDrift as T\nT('a', stattest_threshold=0.1)",
            ("evidently", "the default"),
        ),
        ("import evidently.tests\nevidently.tests.TestNumberOfMissingValues(lt=5)", ("evidently", "lt 5")),
        ("from evidently import Report\nReport([], include_tests=True)", ("evidently", "the default")),
        ("from evidently.presets import DataDriftPreset\nDataDriftPreset()", ("evidently", None)),
        ("import nannyml as nml\nnml.CBPE(thresholds={'roc_auc': t})", ("nannyml", "thresholds")),
        ("import nannyml\nnannyml.UnivariateDriftCalculator()", ("nannyml", "the default")),
        (
            "from whylogs.core.constraints.factories import greater_than_number\ngreater_than_number('a', number=3)",
            ("whylogs", "number 3"),
        ),
        ("import whylogs as why\nwhy.log(frame)", ("whylogs", None)),
        ("from alibi_detect.cd import KSDrift\nKSDrift(x, p_val=0.05)", ("alibi-detect", "p_val 0.05")),
        ("from sagemaker.model_monitor import X\nx.create_monitoring_schedule()", ("sagemaker", "its baseline")),
    ],
)
def test_checks_in_code_are_told_by_their_calls(code: str, found: tuple[str, str | None]) -> None:
    assert monitors({"jobs/check.py": code}) == [("jobs/check.py", 2, found[0], "behaviour", found[1])]


def test_what_shows_or_tries_something_watches_nothing() -> None:
    rules = "groups: [{rules: [{alert: Down, expr: up == 0}]}]\n"
    files = {f"{folder}/rules.yml": rules for folder in ("examples", "tests/fixtures", "docs", "third_party", "e2e")}

    assert monitors(files) == []
    assert facts_of({"rules.yml": rules})["monitors"].items == ()
    assert len(facts_of({"monitoring/rules.yml": rules})["monitors"].items) == 1  # where no model is shipped, by name


def test_what_only_holds_such_a_word_is_not_told_of() -> None:
    made = facts_of({**SHIPPED, "otel.yaml": "receivers: {a: 1}\nreceivers: {b: 2}\n"})

    assert list(made["monitors"].unread) == []


def test_receivers_are_looked_up_in_the_tree_of_routes() -> None:
    text = """
alertmanager:
  config:
    route:
      receiver: a
      routes:
      - receiver: b
        routes: [{receiver: c}]
    receivers:
    - name: a
    - name: b
      pagerduty_configs: [{routing_key: "[More Information Needed]"}]
      email_configs: [{to: oncall@acme.ai}]
"""

    assert routes({"values.yaml": text}) == [
        (5, "alertmanager", "a", True, ()),
        (7, "alertmanager", "b", True, ("email",)),
        (8, "alertmanager", "c", False, ()),
    ]


@pytest.mark.parametrize(
    ("owner", "by"),
    [("group:default/ml", ("owner",)), ("user:guest", ()), ("guests", ()), ("''", ()), ("TODO", ()), ("[a]", ())],
)
def test_a_component_has_an_owner_who_is_somebody(owner: str, by: tuple[str, ...]) -> None:
    text = f"kind: Component\nspec:\n  owner: {owner}\n"

    assert [(line, found) for line, _, _, _, found in routes({"catalog-info.yaml": text})] == [(3, by)]


@given(st.text("alert:expr -{}[]|>'\"\n groups&*receiver", max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    for parse in (documents.parse, terraform.parse, calls.parse):
        try:
            parse(text.encode())
        except Unreadable:
            pass


KEYS = (
    *("alert", "expr", "title", "condition", "data", "model", "evaluator", "params", "type", "annotations", "summary"),
    *("apiVersion", "kind", "spec", "metadata", "name", "objectives", "target", "slos", "objective", "version"),
    *("monitoring_signals", "metric_thresholds", "route", "routes", "receiver", "receivers", "contactPoints", "owner"),
    *("email_configs", "to", "stringData"),
)
LEAVES = st.sampled_from(
    [None, True, 2, 0.5, "", "up == 0", "openslo/v1", "SLO", "prometheus/v1", "pyrra.dev/v1", "ServiceLevelObjective",
     "ConfigMap", "alert: a\nexpr: up == 0\n", "receiver: [", "Component", *KEYS]
)  # fmt: skip
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=30
)


@given(DOCUMENTS)
def test_no_document_breaks_the_facts(document: Any) -> None:
    text = json.dumps(document)
    made = facts_of({**SHIPPED, "a.yaml": text, "catalog-info.yaml": text})

    for kind in ("monitors", "alert_routes"):
        assert {one.path for one in made[kind].items} <= {"a.yaml", "catalog-info.yaml"}

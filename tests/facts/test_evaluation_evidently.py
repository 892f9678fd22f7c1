"""Reports of Evidently, as version 0.7.23 writes them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.evaluation.evidently import parse_evidently
from lifelint.facts.evaluation.noun import Evaluation
from tests.conftest import facts_of
from tests.facts.test_evaluations import TEST


def metric(kind: str, value: Any, **more: Any) -> dict[str, Any]:
    config = {"type": f"evidently:metric_v2:{kind}", **more}
    return {"id": "2df7cb543daa4f42d1d5cdad5bb551ae", "metric_name": f"{kind}()", "config": config, "value": value}


MADE = {
    "metrics": [
        metric("F1Score", 0.847926267281106, classification_name="default", conf_matrix=True),
        metric("F1ByLabel", {"0": 0.819672131147541, "1": 0.847926267281106}, classification_name="default"),
        metric("RocAuc", 0.9434153254377974, classification_name="default"),
        metric("MAE", {"mean": 0.0482868990155946, "std": 0.027996755175227303}, regression_name="default"),
        metric("DummyF1Score", 0.5),
        metric("ValueDrift", 0.03, column="age", threshold=0.05),
        metric("DriftedColumnsCount", {"count": 1.0, "share": 0.5}, drift_share=0.5),
    ],
    "tests": [],
}
GATES = """schema: gates/v1
gates:
- {metric: roc_auc, op: ">=", threshold: 0.9}
- {metric: f1, slice: "0", op: ">=", threshold: 0.85}
"""


def report(files: dict[str, str]) -> Evaluation:
    [found] = facts_of(files)["evaluations"].items
    assert isinstance(found, Evaluation)
    return found


def test_what_it_says_of_a_model_is_read_and_drift_is_not() -> None:
    found = report({"evaluation.json": json.dumps(MADE, indent=1)})

    assert found.form == "evidently"
    assert [(m.name, m.slice, round(m.value or 0, 2)) for m in found.metrics] == [
        ("f1_score", "", 0.85), ("f1", "0", 0.82), ("f1", "1", 0.85), ("roc_auc", "", 0.94), ("mae", "", 0.05),
    ]  # fmt: skip
    assert [(b.name, [m.name for m in b.metrics]) for b in found.baselines] == [("dummy", ["f1_score"])]


def test_a_sidecar_binds_it() -> None:
    subject = {"commit": "1" * 40, "datasets": [{"name": "test", "role": "test", "version": f"md5:{TEST}"}]}
    found = report({"evaluation.json": json.dumps(MADE), "evaluation.json.subject.json": json.dumps(subject)})

    assert (found.bound, found.commit) == ("sidecar", "1" * 40)


def test_gates_are_decided_by_it() -> None:
    made = facts_of({"evaluation.json": json.dumps(MADE), "gates.yaml": GATES})

    assert [(gate.metric, gate.holds) for gate in made["gates"].items] == [("roc_auc", True), ("f1", False)]


def test_a_report_of_drift_alone_is_no_judgement_of_a_model() -> None:
    drift = {"metrics": MADE["metrics"][-2:], "tests": []}

    assert not facts_of({"report.json": json.dumps(drift)})["evaluations"].items


VALUES: Any = st.recursive(
    st.none() | st.floats() | st.sampled_from(["evidently:metric_v2:MAE", "evidently:metric_v2:F1ByLabel", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["config", "type", "value", "mean", "0"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_hostile_reports_break_nothing(value: Any) -> None:
    parse_evidently({"metrics": value})
    parse_evidently({"metrics": [value, metric("F1ByLabel", value), metric("MAE", value)]})

"""Runs of MLflow in git, in the files that version 3.17 wrote."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Unreadable
from lifelint.facts.evaluation.mlflow import Point, Run, parse_commit, parse_logged, parse_metric, parse_run
from lifelint.facts.evaluation.noun import Evaluation
from tests.conftest import facts_of
from tests.facts.test_evaluations import OLD, TEST, commit, folder, head, told

__all__ = ["folder"]

RUN = "mlruns/0/3ffd651afe79467cae0b7bdffdff2fea"
MODEL = "mlruns/0/models/m-fd9c1c35be654f2a8e2f4f25b9413959"
META = """artifact_uri: file:///srv/mlruns/0/3ffd651afe79467cae0b7bdffdff2fea/artifacts
end_time: 1795616526785
entry_point_name: ''
experiment_id: '0'
lifecycle_stage: active
run_id: 3ffd651afe79467cae0b7bdffdff2fea
run_name: defiant-sow-247
source_type: 4
start_time: 1795616526769
status: 3
tags: []
user_id: root
"""
LOGGED = """artifact_path: file:///srv/mlruns/0/models/m-fd9c1c35be654f2a8e2f4f25b9413959/artifacts
flavors:
  python_function:
    loader_module: mlflow.pyfunc.model
    python_model: python_model.pkl
    python_version: 3.11.7
mlflow_version: 3.17.2
model_id: m-fd9c1c35be654f2a8e2f4f25b9413959
model_uuid: m-fd9c1c35be654f2a8e2f4f25b9413959
run_id: 3ffd651afe79467cae0b7bdffdff2fea
utc_time_created: '2026-11-25 14:22:59.879937'
"""
MADE = {
    f"{RUN}/meta.yaml": META,
    f"{RUN}/metrics/rmse": "1795616526778 0.5 0\n1795616526778 0.4 1\n",
    f"{RUN}/metrics/f1": "1795616526784 0.9 0 test 3f1a2b4c\n",
    f"{RUN}/metrics/test/bias": "1795616526784 -3.5 0\n",
    f"{RUN}/params/depth": "3",
    f"{RUN}/tags/mlflow.source.type": "LOCAL",
    f"{MODEL}/meta.yaml": "model_id: m-fd9c1c35be654f2a8e2f4f25b9413959\n",
    f"{MODEL}/metrics/f1": "1795616526784 0.9 0 3ffd651afe79467cae0b7bdffdff2fea test 3f1a2b4c\n",
    f"{MODEL}/artifacts/MLmodel": LOGGED,
}
TAG = f"{RUN}/tags/mlflow.source.git.commit"


def runs(files: dict[str, str]) -> list[Evaluation]:
    return [e for e in facts_of(files)["evaluations"].items if e.form == "mlflow"]


def test_a_run_is_one_report_of_all_its_metrics() -> None:
    [found] = runs(MADE)

    assert (found.path, found.judges, found.created) == (
        f"{RUN}/meta.yaml",
        "model",
        "2026-11-25T14:22:06.785000+00:00",
    )
    assert [(m.name, m.value, m.dataset) for m in found.metrics] == [
        ("f1", 0.9, "test"),
        ("rmse", 0.4, ""),
        ("test/bias", -3.5, ""),
    ]


def test_models_that_it_logged_are_named_and_not_proven() -> None:
    [found] = runs(MADE)
    [model] = found.models

    assert (model.name, model.pointer, model.version) == (
        "m-fd9c1c35be654f2a8e2f4f25b9413959",
        f"{MODEL}/artifacts",
        "",
    )
    assert (found.bound, found.datasets) == ("", ()), "a digest of a sample is no version of the data"


def test_a_model_that_another_run_logged_is_not_its_own() -> None:
    older = {f"{RUN}/artifacts/model/MLmodel": "run_id: 3ffd651afe79467cae0b7bdffdff2fea\nmodel_uuid: 2d5b\n"}
    other = {f"{MODEL}/artifacts/MLmodel": LOGGED.replace("run_id: 3ffd", "run_id: 4eee")}

    assert [model.name for model in runs({**MADE, **other, **older})[0].models] == ["model"]


def test_gates_are_decided_by_the_run_that_ended_last() -> None:
    later = f"{RUN[:-4]}0000"
    files = {
        **MADE,
        f"{later}/meta.yaml": META.replace("end_time: 1795616526785", "end_time: 1795616999999"),
        f"{later}/metrics/rmse": "1795616999000 0.7 0\n",
        "gates.yaml": "schema: gates/v1\ngates:\n- {metric: rmse, op: '<=', threshold: 0.5}\n"
        "- {metric: bias, op: '>=', threshold: -5}\n",
    }
    made = facts_of(files)["gates"].items

    assert [(gate.report, gate.holds) for gate in made] == [(f"{later}/meta.yaml", False), (f"{RUN}/meta.yaml", True)]


@pytest.mark.parametrize(
    "changed",
    [
        {f"{RUN}/meta.yaml": META.replace("active", "deleted")},
        {f"{RUN}/metrics/rmse": "", f"{RUN}/metrics/f1": "soon\n"},
    ],
)
def test_deleted_runs_and_empty_metrics_are_none(changed: dict[str, str]) -> None:
    assert not runs({**MADE, **changed})


def test_a_run_with_losses_alone_judges_nothing() -> None:
    assert not runs({f"{RUN}/meta.yaml": META, f"{RUN}/metrics/train_loss": "1795616526778 0.5 0\n"})


def test_a_run_without_its_record_is_read() -> None:
    [found] = runs({path: text for path, text in MADE.items() if path != f"{RUN}/meta.yaml"})

    assert (found.path, found.created) == (f"{RUN}/metrics/f1", "")


def test_a_record_that_is_broken_is_told_and_the_run_goes_on() -> None:
    made = facts_of({**MADE, f"{RUN}/meta.yaml": "a: [\n"})["evaluations"]

    assert [unread.path for unread in made.unread] == [f"{RUN}/meta.yaml"]
    assert len(made.items) == 1


def test_its_tag_names_the_commit(folder: Path) -> None:
    built = head(folder)
    commit(folder, "run", {**MADE, TAG: built})
    found = told(folder, f"{RUN}/meta.yaml")

    assert (found.bound, found.commit, found.subject_path) == ("report", built, TAG)
    assert [(verdict.field, verdict.holds) for verdict in found.verdicts] == [("commit", True)]


def test_a_commit_that_is_gone_is_unknown_since_it_may_have_been_squashed(folder: Path) -> None:
    commit(folder, "run", {**MADE, TAG: "9" * 40})

    assert [verdict.holds for verdict in told(folder, f"{RUN}/meta.yaml").verdicts] == [None]


def test_a_sidecar_binds_a_run_to_model_and_data(folder: Path) -> None:
    subject = {
        "commit": head(folder),
        "models": [{"name": "m", "pointer": "m.onnx.dvc", "digest": f"md5:{OLD}"}],
        "datasets": [{"name": "test", "role": "test", "pointer": "test.csv.dvc", "version": f"md5:{TEST}"}],
    }
    beside = {f"{RUN}/meta.yaml.subject.json": json.dumps(subject)}
    commit(folder, "run", {**MADE, TAG: head(folder), **beside})
    found = told(folder, f"{RUN}/meta.yaml")

    assert (found.bound, [model.pointer for model in found.models]) == ("sidecar", ["m.onnx.dvc"])
    assert {verdict.field: verdict.holds for verdict in found.verdicts} == {
        "commit": True,
        "model:m": True,
        "test:test": True,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 0.5\n", Point(0, 5, 0.5, "")),
        ("7 0.5 1\n9 0.9 0\n", Point(1, 7, 0.5, "")),
        ("7 0.5 1\n9 0.9 1\n", Point(1, 9, 0.9, "")),
        ("7 inf 0 test 3f1a2b4c\n", Point(0, 7, math.inf, "test")),
        ("7 0.5 1 run\n", False),
        ("1 2 3\nbroken\n", False),
        ("", False),
    ],
)
def test_the_last_step_counts_as_in_mlflow(text: str, expected: object) -> None:
    assert parse_metric(text.encode()) == expected


@given(st.binary(max_size=60) | st.text("12 e.-naninf\n", max_size=30).map(str.encode))
def test_hostile_files_break_nothing(data: bytes) -> None:
    assert isinstance(parse_metric(data), (Point, bool))
    assert parse_commit(data) in ("", data.decode("ascii", "replace").strip())
    for parse in (parse_run, parse_logged):
        with contextlib.suppress(Unreadable):
            assert isinstance(parse(data), (Run, str))

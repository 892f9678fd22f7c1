"""Gates that are drafted from the figures of reports, and what a gate is that nobody has finished."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lifelint.facts import Unreadable
from lifelint.facts.documents.marks import MARK
from lifelint.facts.evaluation.document import Open, parse_demands, parse_gates
from lifelint.snapshot.memory import MemorySnapshot
from tests.cli.conftest import Ran
from tests.conftest import facts_of
from tests.fix.conftest import committed, plan_in_memory

Run = Callable[..., Ran]
OPEN = f"schema: gates/v1\ngates:\n- {{metric: auc, op: '>=', threshold: 0.5}}\n- metric: f1\n  threshold: '{MARK}'\n"


def report(*metrics: dict[str, object]) -> str:
    return json.dumps({"schema": "evaluation-report/v1", "metrics": list(metrics)})


def drafted(files: dict[str, str]) -> list[tuple[str, str, str]]:
    """Metric, comparison and dataset of each gate that is drafted."""
    plan = plan_in_memory(MemorySnapshot(files), "gates-declared")
    [edit] = plan.edits
    assert edit.path == "gates.yaml"
    facts = facts_of({**files, "gates.yaml": edit.after.decode().replace(f'threshold: "{MARK}"', "threshold: 1")})
    assert facts_of({**files, "gates.yaml": edit.after.decode()})["gates"].items == ()
    told = [(gate.metric, gate.op, gate.dataset) for gate in facts["gates"].items]
    return told + [(one.metric, "", "") for one in facts["unfilled_gates"].items]


def why_not(files: dict[str, str]) -> str:
    plan = plan_in_memory(MemorySnapshot(files), "gates-declared")
    assert not plan.edits
    return "; ".join(left.why for left in plan.left)


def test_which_way_a_metric_is_better() -> None:
    metrics = [
        {"name": "AUC", "value": 0.9},
        {"name": "rmse", "value": 2},
        {"name": "gain", "value": 1, "higher_is_better": True},
        {"name": "latency_ms", "value": 12, "kind": "operational"},
        {"name": "dice_mean", "value": 0.7},
        {"name": "bias", "value": 0.1},
    ]

    assert drafted({"eval/report.json": report(*metrics)}) == [
        ("AUC", ">=", ""),
        ("rmse", "<=", ""),
        ("gain", ">=", ""),
        ("latency_ms", "<=", ""),
        ("dice_mean", ">=", ""),
        ("bias", "", ""),
    ]


def test_figures_of_training_data_and_of_slices_judge_nothing_and_each_stands_once() -> None:
    metrics = [
        {"name": "auc", "value": 0.99, "dataset": "train"},
        {"name": "auc", "value": 0.9, "dataset": "test"},
        {"name": "auc", "value": 0.8, "slice": "EU"},
        {"name": "f1", "value": None},
        {"name": "training_mse", "value": 0.1},
        {"name": "epoch", "value": 12},
    ]
    files = {"eval/report.json": report(*metrics), "metrics.json": '{"acc": 0.9}', "other/metrics.json": '{"acc": 1}'}

    assert drafted(files) == [("auc", ">=", "test"), ("acc", ">=", "")]


def test_of_many_figures_those_that_judge_a_model() -> None:
    metrics = {f"count_{number}": number for number in range(20)} | {"r2": 0.4}

    assert drafted({"metrics.json": json.dumps(metrics)}) == [("r2", ">=", "")]


def test_a_metric_with_an_odd_name_is_the_same_when_it_is_read_again() -> None:
    odd = "f1: 'a' # {b}"
    metrics = [{"name": odd, "value": 0.5}, {"name": "a\nb", "value": 1}, {"name": "a\x1bb", "value": 1}]

    assert drafted({"eval/report.json": report(*metrics)}) == [(odd, "", "")]


def test_without_figures_in_git_there_is_nothing_to_draft() -> None:
    lock = "schema: '2.0'\nstages:\n  evaluate:\n    cmd: e\n    outs:\n    - {path: m.json, md5: a, size: 1}\n"
    stage = "stages:\n  evaluate:\n    cmd: e\n    metrics: [m.json]\n"

    assert "no figures of reports are in git" in why_not({"dvc.yaml": stage, "dvc.lock": lock})


def test_what_is_there_is_not_replaced() -> None:
    files = {"metrics.json": '{"auc": 0.9}', "gates.yaml": OPEN}

    assert "what it demands is for you to say" in why_not(files)
    assert why_not({**files, "gates.yaml": "something: else\n"}) == "gates.yaml is there already"


def test_an_open_gate_is_none_and_the_others_count() -> None:
    facts = facts_of({"metrics.json": '{"auc": 0.9}', "gates.yaml": OPEN})

    assert [gate.metric for gate in facts["gates"].items] == ["auc"]
    assert [(one.path, one.line, one.metric, one.mark) for one in facts["unfilled_gates"].items] == [
        ("gates.yaml", 4, "f1", MARK)
    ]
    assert facts["gates"].unread == ()


def test_whoever_needs_all_gates_of_a_file_is_told_of_the_open_one() -> None:
    assert Open("f1", MARK, 4) in (parse_demands(OPEN.encode()) or ())
    with pytest.raises(Unreadable, match=r"has the gate f1, which is to be filled in: it says \[More") as raised:
        parse_gates(OPEN.encode())
    assert raised.value.line == 4


def test_an_open_gate_is_not_met(tmp_path: Path, lifelint: Run) -> None:
    folder = committed(tmp_path / "r", {"metrics.json": '{"auc": 0.9}', "gates.yaml": OPEN})
    ran = lifelint("gates", "check", cwd=folder)

    assert ran.code == 2
    assert "gates.yaml:4 the gate f1 is to be filled in: it says [More Information Needed]" in ran.err
    assert lifelint("gates", "check", "--report", "metrics.json", cwd=folder).code == 2


def test_once_it_is_finished_nothing_is_left(tmp_path: Path, lifelint: Run) -> None:
    folder = committed(tmp_path / "r", {"metrics.json": '{"auc": 0.9}'})
    lifelint("fix", "gates-declared", "--apply", cwd=folder)
    draft = (folder / "gates.yaml").read_text("utf-8")
    committed(folder, {"gates.yaml": draft})
    assert lifelint("fix", "gates-declared", "--apply", cwd=folder).out.startswith("Nothing was written.")
    assert (folder / "gates.yaml").read_text("utf-8") == draft

    committed(folder, {"gates.yaml": draft.replace(f'"{MARK}"', "0.85")})
    assert lifelint("fix", "gates-declared", cwd=folder).code == 0
    assert lifelint("gates", "check", cwd=folder).code == 0

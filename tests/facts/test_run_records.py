"""Stores of experiment trackers: what git tracks of them, and what it is told to leave out."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of

RUN = "91d0b5e0f8a94cd3bd5cbb2a6a4d3f1e"


@pytest.mark.parametrize(
    ("path", "tool", "root"),
    [
        (f"mlruns/0/{RUN}/meta.yaml", "MLflow", "mlruns"),
        ("a/mlruns/models/m/meta.yaml", "MLflow", "a/mlruns"),
        ("wandb/offline-run-20260102_101500-3k2j1h/run.wandb", "Weights & Biases", "wandb"),
        ("lightning_logs/version_0/hparams.yaml", "Lightning", "lightning_logs"),
        ("outputs/2026-01-02/10-15-00/.hydra/config.yaml", "Hydra", "outputs"),
        ("catboost_info/learn/x", "CatBoost", "catboost_info"),
        ("logs/events.out.tfevents.1767348000.h", "TensorBoard", "logs/events.out.tfevents.1767348000.h"),
    ],
)
def test_a_store_is_known_by_its_layout(path: str, tool: str, root: str) -> None:
    [record] = facts_of({path: "12345"})["run_records"].items

    assert (record.tool, record.root, record.files, record.size, record.ignored) == (tool, root, 1, 5, False)


@pytest.mark.parametrize(
    "path",
    [
        "utils/loggers/wandb/__init__.py",
        "mlruns/README.md",
        "outputs/model.pkl",
        "lightning_logs.py",
        "tests/mlruns/0/meta.yaml",
    ],
)
def test_other_files_are_no_records(path: str) -> None:
    assert facts_of({path: "x"})["run_records"].items == ()


def test_a_database_is_known_by_its_first_bytes() -> None:
    files = {"mlflow.db": b"SQLite format 3\0rest", "optuna_study.sqlite3": b"SQLite format 3\0", "mlruns.db": b"text"}
    found = facts_of(files)["run_records"].items

    assert [(one.tool, one.root) for one in found] == [("MLflow", "mlflow.db"), ("Optuna", "optuna_study.sqlite3")]


def test_lines_that_keep_stores_out_are_told_with_their_folder() -> None:
    files = {".gitignore": "# mlruns\n/mlruns/\n*.db\n", "a/.gitignore": "wandb\n"}
    found = facts_of(files)["run_records"].items

    assert [(one.path, one.line, one.root, one.ignored) for one in found] == [
        (".gitignore", 2, "mlruns", True),
        ("a/.gitignore", 1, "a/wandb", True),
    ]

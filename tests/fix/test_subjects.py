"""Subjects that are drafted for reports that name none: nothing is claimed that nobody said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lifelint.facts.documents.marks import MARK
from tests.cli.conftest import Ran
from tests.conftest import facts_of, git
from tests.fix.conftest import committed

Run = Callable[..., Ran]
RULE = "evaluation-names-what-it-evaluated"
OLD, NEW, DATA = "1" * 32, "2" * 32, "3" * 32
POINTER = "outs:\n- {{md5: {}, size: 4, hash: md5, path: {}}}\n"
FIGURES = {"metrics.json": '{"auc": 0.9}'}
FILES = {
    **FIGURES,
    "train.py": "import sklearn\n",
    "model.onnx.dvc": POINTER.format(OLD, "model.onnx"),
    "data/test.csv.dvc": POINTER.format(DATA, "test.csv"),
}
SIDECAR = "metrics.json.subject.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return committed(tmp_path / "repository", FILES)


def drafted(folder: Path, lifelint: Run) -> dict[str, Any]:
    lifelint("fix", RULE, "--apply", cwd=folder)
    subject: dict[str, Any] = json.loads((folder / SIDECAR).read_text("utf-8"))["subject"]
    return subject


def why_not(folder: Path, lifelint: Run) -> str:
    found = lifelint("fix", RULE, "--format", "json", cwd=folder).json
    assert found["fixes"] == []
    return "; ".join(one["why"] for one in found["left"])


def test_it_is_of_the_commit_that_wrote_the_report(folder: Path, lifelint: Run) -> None:
    then = git(folder, "rev-parse", "HEAD").strip()
    committed(folder, {"model.onnx.dvc": POINTER.format(NEW, "model.onnx")})
    subject = drafted(folder, lifelint)

    assert subject["commit"].startswith(f"{MARK} {then[:12]} last wrote the figures")
    assert [(one["pointer"], one["digest"]) for one in subject["models"]] == [("model.onnx.dvc", f"md5:{OLD}")]
    assert [(one["role"], one["version"]) for one in subject["datasets"]] == [("test", f"md5:{DATA}")]


def test_until_somebody_confirms_it_nothing_is_bound(folder: Path, lifelint: Run) -> None:
    drafted(folder, lifelint)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Draft")
    [report] = lifelint("facts", "evaluations", cwd=folder).json["evaluations"]

    assert (report["bound"], report["unfilled"], report["subject_path"]) == ("", MARK, SIDECAR)
    assert (report["models"], report["verdicts"], report["fresh"]) == ([], [], [])
    assert f"{SIDECAR} is to be filled in" in " ".join(lifelint("evaluation", "verify", cwd=folder).out.split())
    before = (folder / SIDECAR).read_bytes()
    assert lifelint("fix", RULE, "--apply", cwd=folder).out.startswith("Nothing was written.")
    assert (folder / SIDECAR).read_bytes() == before


def test_confirmed_it_verifies(folder: Path, lifelint: Run) -> None:
    then = git(folder, "rev-parse", "HEAD").strip()
    drafted(folder, lifelint)
    text = re.sub(r'"commit": "[^"]*"', f'"commit": "{then}"', (folder / SIDECAR).read_text("utf-8"))
    committed(folder, {SIDECAR: text})

    assert lifelint("fix", RULE, cwd=folder).code == 0
    assert lifelint("evaluation", "verify", cwd=folder).code == 0


def test_a_wrong_commit_is_refuted(folder: Path, lifelint: Run) -> None:
    committed(folder, {"model.onnx.dvc": POINTER.format(NEW, "model.onnx")})
    now = git(folder, "rev-parse", "HEAD").strip()
    drafted(folder, lifelint)
    text = re.sub(r'"commit": "[^"]*"', f'"commit": "{now}"', (folder / SIDECAR).read_text("utf-8"))
    committed(folder, {SIDECAR: text})

    assert lifelint("evaluation", "verify", cwd=folder).code == 1


def test_without_a_model_the_command_is_told(tmp_path: Path, lifelint: Run) -> None:
    folder = committed(tmp_path / "r", {**FIGURES, "train.py": ""})

    assert "`lifelint evaluation new --sidecar --metrics metrics.json --model PLACE`" in why_not(folder, lifelint)


@pytest.mark.parametrize("cached", ["true", "false"])
def test_what_a_stage_makes_is_bound_by_its_lock(cached: str, tmp_path: Path, lifelint: Run) -> None:
    stage = f"stages:\n  evaluate:\n    cmd: e\n    metrics:\n    - metrics.json: {{cache: {cached}}}\n"
    files = {**FIGURES, "dvc.yaml": stage} if cached == "false" else {"dvc.yaml": stage}

    assert "a stage makes it: dvc.lock names what the stage lists" in why_not(
        committed(tmp_path / "r", files), lifelint
    )


def test_what_was_never_committed_has_no_commit(folder: Path, lifelint: Run) -> None:
    git(folder, "rm", "-q", "--cached", "metrics.json")
    git(folder, "commit", "-qm", "Forget")
    git(folder, "update-ref", "-d", "HEAD")
    git(folder, "add", "-A")

    assert "the commit that wrote it is not here" in why_not(folder, lifelint)


def test_of_a_shallow_clone_nothing_is_known(folder: Path, tmp_path: Path, lifelint: Run) -> None:
    committed(folder, {"README.md": "x\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{folder}", str(tmp_path / "clone"))

    assert "the commit that wrote it is not here" in why_not(tmp_path / "clone", lifelint)


def test_a_subject_in_the_report_itself() -> None:
    subject = {"commit": "1" * 40, "models": [{"name": "m", "digest": f"{MARK} as sha256:…"}]}
    metrics = [{"name": "auc", "value": 0.9}]
    report = {"schema": "evaluation-report/v1", "subject": subject, "metrics": metrics}
    [found] = facts_of({"eval/report.json": json.dumps(report)})["evaluations"].items

    assert (found.bound, found.unfilled, found.commit, found.models) == ("", MARK, "", ())
    assert [metric.name for metric in found.metrics] == ["auc"]

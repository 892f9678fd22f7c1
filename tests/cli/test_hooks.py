"""The hooks that .pre-commit-hooks.yaml declares, run by pre-commit and by prek on a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import git

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
Make = Callable[..., Path]
HOOKS: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def local(hook: dict[str, Any]) -> dict[str, Any]:
    """The hook as a repository would have it that installed lifelint itself: making an environment needs a network."""
    program, _, rest = hook["entry"].partition(" ")
    assert program == "lifelint"
    return {**hook, "language": "system", "entry": f"{BIN / program} {rest}"}


@pytest.fixture(params=["pre-commit", "prek"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the hooks of a repository by one of the two programs."""
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "PREK_HOME": str(tmp_path / "home")}

    def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [BIN / request.param, "run", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def folder(repository: Make) -> Path:
    made = repository({"README.md": "hello\n", "lifelint.toml": "target = 3\nfail-on = 'warning'\n"})
    with (made / ".pre-commit-config.yaml").open("w") as file:
        YAML().dump({"repos": [{"repo": "local", "hooks": [local(hook) for hook in HOOKS]}]}, file)
    git(made, "add", "-A")
    git(made, "commit", "-qm", "use hooks")
    return made


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_first_judges_what_is_staged_and_not_what_lies_beside_it(folder: Path, run: Run) -> None:
    (folder / "Dockerfile").write_text("FROM python:latest\n")
    git(folder, "add", "Dockerfile")
    (folder / "Dockerfile").write_text(f"FROM python@sha256:{'0' * 64}\n")
    ran = run(folder)

    assert ran.returncode == 1
    assert "Dockerfile:1" in ran.stdout
    assert "lifelint (repository)" not in ran.stdout


def test_it_passes_what_is_well(folder: Path, run: Run) -> None:
    (folder / "Dockerfile").write_text(f"FROM python@sha256:{'0' * 64}\n")
    git(folder, "add", "Dockerfile")
    ran = run(folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Passed" in ran.stdout


def test_it_is_not_run_where_no_file_is_its_kind(folder: Path, run: Run) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    git(folder, "add", "picture.png")

    assert "Skipped" in run(folder).stdout


def test_the_third_judges_the_files_of_a_branch_before_a_push(folder: Path, run: Run) -> None:
    (folder / "old").mkdir()
    (folder / "old/Dockerfile").write_text("FROM python:3.11\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "build")
    git(folder, "checkout", "-q", "-b", "work")
    (folder / "Dockerfile").write_text("FROM python:latest\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "build once more")
    ran = run(folder, "lifelint-changed", "--all-files", "--hook-stage", "pre-push")

    assert ran.returncode == 1
    assert "new: Container images are named by digest" in ran.stdout
    assert "old/Dockerfile" not in ran.stdout


def test_the_second_judges_the_repository_before_a_push(folder: Path, run: Run) -> None:
    (folder / "requirements.txt").write_text("numpy\n")
    (folder / "train.py").write_text("import torch\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "add code")
    ran = run(folder, "lifelint-repo", "--all-files", "--hook-stage", "pre-push")

    assert ran.returncode == 1
    assert "requirements.txt:1" in ran.stdout
    assert "Level 0" in ran.stdout

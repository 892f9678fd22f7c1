"""Which pipelines a command of DVC runs, against what ``dvc`` itself says that it would run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifelint.facts._folders import ended
from lifelint.projects import Project, Shares
from tests.conftest import facts_of, write

pytest.importorskip("dvc")
pytestmark = pytest.mark.filterwarnings("ignore")  # dvc's own
os.environ["DVC_NO_ANALYTICS"] = "1"

ROOTS = ("", "a", "b", "b/c")
FILES = {f"{root}/dvc.yaml".lstrip("/"): "stages:\n  s:\n    cmd: echo\n" for root in ROOTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pipelines")
    write(root, FILES)
    subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "-q"], cwd=root, check=True)
    return root


@pytest.mark.parametrize(
    "text",
    [
        "dvc repro",
        "dvc repro -R",
        "dvc repro -R .",
        "dvc repro -R b",
        "dvc repro -Rf b",
        "dvc repro -P",
        "dvc repro -f a/dvc.yaml",
        "dvc repro a/dvc.yaml b/dvc.yaml:s",
        "dvc --cd b repro",
        "cd a && dvc repro",
        "cd a && dvc repro -P",
        "cd b && dvc repro -R .",
        "cd a && dvc repro ../b/c/dvc.yaml",
    ],
)
def test_the_pipelines_that_dvc_would_run_are_those_that_a_command_counts_for(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = f"on: push\njobs:\n  run:\n    steps:\n    - run: {text}\n"
    shares = Shares(facts_of({**FILES, ".github/workflows/ci.yml": workflow}), [*map(Project, ROOTS)])
    every = [(root, one) for root in ROOTS for one in shares.of(Project(root))["ci_commands"].items]
    ours = {root for root, one in every if one.reach == "project" and "repro" in one.text}
    before, _, command = text.rpartition("&& ")
    monkeypatch.chdir(folder / ended("", before))

    assert ours == would_run(command.split()[1:])


def would_run(words: list[str]) -> set[str]:
    """The folders of the pipelines that ``dvc`` names when it is asked what it would do."""
    from dvc.cli import parse_args

    asked = parse_args([*words, "--dry"])
    command = asked.func(asked)  # which goes where it is told to
    stages = command.repo.reproduce(**command._common_kwargs, **command._repro_kwargs)
    return {stage.path_in_repo.rpartition("dvc.yaml")[0].rstrip("/") for stage in stages}

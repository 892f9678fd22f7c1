"""What a check does grows with a repository and not with its square. Counted, not timed: the same on every machine."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

import lifelint
from lifelint import catalog, inspection
from lifelint.config import Config
from lifelint.snapshot._open import open_snapshot
from lifelint.snapshot.gittree import GitSnapshot
from tests.conftest import git, write

SMALL, TIMES = 8, 4
_HERE = str(Path(lifelint.__file__).parent)
_OPENING = ("open", "open_code")

_LOCKED = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {path: data/raw.csv, hash: md5, md5: d41d8cd98f00b204e9800998ecf8427e, size: 0}
    outs:
    - {path: model.pkl, hash: md5, md5: 0123456789abcdef0123456789abcdef, size: 10}
"""


def project(number: int) -> dict[str, str]:
    """One project of a collection, with something of all that rules ask for."""
    name = f"team{number % 3}/project{number:03}"
    cells = [{"cell_type": "code", "source": "!pip install numpy==2.1.0\nimport numpy", "outputs": [], "metadata": {}}]
    files = {
        "README.md": f"# Churn {number}\n\n## Data\n\n1,204 rows of who left in 2024: raw{number}.csv\n",
        "docs/runbook.md": "# Runbook\n\n## Rollback\n\nDeploy the release before, v1.2.3, and tell ops@example.org.\n",
        f"data/raw{number}.csv.dvc": f"outs:\n- md5: {number:032x}\n  size: 4\n  hash: md5\n  path: raw{number}.csv\n",
        "data/.gitignore": f"/raw{number}.csv\n",
        "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [data/raw.csv]\n    outs: [model.pkl]\n",
        "dvc.lock": _LOCKED,
        "requirements.txt": f"numpy==2.1.{number % 9}\npandas\ntorch==2.1.0\n",
        "Dockerfile": "FROM python:3.12\nRUN pip install -r requirements.txt scipy\n",
        "src/train.py": "from datasets import load_dataset\nfrom sklearn.model_selection import train_test_split\n"
        f"\ndata = load_dataset('team/set{number}')\ntrain, test = train_test_split(data)\n",
        "notebooks/look.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        "metrics.json": json.dumps({"accuracy": number / 1000}),
        "sample.csv": "a,b\n1,2\n",
    }
    jobs = f"jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n    - run: pytest {name}\n    - run: dvc repro\n"
    workflow = {f".github/workflows/{number:03}.yml": f"on: pull_request\npermissions: {{}}\n{jobs}"}
    return workflow | {f"{name}/{path}": text for path, text in files.items()}


class Done(NamedTuple):
    """What a check did: calls by the functions that are called or call out of lifelint, openings, git processes."""

    calls: Counter[str]
    openings: int
    started: int


def checked(folder: Path) -> Done:
    """Checks the change of the last commit of a repository, both of its states with it, and counts."""
    calls: Counter[str] = Counter()
    openings = 0

    def count(frame: FrameType, event: str, called: Any) -> None:
        nonlocal openings
        path = frame.f_code.co_filename
        if event == "c_call" and called.__name__ in _OPENING:
            openings += 1
        if path.startswith(_HERE) and event in ("call", "c_call"):
            name = f"{path[len(_HERE) :]}:{frame.f_code.co_name}"
            calls[name if event == "call" else f"{name} → {called.__name__}"] += 1

    loaded = catalog.load(examples=False)
    base, head = (open_snapshot([folder], rev=rev).snapshot for rev in ("HEAD~1", ""))
    with closing(base), closing(head):
        assert isinstance(base, GitSnapshot)
        assert isinstance(head, GitSnapshot)
        sys.setprofile(count)
        try:
            report = inspection.inspect_change(base, head, Config(), loaded, today="2026-01-01")
        finally:
            sys.setprofile(None)
        assert len(report.projects) > 1
        return Done(calls, openings, base._git.started + head._git.started)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Done]:
    """Two collections of projects, each project committed by itself, and what checking them took."""
    done = []
    for size in (SMALL, SMALL * TIMES):
        folder = tmp_path_factory.mktemp("grown")
        git(folder, "init", "-q")
        for number in range(size):
            write(folder, project(number))
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", f"Add project {number}")
        checked(folder)  # imports, and compiles patterns
        done.append(checked(folder))
    return done[0], done[1]


def test_every_function_is_called_in_proportion(grown: tuple[Done, Done]) -> None:
    few, many = grown
    beyond = {
        name: (few.calls[name], times)
        for name, times in many.calls.items()
        if times > few.calls[name] * TIMES * 1.25 + 40
    }

    assert not beyond, "calls in a repository, and in one four times as large"


def test_files_are_opened_in_proportion(grown: tuple[Done, Done]) -> None:
    few, many = grown

    assert few.openings > 0
    assert many.openings <= few.openings * TIMES


def test_git_is_started_as_often_for_many_projects_as_for_few(grown: tuple[Done, Done]) -> None:
    few, many = grown

    assert many.started == few.started

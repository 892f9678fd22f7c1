"""Whether a second process helped does not show in a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from lifelint import catalog, inspection, parallel, states
from lifelint.config import Config
from lifelint.report import json
from lifelint.snapshot import SnapshotError
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write

Make = Callable[[Mapping[str, str | bytes]], Path]

FILES = {
    "requirements.txt": "numpy==1.26.4\npandas\n",
    "pyproject.toml": "[project\n",
    "Dockerfile": "FROM python:3.11\nRUN pip install torch\n",
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.pkl]\n",
    "train.py": "import numpy\n",
    "flow.py": "from prefect import flow, task\n\n\n@task\ndef fit(): ...\n\n\n@flow\ndef main():\n    fit()\n",
    "broken/flow.py": "from prefect import task\n\n\n@task\ndef (\n",
    "Makefile": "model.pkl: train.py\n\tpython train.py\n",
    "broken/dvc.yaml": "stages: [\n",
    "two/requirements.txt": "scipy\nnumpy==1.26.4\n",
    "two/dvc.yaml": "stages:\n  fit:\n    cmd: python fit.py\n    deps: [absent.csv]\n",
    "README.md": "# Churn\n\n## Data\n\nCustomers that were asked in 2024 why they left; 1,204 rows.\n",
    "docs/runbook.md": "# Runbook\n\n## Rollback\n\nTODO\n",
    "data/a.csv.dvc": "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  size: 0\n  path: a.csv\n",
}
EDITED = {"requirements.txt": "numpy\n"}


@pytest.fixture
def folder(repository: Make) -> Path:
    made = repository(FILES)
    write(made, EDITED)
    return made


def report(folder: Path) -> str:
    with closing(open_snapshot([folder]).snapshot) as snapshot:
        return json.render(inspection.inspect(snapshot, Config(), catalog.load()))


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Takes every repository for a large one; gives the ids of the processes that are started."""
    started: list[int] = []

    def fork() -> int:
        process = os_fork()
        started.append(process)
        return process

    os_fork = os.fork
    monkeypatch.setattr(states, "LARGE", 0)
    monkeypatch.setattr(parallel, "_can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", fork)
    return started


def ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_the_report_tells_of_what_the_other_process_read(folder: Path) -> None:
    made = report(folder)

    assert '"dirty": true' in made, "requirements.txt was edited"
    assert '{"path": "pyproject.toml", "line": 1,' in made
    assert '{"path": "broken/dvc.yaml", "line": ' in made


@needs_fork
def test_two_processes_report_what_one_does(folder: Path, request: pytest.FixtureRequest) -> None:
    alone = report(folder)
    forks = request.getfixturevalue("forks")

    assert report(folder) == alone
    assert len(forks) == 4, "three for facts, one for findings"
    assert all(map(ended, forks))


@needs_fork
def test_a_change_is_judged_in_the_same_processes(folder: Path, request: pytest.FixtureRequest) -> None:
    git(folder, "commit", "-qam", "Pin nothing")
    write(folder, {"two/requirements.txt": "scipy==1.13.0\n", "flow.py": "import numpy\n"})

    def compared() -> str:
        base, head = (open_snapshot([folder], rev=rev).snapshot for rev in ("HEAD~1", ""))
        with closing(base), closing(head):
            return json.render(inspection.inspect_change(base, head, Config(), catalog.load()))

    alone = compared()
    forks = request.getfixturevalue("forks")

    assert '"new": [{"rule": "' in alone
    assert compared() == alone
    assert len(forks) == 5, "one more for what the rules say of the change"


@needs_fork
@pytest.mark.parametrize("last_words", [b"", b"\x80\x05\x95", b"\x80\x05N."])
def test_nothing_is_lost_when_the_other_process_dies(
    folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, last_words: bytes
) -> None:
    alone = report(folder)
    forks = request.getfixturevalue("forks")

    def die(_snapshot: object, _work: object, answer: int) -> None:
        os.write(answer, last_words)
        os._exit(9)

    monkeypatch.setattr(parallel, "_send", die)

    assert report(folder) == alone
    assert all(map(ended, forks))


@needs_fork
def test_the_other_process_is_ended_when_this_one_fails(
    folder: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lifelint.facts import pipeline

    def fail(source: object) -> None:
        raise SnapshotError("git has gone")

    monkeypatch.setattr(pipeline, "stages", fail)
    with pytest.raises(SnapshotError, match="git has gone"):
        report(folder)

    assert ended(forks[0])


@needs_fork
def test_what_is_read_from_the_object_database_is_not_mixed_up(folder: Path, forks: list[int]) -> None:
    with closing(open_snapshot([folder], rev="HEAD").snapshot) as snapshot:
        list(snapshot.read(["train.py"]))  # a git process waits for questions
        inspection.inspect(snapshot, Config(), catalog.load())

        assert dict(snapshot.read(["requirements.txt"])) == {"requirements.txt": b"numpy==1.26.4\npandas\n"}
    assert len(forks) == 4


def test_one_process_is_enough_where_there_is_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)

    assert not parallel._can_fork()

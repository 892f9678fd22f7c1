"""What counts for all projects of a collection is told of them together, and removed from them once."""

from __future__ import annotations

from typing import Any

import pytest

from lifelint import catalog
from lifelint.config import Config
from lifelint.inspection import Report, inspect_change
from lifelint.model import Observation
from lifelint.snapshot.memory import MemorySnapshot

LOADED = catalog.load()
PIPELINE = "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.pkl]\n"
FILES = {f"{name}/{path}": text for name in "abc" for path, text in {"dvc.yaml": PIPELINE, "train.py": ""}.items()}


def workflow(*commands: str) -> dict[str, str]:
    steps = "".join(f"    - run: {command}\n" for command in commands)
    return {".github/workflows/ci.yml": f"on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"}


def change(before: dict[str, str], after: dict[str, str]) -> Report:
    states = (MemorySnapshot({**FILES, **files}) for files in (before, after))
    return inspect_change(*states, Config(target=3), LOADED)


def told(report: Report) -> dict[str, tuple[Any, list[Observation]]]:
    found = {
        project.root: finding
        for project in report.projects
        for finding in project.findings
        if finding.rule.id == "control-removed"
    }
    return {root: (finding.outcome.value, [*finding.observations]) for root, finding in found.items()}


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        (("pytest",), "a check that jobs run for all projects still guards"),
        (("pytest", "tox"), "2 checks that jobs run for all projects still guard"),
    ],
)
def test_what_still_guards_all_is_told_in_one_line_of_each(commands: tuple[str, ...], said: str) -> None:
    found = told(change(workflow(*commands), {**workflow(*commands), "notes.md": "x"}))

    assert set(found) == {"a", "b", "c"}
    for outcome, seen in found.values():
        assert (outcome, [one.detail for one in seen]) == ("pass", [said])


def test_what_guarded_all_is_missed_by_each_and_new_once() -> None:
    report = change(workflow("pytest", "tox"), workflow("pytest"))
    found = told(report)

    assert [outcome for outcome, _ in found.values()] == ["fail"] * 3
    assert all("tox" in next(one.detail for one in seen if one.ok is False) for _, seen in found.values())
    assert report.change is not None
    assert [one.rule.id for one in report.change.new] == ["control-removed"]


def test_what_guards_one_project_is_told_of_that_one() -> None:
    report = change(workflow("cd a && dvc repro", "cd b && dvc repro"), workflow("cd b && dvc repro"))
    outcomes = {root: outcome for root, (outcome, _) in told(report).items()}

    assert outcomes == {"a": "fail", "b": "pass", "c": "not-applicable"}

"""What is wrong in a state, and what is known to be gone: an unknown is neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from lifelint import catalog
from lifelint.config import Config
from lifelint.inspection import inspect_change
from lifelint.model import Finding, Observation, Outcome
from lifelint.snapshot.memory import MemorySnapshot
from lifelint.triage.baseline import kept, known
from lifelint.triage.problem import gone, problems

RULES = {rule.id: rule for rule in catalog.load().rules}
RULE = RULES["lock-fresh"]


class Project(NamedTuple):
    findings: Sequence[Finding]
    root: str = ""
    target: int = 2


def project(outcome: Outcome, **subjects: bool | None) -> Project:
    return Project([Finding(RULE, outcome, [Observation(ok, name, "") for name, ok in subjects.items()])])


BEFORE = project(Outcome.FAIL, a=False, b=False)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (project(Outcome.PASS, a=True, b=True), {"a", "b"}),
        (project(Outcome.FAIL, a=True, b=False), {"a"}),
        (project(Outcome.PASS, a=True), {"a", "b"}),
        (project(Outcome.NOT_APPLICABLE), {"a", "b"}),
        (Project([]), {"a", "b"}),
        (project(Outcome.UNKNOWN), set()),
        (project(Outcome.UNKNOWN, a=True), {"a"}),
        (project(Outcome.FAIL, a=None, c=False), {"b"}),
        (project(Outcome.BLOCKED), set()),
        (project(Outcome.BLOCKED, a=False), set()),
        (project(Outcome.ERROR), set()),
    ],
)
def test_only_what_is_decided_is_gone(after: Project, left: set[str]) -> None:
    held = known([BEFORE])

    assert {subject for *_, subject in gone(problems([BEFORE]), [after])} == left
    assert {one.subject for one in kept(held, [after], RULES).gone} == left


def test_what_is_blocked_is_a_problem_that_is_hidden() -> None:
    [(_, problem)] = problems([project(Outcome.BLOCKED, a=False)]).items()

    assert problem.hidden
    assert [one.subject for one in known([project(Outcome.BLOCKED, a=False)])] == ["a"]


def changed(before: dict[str, str], after: dict[str, str]) -> tuple[set[str], set[str]]:
    """The rules of which something is new, and of which something is fixed."""
    made = inspect_change(MemorySnapshot(before), MemorySnapshot(after), Config(), catalog.load()).change
    assert made is not None
    return {one.rule.id for one in made.new}, {one.rule.id for one in made.fixed}


def test_a_file_that_breaks_fixes_nothing() -> None:
    [files] = [
        example.files
        for example in RULES["pipeline-lock-fresh"].examples
        if example.outcome is Outcome.FAIL and not example.history
    ][:1]
    broken = {**files, "dvc.yaml": "stages: [\n"}

    assert "pipeline-lock-fresh" not in changed(dict(files), broken)[1]
    assert "pipeline-lock-fresh" in changed(dict(files), {})[1]

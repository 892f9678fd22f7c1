"""What the tokens of jobs may do, by their own words, by their workflow's, or by nobody's."""

from __future__ import annotations

import pytest

from lifelint.facts import Unreadable
from lifelint.facts._jobs import parse_github
from tests.conftest import facts_of


def told(text: str) -> list[tuple[str, str, tuple[str, ...], int]]:
    return [(one.job, one.declared, one.scopes, one.line) for one in parse_github(text.encode()).tokens]


def test_what_a_job_says_counts_for_it() -> None:
    text = "permissions: read-all\njobs:\n  a:\n    permissions: {packages: write}\n  b: {}\n"

    assert told(text) == [("a", "job", ("packages: write",), 4), ("b", "workflow", ("read-all",), 1)]


def test_where_nothing_is_said_nothing_is_known() -> None:
    assert told("on: push\njobs:\n  a: {steps: []}\n") == [("a", "", (), 3)]


@pytest.mark.parametrize("none", ["{}", "", "null"])
def test_no_scope_is_a_declaration_too(none: str) -> None:
    assert told(f"permissions: {none}\njobs: {{a: {{}}}}\n") == [("a", "workflow", (), 1)]


@pytest.mark.parametrize("text", ["", "- a\n", "jobs: 3\n", "jobs: [a]\n", "a: b\n"])
def test_other_yaml_has_no_jobs(text: str) -> None:
    assert told(text) == []


def test_jobs_that_are_no_mappings_are_told_all_the_same() -> None:
    assert told("jobs: {a: null, 1: x}\n") == [("a", "", (), 1), ("1", "", (), 1)]


def test_broken_yaml_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        parse_github(b"jobs: [\n")


def test_only_workflows_of_the_repository_itself_are_looked_at() -> None:
    job = "on: push\njobs: {a: {steps: []}}\n"
    files = {
        ".github/workflows/a.yml": job,
        ".github/workflows/called.yml": job.replace("push", "workflow_call"),
        ".github/workflows/both.yaml": job.replace("push", "[push, workflow_call]"),
        ".github/workflows/old/b.yml": job,
        "sub/.github/workflows/c.yml": job,
    }

    assert [one.path for one in facts_of(files)["permissions"].items] == [
        ".github/workflows/a.yml",
        ".github/workflows/both.yaml",
    ]

"""The action in the workflows that the docs tell users to write: what GitHub is told, and what the run comes to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.action.conftest import REPOSITORY_PAYLOAD, Change, Runner
from tests.conftest import git
from tests.forge.fake_github import FakeGitHub

Make = Callable[..., Change]


def quiet(folder: Path) -> None:
    """A change that lifelint has nothing to say of."""
    (folder / "README.md").write_text((folder / "README.md").read_text() + "\nAsk before you ride.\n")


def ended(change: Change, **more: object) -> dict[str, object]:
    """The payload of ``workflow_run`` after the run of a fork's pull request."""
    run = {
        "id": 1,
        "event": "pull_request",
        "conclusion": "failure",
        "head_sha": change.head,
        "head_branch": "topic",
        "head_repository": {"owner": {"login": "stranger"}, "full_name": "stranger/bike-demand"},
        "html_url": "https://github.com/acme/bike-demand/actions/runs/1",
        "pull_requests": [],
    }
    return {"action": "completed", "workflow_run": run | more, **REPOSITORY_PAYLOAD}


def test_a_swapped_pointer_is_told_once_on_the_pull_request(runner: Runner, hub: FakeGitHub, change: Make) -> None:
    made = change()
    hub.pull(7, made.head)

    first = runner.run("lifelint.yml", made.folder, "pull_request", made.event)
    second = runner.run("lifelint.yml", made.folder, "pull_request", made.event)

    assert not first.succeeded
    assert first.outputs["gate"] == "fail"
    assert (first.outputs["level-before"], first.outputs["level"]) == ("1", "1")
    assert int(first.outputs["new"]) >= 1
    assert (first.outputs["comment-status"], second.outputs["comment-status"]) == ("created", "unchanged")
    assert hub.writes == ["POST"]
    [comment] = hub.comments(7)
    assert "data-changed-evaluation-not" in comment.body
    assert f"commit <code>{made.head[:12]}</code>" in comment.body
    assert f"compared with <code>{made.base[:12]}</code>" in comment.body
    assert "::error file=dvc.lock,line=" in first.log


def test_of_a_change_that_changes_nothing_nobody_is_told(runner: Runner, hub: FakeGitHub, change: Make) -> None:
    made = change(quiet)
    hub.pull(7, made.head)

    ran = runner.run("lifelint.yml", made.folder, "pull_request", made.event)

    assert ran.succeeded
    assert (ran.outputs["gate"], ran.outputs["new"], ran.outputs["comment-status"]) == ("pass", "0", "skipped")
    assert hub.comments(7) == []


@pytest.mark.parametrize("event", ["push", "merge_group"])
def test_without_a_pull_request_the_result_is_the_same(
    runner: Runner, hub: FakeGitHub, change: Make, event: str
) -> None:
    made = change()
    payload: dict[str, object] = {
        "push": {"before": made.base, "after": made.head, "ref": "refs/heads/main"},
        "merge_group": {"merge_group": {"base_sha": made.base, "head_sha": made.head}},
    }[event]
    git(made.folder, "checkout", "-q", "-B", "main")

    ran = runner.run("lifelint.yml", made.folder, event, payload | REPOSITORY_PAYLOAD)

    assert not ran.succeeded
    assert (ran.outputs["gate"], ran.outputs["comment-status"]) == ("fail", "skipped")
    assert int(ran.outputs["new"]) >= 1
    assert hub.requests == []


def test_a_forks_run_loses_nothing_and_is_commented_by_another(runner: Runner, hub: FakeGitHub, change: Make) -> None:
    made = change(lambda folder: (folder / "lifelint.toml").write_text("target = 3\n"))
    made.event["pull_request"]["head"]["repo"] = {"full_name": "stranger/bike-demand"}
    hub.pull(7, made.head, owner="stranger")

    asked = runner.run("lifelint.yml", made.folder, "pull_request", made.event, reading=True)

    assert asked.succeeded
    assert (asked.outputs["gate"], asked.outputs["comment-status"]) == ("pass", "denied")
    assert "pull-requests: write" in asked.log
    assert hub.comments(7) == []
    [report] = runner.artifacts.iterdir()
    assert json.loads(report.read_text())["change"]["base"] == made.base

    first = runner.run("lifelint-comment.yml", made.folder, "workflow_run", ended(made))
    second = runner.run("lifelint-comment.yml", made.folder, "workflow_run", ended(made))

    assert (first.outputs["comment-status"], second.outputs["comment-status"]) == ("created", "unchanged")
    [comment] = hub.comments(7)
    assert f"commit <code>{made.head[:12]}</code>" in comment.body


def test_an_artifact_is_not_taken_to_another_commit(runner: Runner, hub: FakeGitHub, change: Make) -> None:
    made = change()
    hub.pull(7, made.head, owner="stranger")
    runner.run("lifelint.yml", made.folder, "pull_request", made.event, reading=True)
    hub.pull(7, "f" * 40, owner="stranger")

    ran = runner.run("lifelint-comment.yml", made.folder, "workflow_run", ended(made))

    assert ran.succeeded
    assert ran.outputs["comment-status"] == "stale"
    assert hub.comments(7) == []


def test_a_run_that_kept_no_report_is_no_failure(runner: Runner, hub: FakeGitHub, change: Make) -> None:
    made = change(quiet)
    shutil.rmtree(runner.artifacts)

    ran = runner.run("lifelint-comment.yml", made.folder, "workflow_run", ended(made))

    assert ran.succeeded
    assert hub.requests == []

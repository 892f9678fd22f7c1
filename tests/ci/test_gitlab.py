"""The job for GitLab, run by gitlab-ci-local for a merge request and a push, against a GitLab on loopback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from junitparser import JUnitXml
from ruamel.yaml import YAML

from lifelint import __version__
from tests.ci.conftest import BIN, ROOT, SAME, WORSE, Clone, blocks, environment
from tests.conftest import git
from tests.forge.fake_gitlab import FakeGitLab

RUNNER = ROOT / "tests/tools/node_modules/.bin/gitlab-ci-local"
TEMPLATE = ROOT / "templates/ci/gitlab.yml"
PAGE = (ROOT / "docs/gitlab.md").read_text("utf-8")
BLOCKS = blocks("gitlab.md")
runs = pytest.mark.skipif(
    not RUNNER.exists() or not shutil.which("node"), reason="npm has not installed gitlab-ci-local"
)


class Ended(NamedTuple):
    """A job that ended: its log, its exit code, and where."""

    log: str
    code: int
    folder: Path

    def report(self, name: str) -> bytes:
        """A report that it left."""
        return (self.folder / name).read_bytes()


class Change(NamedTuple):
    """A branch with the job in it, and the commit where it left main."""

    folder: Path
    base: str
    head: str


Make = Callable[..., Change]
Job = Callable[..., Ended]


@pytest.fixture
def change(clone: Clone) -> Make:
    """A clone of a branch as GitLab's runner makes it: every branch, HEAD on none, and no ``origin/HEAD``."""

    def make(branch: str, title: str = ".gitlab-ci.yml") -> Change:
        folder = clone(branch)
        (folder / ".gitlab").mkdir()
        shutil.copy(TEMPLATE, folder / ".gitlab/lifelint.yml")
        (folder / ".gitlab-ci.yml").write_text(BLOCKS[title])
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "Check in merge requests")
        git(folder, "checkout", "-q", "--detach")
        git(folder, "remote", "set-head", "origin", "--delete")
        git(folder, "remote", "set-url", "origin", "https://gitlab.example/acme/churn.git")
        return Change(folder, git(folder, "rev-parse", "origin/main"), git(folder, "rev-parse", "HEAD"))

    return make


@pytest.fixture
def lab() -> Iterator[FakeGitLab]:
    with FakeGitLab(project="42", number=7) as fake:
        yield fake


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Runs the job with the variables that GitLab gives it."""
    stub = tmp_path / "bin"
    stub.mkdir()
    # gitlab-ci-local copies the project for containers, of which there are none here
    (stub / "rsync").write_text("#!/bin/sh\n")
    (stub / "rsync").chmod(0o755)

    def run(made: Change, told: dict[str, str]) -> Ended:
        given = [f"--variable={name}={value}" for name, value in told.items()]
        around = environment()
        done = subprocess.run(
            [RUNNER, "--force-shell-executor", "--no-color", "--no-json-schema-validation", *given, "lifelint"],
            cwd=made.folder,
            env={**around, "PATH": f"{stub}:{around['PATH']}", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ended(done.stdout + done.stderr, done.returncode, made.folder)

    return run


def merge_request(made: Change, lab: FakeGitLab, **more: str) -> dict[str, str]:
    """The variables of a merge request's pipeline."""
    lab.merge["sha"] = made.head
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_API_V4_URL": lab.url,
        "CI_COMMIT_SHA": made.head,
        "CI_JOB_URL": f"{lab.server}/acme/churn/-/jobs/12",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": made.base,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_PROJECT_PATH": "acme/churn",
        "CI_MERGE_REQUEST_PROJECT_URL": f"{lab.server}/acme/churn",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
        "CI_PROJECT_ID": "42",
        "LIFELINT_GITLAB_TOKEN": lab.token,
        **more,
    }


@runs
class TestJob:
    def test_a_change_that_makes_something_worse_fails_and_is_told_once(
        self, change: Make, job: Job, lab: FakeGitLab
    ) -> None:
        made = change(WORSE)
        first, second = (job(made, merge_request(made, lab)) for _ in range(2))

        assert first.code != 0, first.log
        assert "1 new problem of severity error" in first.log
        assert "note created" in first.log and "note unchanged" in second.log
        [note] = lab.notes()
        assert "params-changed-lock-not" in note.body
        assert f"compared with <code>{made.base[:12]}</code>" in note.body
        assert f"/acme/churn/-/blob/{made.head}/dvc.lock#L44" in note.body
        artifacts = YAML(typ="safe").load(TEMPLATE)["lifelint"]["artifacts"]
        [kept] = artifacts["paths"]
        assert json.loads(first.report(kept))["subject"]["revision"] == made.head
        issues = json.loads(first.report(artifacts["reports"]["codequality"]))
        assert "params-changed-lock-not" in {one["check_name"] for one in issues}
        assert len(list(JUnitXml.fromstring(first.report(artifacts["reports"]["junit"])))) == 1

    def test_a_change_that_breaks_nothing_passes(self, change: Make, job: Job, lab: FakeGitLab) -> None:
        made = change(SAME)
        ended = job(made, merge_request(made, lab))

        assert ended.code == 0, ended.log
        assert "note skipped: there is nothing to say" in ended.log
        assert lab.notes() == []

    def test_the_merged_result_is_compared_with_what_it_was_merged_into(
        self, change: Make, job: Job, lab: FakeGitLab
    ) -> None:
        made = change(WORSE)
        git(made.folder, "checkout", "-q", "origin/main")
        (made.folder / "Dockerfile").write_text("FROM python\n")  # what others did meanwhile
        git(made.folder, "add", "Dockerfile")
        git(made.folder, "commit", "-qm", "Go on")
        target = git(made.folder, "rev-parse", "HEAD")
        git(made.folder, "merge", "-q", "-m", "Merge", made.head)
        told = merge_request(made, lab, CI_COMMIT_SHA=git(made.folder, "rev-parse", "HEAD"))
        told |= {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": made.head}
        ended = job(made, told)

        assert "1 new problem of severity error" in ended.log
        [note] = lab.notes()
        assert f"compared with <code>{target[:12]}</code>" in note.body
        assert f"commit <code>{made.head[:12]}</code>" in note.body

    def test_without_a_token_the_result_is_the_same(self, change: Make, job: Job, lab: FakeGitLab) -> None:
        made = change(SAME)
        told = merge_request(made, lab, CI_PROJECT_ID="99")
        del told["LIFELINT_GITLAB_TOKEN"]
        ended = job(made, told)

        assert ended.code == 0, ended.log
        assert "note denied: LIFELINT_GITLAB_TOKEN is not set, because a fork's pipeline" in ended.log
        assert lab.requests == []

    def test_a_push_to_the_default_branch_is_compared_with_the_commit_before_it(self, change: Make, job: Job) -> None:
        made = change(WORSE)
        git(made.folder, "update-ref", "refs/remotes/origin/main", made.head)
        told = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
        pushed = job(made, {**told, "CI_COMMIT_BEFORE_SHA": made.base})
        scheduled = job(made, {**told, "CI_COMMIT_BEFORE_SHA": "0" * 40})

        assert f"Compared with {made.base[:12]}: 1 new" in pushed.log
        assert (pushed.code != 0, scheduled.code) == (True, 0)
        assert "note skipped" not in pushed.log
        assert json.loads(scheduled.report("gl-code-quality-report.json"))

    def test_a_job_for_advice_lets_the_pipeline_pass(self, change: Make, job: Job, lab: FakeGitLab) -> None:
        made = change(WORSE, ".gitlab-ci.yml, advice only")
        ended = job(made, merge_request(made, lab))

        assert ended.code == 0, ended.log
        assert "1 new problem of severity error" in ended.log
        assert len(lab.notes()) == 1

    def test_options_are_given_to_the_check(self, change: Make, job: Job, lab: FakeGitLab) -> None:
        made = change(SAME)
        ended = job(made, merge_request(made, lab, LIFELINT_OPTIONS="--min-level 3 --quiet"))

        assert ended.code != 0
        assert "below level 3" in ended.log or "level 1" in ended.log

    def test_wrong_usage_fails_and_writes_no_note(self, change: Make, job: Job, lab: FakeGitLab) -> None:
        made = change(SAME)
        ended = job(made, merge_request(made, lab, LIFELINT_OPTIONS="--nonsense"))

        assert ended.code != 0
        assert "No such option" in ended.log
        assert lab.requests == []


def valid(file: Path) -> str:
    """What GitLab's schema says against a file."""
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout


@pytest.mark.parametrize("title", BLOCKS)
def test_what_users_are_told_to_write_is_valid(tmp_path: Path, title: str) -> None:
    (tmp_path / "ci.yml").write_text(BLOCKS[title])

    assert valid(tmp_path / "ci.yml") == ""


def test_the_template_is_valid() -> None:
    assert valid(TEMPLATE) == ""


def test_the_page_tells_of_every_variable_and_its_default() -> None:
    table = dict(re.findall(r"^\| `(LIFELINT_\w+)` \|([^|]*)\|", PAGE, re.MULTILINE))
    defaults = YAML(typ="safe").load(TEMPLATE)["variables"]

    assert {name: table[name].strip(" `") for name in defaults} == defaults
    assert {"LIFELINT_GITLAB_TOKEN", "LIFELINT_COMMENT", "LIFELINT_COMMENT_KEY"} < set(table)


def test_the_job_installs_this_version() -> None:
    assert set(re.findall(r"lifelint==([\w.]+)", PAGE + TEMPLATE.read_text("utf-8"))) == {__version__}

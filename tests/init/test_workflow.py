"""The check of each change, for the forge that a repository is at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lifelint import __version__
from lifelint.fix.noun import CannotFix
from lifelint.init.workflow import GITHUB, GITLAB, JOB, workflow
from tests.action.conftest import WORKFLOWS
from tests.init.conftest import ground, written

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
AT_GITHUB = "git@github.com:acme/churn.git"
AT_GITLAB = "https://user:secret@gitlab.example.org/acme/churn.git"
PIPELINE = """\
# ours
stages: [build, test]

train:
  stage: build
  script:
    - !reference [.setup, script]
    - python train.py  # on the GPU runner
"""


def proposed(files: dict[str, str | bytes], **more: Any) -> dict[str, str]:
    return written(files, workflow(ground(files, **more)).changes)


def read(text: str) -> Any:
    return YAML(typ="rt").load(text)


@pytest.mark.parametrize(
    ("files", "origin", "paths"),
    [
        ({}, AT_GITHUB, {GITHUB}),
        ({}, "https://github.com/acme/churn", {GITHUB}),
        ({}, "ssh://git@github.example.org:2222/acme/churn.git", {GITHUB}),
        ({}, AT_GITLAB, {GITLAB, JOB}),
        ({}, "git@gitlab.com:acme/churn.git", {GITLAB, JOB}),
        ({".github/CODEOWNERS": "* @a\n"}, "", {GITHUB}),
        ({GITLAB: PIPELINE}, "", {GITLAB, JOB}),
        ({GITLAB: PIPELINE}, AT_GITHUB, {GITLAB, JOB}),  # a mirror: its changes are judged where its pipeline is
        ({GITLAB: PIPELINE, ".github/CODEOWNERS": ""}, AT_GITHUB, {GITHUB}),
        ({GITLAB: PIPELINE, ".github/CODEOWNERS": ""}, AT_GITLAB, {GITLAB, JOB}),
        ({GITLAB: PIPELINE, ".github/CODEOWNERS": ""}, "/srv/churn.git", {GITHUB, GITLAB, JOB}),
    ],
)
def test_files_and_the_remote_tell_of_the_forge(files: dict[str, str | bytes], origin: str, paths: set[str]) -> None:
    assert set(proposed(files, origin=origin)) == paths


@pytest.mark.parametrize(
    "origin", ["", "/home/github/churn", "git@bitbucket.org:github/gitlab.git", "https://[", "../github.com:x", ":"]
)
def test_where_nothing_tells_there_is_none(origin: str) -> None:
    with pytest.raises(
        CannotFix, match=r"nothing tells of GitHub or GitLab; for other CI systems see https://.*/ci\.md"
    ):
        proposed({}, origin=origin)


def test_no_address_is_told() -> None:
    assert "secret" not in repr(workflow(ground({}, origin=AT_GITLAB)))


@pytest.mark.parametrize(
    "files",
    [
        {".github/workflows/ml.yml": "on: push\njobs: {a: {steps: [{uses: lifelint/lifelint@v0}]}}\n"},
        {".github/workflows/ml.yml": "on: push\njobs: {a: {steps: [{run: lifelint check}]}}\n"},
        {GITLAB: "a: {script: [lifelint check]}\n"},
        {GITHUB: "lifelint\n"},
    ],
)
def test_what_runs_lifelint_already_stays(files: dict[str, str | bytes]) -> None:
    with pytest.raises(CannotFix, match="names lifelint already"):
        proposed(files, origin=AT_GITHUB)


class TestGitHub:
    @pytest.fixture
    def text(self) -> str:
        return proposed({}, origin=AT_GITHUB)[GITHUB]

    def test_it_is_that_of_the_docs_but_for_the_version(self, text: str) -> None:
        docs = WORKFLOWS["lifelint.yml"].splitlines()
        differing = [(old, new) for old, new in zip(docs, text.splitlines(), strict=True) if old != new]

        [(old, new)] = differing
        assert f"lifelint/lifelint@{'0' * 40} " in old
        assert f"uses: lifelint/lifelint@v{__version__} # " in new

    @pytest.mark.parametrize(
        ("branch", "said"), [("master", "master"), ("release/1.x", "release/1.x"), ("a]\non: x", "main"), ("*", "main")]
    )
    def test_pushes_to_the_main_branch_are_checked(self, branch: str, said: str) -> None:
        text = proposed({}, origin=AT_GITHUB, branch=branch)[GITHUB]

        assert read(text)["on"]["push"]["branches"] == [said]

    def test_linters_have_nothing_to_say(self, text: str, tmp_path: Path) -> None:
        file = tmp_path / GITHUB
        file.parent.mkdir(parents=True)
        file.write_text(text)

        assert run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", file) == (0, "")
        assert run(BIN / "actionlint", "-shellcheck", BIN / "shellcheck", file) == (0, "")

    def test_zizmor_asks_for_the_commit_that_the_comment_asks_for_and_for_nothing_else(
        self, text: str, tmp_path: Path
    ) -> None:
        file = tmp_path / GITHUB
        file.parent.mkdir(parents=True)
        file.write_text(text)
        command = [BIN / "zizmor", "--offline", "--pedantic", "--format", "json", file]
        found = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
        assert {one["ident"] for one in found} == {"unpinned-uses"}
        assert len(found) == 1

        file.write_text(
            text.replace(f"@v{__version__} # a tag can be moved: write its commit here", f"@{'a' * 40} # v1")
        )
        assert run(BIN / "zizmor", "--offline", "--pedantic", file)[0] == 0


class TestGitLab:
    def test_the_job_is_that_of_the_templates(self) -> None:
        made = proposed({}, origin=AT_GITLAB)

        assert made[JOB] == (ROOT / "templates/ci/gitlab.yml").read_text("utf-8")
        assert read(made[GITLAB]) == {"include": [{"local": JOB}]}

    @pytest.mark.parametrize(
        "before",
        [
            PIPELINE,
            PIPELINE.replace("\n", "\r\n"),
            PIPELINE.rstrip("\n"),
            f"include:\n  - local: a.yml  # ours\n  - template: Jobs/SAST.gitlab-ci.yml\n\n{PIPELINE}",
            f"include:\n- local: a.yml\n{PIPELINE}",
            "# nothing yet\n",
        ],
    )
    def test_what_is_there_stays_and_one_more_is_included(self, before: str, tmp_path: Path) -> None:
        after = proposed({GITLAB: before})[GITLAB]

        assert set(before.splitlines()) <= set(after.splitlines())
        old, new = read(before) or {}, read(after)
        assert new.pop("include") == [*old.pop("include", []), {"local": JOB}]
        assert new == old
        assert after.count("\r\n") in (0, after.count("\n"))
        (tmp_path / "ci.yml").write_text(after)
        if old:
            assert invalid(tmp_path / "ci.yml") == (0, "")

    @pytest.mark.parametrize(
        ("stages", "chosen"), [("[build, lint]", "lint"), ("[build, deploy]", "build"), ("[a, test]", "test")]
    )
    def test_the_job_is_in_a_stage_that_there_is(self, stages: str, chosen: str, tmp_path: Path) -> None:
        job = proposed({GITLAB: f"stages: {stages}\nx: {{script: [ls]}}\n"})[JOB]

        assert read(job)["lifelint"]["stage"] == chosen
        (tmp_path / "ci.yml").write_text(job)
        assert invalid(tmp_path / "ci.yml") == (0, "")

    @pytest.mark.parametrize(
        "text",
        [
            "include: a.yml\n",
            "include: {local: a.yml}\n",
            "include: [a.yml]\n",
            "a: [\n",
            "- a\n",
            "stages: ['1 2']\n",
            "{a: b}\n",
        ],
    )
    def test_what_cannot_be_changed_in_place_stays(self, text: str) -> None:
        with pytest.raises(CannotFix, match=r"\.gitlab-ci\.yml is left to you: .*/docs/gitlab\.md"):
            proposed({GITLAB: text})


def invalid(file: Path) -> tuple[int, str]:
    """What GitLab's schema says against a file."""
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    return run(BIN / "check-jsonschema", *schema, file)


def run(*command: str | Path) -> tuple[int, str]:
    """How a linter ended, and what it said if not well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr) if done.returncode else ""

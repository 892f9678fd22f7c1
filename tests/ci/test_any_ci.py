"""The jobs that docs/ci.md tells users to write: what they come to, in clones as these systems make them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from junitparser import JUnitXml
from ruamel.yaml import YAML

from tests.ci.conftest import BIN, ROOT, SAME, WORSE, Clone, blocks, environment

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
BLOCKS = blocks("ci.md")
SHELL = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def steps(title: str) -> Any:
    return YAML(typ="safe").load(BLOCKS[title])


def azure() -> str:
    return "\n".join(step["script"] for step in steps("azure-pipelines.yml")["steps"] if "script" in step)


def bitbucket() -> str:
    [one] = steps("bitbucket-pipelines.yml")["pipelines"]["pull-requests"]["**"]
    return "\n".join(one["step"]["script"])


def circle() -> str:
    return "\n".join(
        step["run"] for step in steps(".circleci/config.yml, the steps of a job")["steps"] if "run" in step
    )


def jenkins() -> str:
    return "\n".join(re.findall(r"^sh '(.+)'$", BLOCKS["Jenkinsfile, in a stage"], re.MULTILINE))


def buildkite() -> str:
    [script] = [text for text in SHELL if "buildkite-agent" in text]
    return script


class System(NamedTuple):
    """A CI system: its job, what tells it the target branch, how it clones, and where the job puts its JUnit report."""

    script: Callable[[], str]
    told: dict[str, str]
    clone: tuple[str, ...]
    junit: str = ""


SINGLE = ("--single-branch",)
SYSTEMS = {
    "azure": System(azure, {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, (), "lifelint-junit.xml"),
    "bitbucket": System(bitbucket, {"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, SINGLE, "test-results/lifelint.xml"),
    "buildkite": System(buildkite, {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"}, SINGLE),
    "circle": System(circle, {}, (), "test-results/lifelint.xml"),
    "jenkins": System(jenkins, {"CHANGE_TARGET": "main"}, SINGLE, "lifelint-junit.xml"),
}


def ran(script: str, folder: Path, **told: str) -> subprocess.CompletedProcess[str]:
    """A script as CI systems run it: the first command that fails ends it."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(**told),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def agent(tmp_path: Path) -> str:
    """A PATH with a ``buildkite-agent`` that keeps what it is told."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/buildkite-agent").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said; cat >> {tmp_path}/said\n')
    (tmp_path / "bin/buildkite-agent").chmod(0o755)
    return f"{tmp_path / 'bin'}:{environment()['PATH']}"


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize(("branch", "code"), [(WORSE, 1), (SAME, 0)])
def test_the_job_fails_for_what_the_change_makes_worse(
    clone: Clone, agent: str, tmp_path: Path, name: str, branch: str, code: int
) -> None:
    system = SYSTEMS[name]
    folder = clone(branch, *system.clone)
    done = ran(system.script(), folder, **system.told, PATH=agent)

    assert done.returncode == code, done.stdout + done.stderr
    assert ("params-changed-lock-not" in done.stdout) == (branch == WORSE)
    if system.junit:
        assert len(list(JUnitXml.fromfile(str(folder / system.junit)))) == 1
    if name == "buildkite":
        said = (tmp_path / "said").read_text("utf-8")
        assert said.startswith("annotate --context lifelint\n") and "### ML maturity: level 1" in said


def test_the_recipe_makes_its_reports(clone: Clone) -> None:
    folder = clone(SAME)
    done = ran("mkdir test-results\n" + SHELL[0], folder)

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(JUnitXml.fromfile(str(folder / "test-results/lifelint.xml")))) == 1
    assert json.loads((folder / "lifelint-report.json").read_bytes())["change"]["new"] == []
    assert "compared with <code>" in (folder / "summary.md").read_text("utf-8")


def test_any_base_can_be_fetched_and_named(clone: Clone) -> None:
    [script] = [text for text in SHELL if "FETCH_HEAD" in text]
    done = ran(script, clone(WORSE, "--single-branch", "--depth=1"))

    assert done.returncode == 1
    assert "1 new, 0 fixed" in done.stdout


def test_where_no_base_is_found_the_code_is_2(clone: Clone) -> None:
    folder = clone(WORSE, *SINGLE)
    ran("git remote remove origin", folder)
    done = ran("lifelint check --base auto", folder, CHANGE_TARGET="main")

    assert done.returncode == 2
    assert "origin/main" in done.stderr and "--base REV" in done.stderr


def test_to_tell_and_not_to_stop_the_code_is_0(clone: Clone) -> None:
    folder = clone(WORSE)

    assert ran("lifelint check --base origin/main --fail-on never", folder).returncode == 0
    assert ran("lifelint check --base nowhere --fail-on never", folder).returncode == 2


def test_a_shallow_clone_says_what_it_does_not_know_until_it_is_made_whole(clone: Clone) -> None:
    folder = clone("main", "--depth=1")
    looked_up = {"manifest-resolves", "rollback-target-resolves", "history-free-of-binaries"}

    assert looked_up <= unknown(folder)
    assert ran("git fetch --unshallow --tags", folder).returncode == 0
    assert looked_up & unknown(folder) == set()


def unknown(folder: Path) -> set[str]:
    """The rules that could not be decided in a clone."""
    report = json.loads(ran("lifelint check --format json || true", folder).stdout)
    return {finding["rule"] for finding in report["projects"][0]["findings"] if finding["outcome"] == "unknown"}


@pytest.mark.parametrize(
    ("schema", "title"),
    [("azure-pipelines", "azure-pipelines.yml"), ("bitbucket-pipelines", "bitbucket-pipelines.yml")],
)
def test_the_files_are_what_the_systems_read(tmp_path: Path, schema: str, title: str) -> None:
    file = tmp_path / title
    file.write_text(BLOCKS[title])
    command = [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_steps_for_circle_are_what_it_reads(tmp_path: Path) -> None:
    job = {"docker": [{"image": "cimg/python:3.13"}], **steps(".circleci/config.yml, the steps of a job")}
    with (tmp_path / "config.yml").open("w") as file:
        YAML().dump({"version": 2.1, "jobs": {"lifelint": job}, "workflows": {"w": {"jobs": ["lifelint"]}}}, file)
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.circle-ci", tmp_path / "config.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_version_in_the_page_is_the_one_that_is_installed() -> None:
    from lifelint import __version__

    assert set(re.findall(r"lifelint==([\w.]+)", PAGE)) == {__version__}

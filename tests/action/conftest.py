"""The workflows of docs/github.md, run by act on this machine, against a GitHub on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.conftest import git
from tests.forge.fake_github import FakeGitHub

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
REPOSITORY = "acme/bike-demand"
_WORKFLOW = re.compile(r"^```yaml\n# \.github/workflows/(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORKFLOWS = dict(_WORKFLOW.findall((ROOT / "docs" / "github.md").read_text("utf-8")))
"""Those that users are told to write, by file name."""

# What stands in for GitHub's store of artifacts: an action of their own name that copies a file
_UPLOAD = """
name: upload-artifact
description: keeps a file
inputs: {name: {}, path: {}, retention-days: {}}
runs:
  using: composite
  steps:
    - {shell: bash, run: cp "$FROM" "$ARTIFACTS", env: {FROM: "${{ inputs.path }}"}}
"""
_DOWNLOAD = """
name: download-artifact
description: brings it back
inputs: {name: {}, path: {}, run-id: {}, github-token: {}}
runs:
  using: composite
  steps:
    - {shell: bash, run: mkdir -p "$TO" && cp "$ARTIFACTS"/* "$TO", env: {TO: "${{ inputs.path }}"}}
"""


class Ended(NamedTuple):
    """A run of a workflow: its log, whether it succeeded, and the outputs of the step of the action."""

    log: str
    succeeded: bool
    outputs: Mapping[str, str]


class Runner:
    """Runs a workflow of the docs for an event. ``artifacts`` holds what runs keep for one another."""

    def __init__(self, place: Path, hub: FakeGitHub) -> None:
        self.hub = hub
        self.artifacts = place / "artifacts"
        self.artifacts.mkdir()
        self._place = place
        action = place / "action"
        for name in ("action", "comment", "src", "rules", "requirements", "templates"):
            shutil.copytree(ROOT / name, action / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "action.yml", action)
        stands_in = {"actions/upload-artifact": _UPLOAD, "actions/download-artifact": _DOWNLOAD}
        for name, text in stands_in.items():
            (place / name).mkdir(parents=True)
            (place / name / "action.yml").write_text(text)
        used = {name: ref for text in WORKFLOWS.values() for name, ref in re.findall(r"uses: (\S+?)@(\S+)", text)}
        folders = {"lifelint/lifelint": action} | {name: place / name for name in stands_in}
        self._local = [f"--local-repository={name}@{used[name]}={folder}" for name, folder in folders.items()]

    def run(
        self, workflow: str, folder: Path, event: str, payload: Mapping[str, Any], *, reading: bool = False
    ) -> Ended:
        """``reading`` gives the token of a fork."""
        hub, file = self.hub, self._place / "workflow.yml"
        file.write_text(WORKFLOWS[workflow])
        (self._place / "event.json").write_text(json.dumps(payload))
        variables = {
            "GITHUB_API_URL": hub.url,
            "GITHUB_GRAPHQL_URL": hub.graphql,
            "GITHUB_REPOSITORY": REPOSITORY,
            "LIFELINT_PACKAGES": sysconfig.get_path("purelib"),
            "ARTIFACTS": str(self.artifacts),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        }
        command = [
            *(str(BIN / "act"), event, "--workflows", str(file), "--eventpath", str(self._place / "event.json")),
            *("--platform=ubuntu-latest=-self-hosted", "--no-cache-server", "--action-offline-mode", "--json"),
            f"--action-cache-path={self._place / 'cache'}",
            f"--secret=GITHUB_TOKEN={hub.read_token if reading else hub.token}",
            *(f"--env={name}={value}" for name, value in variables.items()),
            *self._local,
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        return _ended(done)


def _ended(done: subprocess.CompletedProcess[str]) -> Ended:
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    outputs = {one["name"]: one["arg"] for one in lines if one.get("command") == "set-output"}
    log = "\n".join(one["msg"].rstrip("\n") for one in lines)
    return Ended(log + done.stderr, done.returncode == 0, outputs)


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    with FakeGitHub(repository=REPOSITORY) as fake:
        yield fake
    assert fake.violations == []


@pytest.fixture
def runner(tmp_path: Path, hub: FakeGitHub) -> Runner:
    if not (BIN / "act").exists():
        pytest.skip("act is not installed: the action is not run")
    return Runner(tmp_path, hub)


class Change(NamedTuple):
    """A pull request's branch, checked out as its merge with the base."""

    folder: Path
    base: str
    head: str

    @property
    def event(self) -> dict[str, Any]:
        """The payload of ``pull_request``, as far as anything here reads it."""
        head = {"sha": self.head, "ref": "topic", "repo": {"full_name": REPOSITORY}}
        pull = {"number": 7, "head": head, "base": {"sha": self.base, "ref": "main"}, "state": "open"}
        return {"action": "synchronize", "number": 7, "pull_request": pull, **REPOSITORY_PAYLOAD}


REPOSITORY_PAYLOAD = {
    "repository": {
        "full_name": REPOSITORY,
        "name": "bike-demand",
        "owner": {"login": "acme"},
        "default_branch": "main",
    }
}


def swap(folder: Path) -> None:
    """Points to other data, and does nothing else."""
    pointer = folder / "data" / "rentals.csv.dvc"
    yaml = YAML()
    document = yaml.load(pointer)
    document["outs"][0]["md5"] = "0123456789abcdef0123456789abcdef"
    yaml.dump(document, pointer)


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., Change]:
    """A change of the example project at its last release: by default its data pointer is swapped."""

    def make(edit: Callable[[Path], object] = swap) -> Change:
        folder = tmp_path / "checkout"
        subprocess.run([sys.executable, ROOT / "examples" / "replay.py", "bike-demand", folder], check=True)
        git(folder, "checkout", "-q", "-B", "main", "v1.3.1")
        base = git(folder, "rev-parse", "HEAD")
        git(folder, "checkout", "-q", "-b", "topic")
        edit(folder)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "Use the rentals of August")
        head = git(folder, "rev-parse", "HEAD")
        git(folder, "checkout", "-q", "--detach", "main")
        git(folder, "merge", "-q", "--no-ff", "-m", "Merge", head)
        return Change(folder, base, head)

    return make

"""A project with changes to it, as the clone of a CI job has them, and how its commands are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import git

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
WORSE, SAME = "raise-learning-rate", "tidy"  # branches of the example: one leaves dvc.lock behind, one breaks nothing
Clone = Callable[..., Path]
_BLOCK = re.compile(r"^```\w+\n(?:#|//) (?P<title>.+)\n(?P<text>(?:.|\n)*?)^```$", re.MULTILINE)


def blocks(page: str) -> Mapping[str, str]:
    """The blocks of a page of the docs that begin with a comment, by what that says."""
    return {found["title"]: found["text"] for found in _BLOCK.finditer((ROOT / "docs" / page).read_text("utf-8"))}


def environment(**told: str) -> dict[str, str]:
    """What a job finds around it: no CI system but the one that is told, lifelint installed, and no package index."""
    foreign = ("CI_", "GITHUB_", "LIFELINT_", "BITBUCKET_", "BUILDKITE_", "SYSTEM_", "CHANGE_", "GITLAB_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**own, "PATH": path, "PIP_NO_INDEX": "1", "NO_PROXY": "*", "no_proxy": "*", **told}


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example project, where clones are made from."""
    folder = tmp_path_factory.mktemp("ci") / "origin"
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", folder], cwd=ROOT, check=True)
    git(folder, "config", "uploadpack.allowFilter", "true")
    return folder


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Clone:
    """Clones a branch."""

    def make(branch: str, *options: str) -> Path:
        folder = tmp_path / "clone"
        git(tmp_path, "clone", "-q", "--no-local", "--branch", branch, *options, f"file://{origin}", str(folder))
        return folder

    return make

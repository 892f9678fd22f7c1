"""Templates made in memory, and in repositories."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lifelint.fix.templates import renderer
from lifelint.kit.catalogue import BY_NAME
from lifelint.kit.noun import Site
from lifelint.projects import Project, Shares
from lifelint.states import projects_of
from tests.cli.conftest import lifelint
from tests.conftest import git
from tests.fix.conftest import LOADED, committed, tree
from tests.init.conftest import Call, ground, written

__all__ = ["BIN", "STATES", "Call", "committed", "git", "lifelint", "made", "site", "tree", "why"]

ROOT = Path(__file__).parents[2]
STATES = [rule for rule in LOADED.rules if rule.scope == "repository"]
BIN = Path(sys.executable).parent


def site(files: Mapping[str, str | bytes], root: str = "", *, forge: str = "", title: str = "") -> Site:
    """A project of a repository in memory."""
    held = ground(files)
    projects = projects_of(held.facts, held.config, "")
    share = Shares(held.facts, projects).of(Project(root))
    return Site(held, share, root, renderer("", "kit"), lambda _folder: (), forge, title)


def made(name: str, files: Mapping[str, str | bytes], root: str = "", **more: str) -> dict[str, str]:
    """The files that a template writes or changes."""
    return written(files, BY_NAME[name].make(site(files, root, **more)).changes)


def why(name: str, files: Mapping[str, str | bytes], root: str = "", **more: str) -> str:
    """What is told of a template."""
    return " ".join(BY_NAME[name].make(site(files, root, **more)).why)


@pytest.fixture(scope="session")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit") / "bikes"
    subprocess.run([sys.executable, ROOT / "examples/replay.py", "bike-demand", folder], check=True)
    return folder


@pytest.fixture
def bikes(replayed: Path, tmp_path: Path) -> Path:
    """The example project, with a remote at GitHub."""
    folder = tmp_path / "bikes"
    git(tmp_path, "clone", "-q", str(replayed), str(folder))
    git(folder, "remote", "set-url", "origin", "git@github.com:acme/bikes.git")
    return folder

"""Helpers shared by the tests: repositories written inline, and real git ones made in a temporary folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.snapshot.memory import MemorySnapshot

# The same examples on each run: a change is judged by what it changed. HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


def facts_of(files: Mapping[str, str | bytes], **more: object) -> Facts:
    """The facts of a repository written inline."""
    return Facts(Source(MemorySnapshot(files, **more)))  # type: ignore[arg-type]


def git(folder: Path, *args: str) -> str:
    """Runs git in ``folder`` with a fixed identity, date and configuration."""
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "init.defaultBranch=main", *args],
        env={**os.environ, **GIT_ENVIRONMENT},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes files below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Makes a git repository with one commit of the given files."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "repository"
        folder.mkdir()
        git(folder, "init", "-q")
        write(folder, files)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "--allow-empty", "-m", "Start")
        return folder

    return make


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key pairs of ``bob``, who may sign, and ``eve``, who may not."""
    place = tmp_path_factory.mktemp("keys")
    for name in ("bob", "eve"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(place / name)]
        subprocess.run(command, check=True)
    return place

"""What git itself says of a repository: the oracle for what a snapshot says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lifelint.snapshot import Entry, Missing, Snapshot
from lifelint.snapshot._open import open_snapshot
from tests.conftest import GIT_ENVIRONMENT

_OPENED: list[Snapshot] = []


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    """No snapshot outlives its test."""
    yield
    while _OPENED:
        _OPENED.pop().close()


@pytest.fixture(autouse=True)
def nobodys_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration of the person who runs the tests must not matter."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


def raw(folder: Path, *args: str) -> bytes:
    """What git prints, to the byte."""
    environment = {**os.environ, **GIT_ENVIRONMENT}
    return subprocess.run(["git", "-C", folder, *args], env=environment, capture_output=True, check=True).stdout


def taken(folder: Path, *, rev: str = "", staged: bool = False) -> Snapshot:
    """The snapshot that ``lifelint check`` would take."""
    _OPENED.append(open_snapshot([folder], rev=rev, staged=staged).snapshot)
    return _OPENED[-1]


def contents(snapshot: Snapshot) -> dict[str, bytes | Missing]:
    """All that can be read."""
    return dict(snapshot.read(snapshot.entries))


def read_one(snapshot: Snapshot, path: str) -> bytes | Missing:
    """The content of one path."""
    [(_, data)] = snapshot.read([path])
    return data


def listed_by_git(folder: Path, rev: str = "HEAD") -> dict[str, Entry]:
    """The tree as ``git ls-tree`` lists it."""
    found = {}
    for record in raw(folder, "ls-tree", "-r", "-z", rev).decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode, _, oid = about.split(" ")
        found[path] = Entry(int(mode, 8), oid)
    return found


def stored_by_git(folder: Path, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """Each blob as ``git cat-file`` prints it, one process for each."""
    return {
        path: raw(folder, "cat-file", "blob", entry.oid) for path, entry in entries.items() if entry.mode < 0o160000
    }

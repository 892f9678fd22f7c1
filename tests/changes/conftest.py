"""Changes made in real repositories, and what `check --base` says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.conftest import Ran, lifelint
from tests.conftest import git, write

__all__ = ["Told", "lifelint", "project"]

Files = Mapping[str, str | None]


class Told(NamedTuple):
    """What a comparison says: all of it, and the subjects of new problems by rule, with the rules told by each."""

    document: Any
    new: Mapping[str, list[str]]
    also: Mapping[str, list[str]]

    def finding(self, rule: str) -> Any:
        [found] = [f for p in self.document["projects"] for f in p["findings"] if f["rule"] == rule]
        return found


class Project:
    """A repository whose branch `main` is the base, and changes to it on a branch of their own."""

    def __init__(self, folder: Path, run: Callable[..., Ran]) -> None:
        self.folder, self._run = folder, run

    def commit(self, files: Files, message: str = "Change", *, tag: str = "") -> None:
        for path in [path for path, text in files.items() if text is None]:
            (self.folder / path).unlink()
        write(self.folder, {path: text for path, text in files.items() if text is not None})
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", message)
        if tag:
            git(self.folder, "tag", tag)

    def branch(self, name: str = "work") -> None:
        git(self.folder, "checkout", "-q", "-B", name, "main")

    def move(self, paths: Mapping[str, str]) -> None:
        for before, after in paths.items():
            (self.folder / after).parent.mkdir(parents=True, exist_ok=True)
            git(self.folder, "mv", before, after)
        git(self.folder, "commit", "-q", "-m", "Move")

    def squashed(self) -> None:
        """Merges the branch into `main` as one commit, and leaves the commits it was made of behind."""
        git(self.folder, "checkout", "-q", "main")
        git(self.folder, "merge", "-q", "--squash", "work")
        git(self.folder, "commit", "-q", "-m", "Squash")
        git(self.folder, "branch", "-q", "-D", "work")

    def told(self, base: str = "main", *more: str) -> Told:
        ran = self._run("check", "--base", base, "--target", "5", "--format", "json", *more, cwd=self.folder)
        assert ran.code in (0, 1), ran.err
        new: dict[str, list[str]] = {}
        also: dict[str, list[str]] = {}
        for one in ran.json["change"]["new"]:
            new.setdefault(one["rule"], []).append(one["subject"])
            also.setdefault(one["rule"], []).extend(other["rule"] for other in one["also"])
        return Told(json.loads(ran.out), new, also)


@pytest.fixture
def project(
    repository: Callable[[Mapping[str, str | bytes]], Path], lifelint: Callable[..., Ran]
) -> Callable[..., Project]:
    """Makes a project with the given files on `main`, tagged if so asked, and goes to a branch of it."""

    def make(files: Mapping[str, str], tag: str = "") -> Project:
        made = Project(repository({"README.md": "Text.\n", **files}), lifelint)
        if tag:
            git(made.folder, "tag", tag)
        made.branch()
        return made

    return make

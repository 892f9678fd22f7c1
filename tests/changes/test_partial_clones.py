"""A base whose files are not here is not compared with: all that was wrong before would count as new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.cli.conftest import Ran, lifelint
from tests.conftest import git, write

__all__ = ["lifelint"]

Make = Callable[[Mapping[str, str | bytes]], Path]


def partial(origin: Path, *options: str) -> Path:
    git(origin, "config", "uploadpack.allowFilter", "true")
    folder = origin.with_name("partial")
    git(origin.parent, "clone", "-q", *options, "--no-local", origin.as_uri(), str(folder))
    return folder


def changed(repository: Make) -> Path:
    folder = repository({"requirements.txt": "numpy\n", "train.py": "import numpy\n", "README.md": "a"})
    write(folder, {"requirements.txt": "numpy\npandas\n"})
    git(folder, "commit", "-qam", "Ask for more")
    return folder


def test_a_base_without_its_files_is_refused_by_name(lifelint: Callable[..., Ran], repository: Make) -> None:
    folder = partial(changed(repository), "--filter=blob:none")

    ran = lifelint("check", "--base", "HEAD~1", cwd=folder)

    assert ran.code == 2
    assert "requirements.txt" in ran.err
    assert "--filter" in ran.err


def test_what_is_missing_elsewhere_does_not_matter(lifelint: Callable[..., Ran], repository: Make) -> None:
    origin = changed(repository)
    folder = partial(origin, "--filter=blob:none")
    git(folder, "checkout", "-q", "HEAD~1")
    git(folder, "checkout", "-q", "main")

    here, whole = (lifelint("check", "--base", "HEAD~1", "--format", "json", cwd=place) for place in (folder, origin))

    assert here.json["change"]["new"] == whole.json["change"]["new"] != []


def test_a_file_that_neither_state_has_here_is_as_unknown_as_it_was(
    lifelint: Callable[..., Ran], repository: Make
) -> None:
    origin = changed(repository)
    write(origin, {"requirements-large.txt": "numpy\n" + "# why\n" * 500, "pyproject.toml": "[project]\nname = 'a'\n"})
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "Ask for much")
    write(origin, {"requirements.txt": "numpy\npandas\nscipy\n"})
    git(origin, "commit", "-qam", "Ask for more still")
    folder = partial(origin, "--filter=blob:limit=1k", "--no-checkout")

    def change(where: str) -> Ran:
        return lifelint("check", "--rev", "HEAD", "--base", where, "--format", "json", cwd=folder)

    same, came = change("HEAD~1"), change("HEAD~2")

    assert [one["subject"] for one in same.json["change"]["new"]] == ["requirements.txt:scipy"]
    assert any("requirements-large.txt" in one["path"] for one in same.json["diagnostics"])
    assert came.code == 1, "and what only the head lacks keeps nothing from being compared"

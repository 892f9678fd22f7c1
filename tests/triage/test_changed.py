"""What a change makes worse in the files that it touched: found by git, judged as they were and as they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lifelint import catalog
from lifelint.cli._base import changed_since
from tests.cli.conftest import Ran, lifelint
from tests.conftest import git, write
from tests.test_startup import git_processes, opened

__all__ = ["lifelint"]

Run = Callable[..., Ran]
Make = Callable[..., Path]

DIGEST = f"FROM python@sha256:{'0' * 64}\n"
TAG = "FROM python:3.11\n"
POINTER = "outs:\n- md5: {}\n  hash: md5\n  size: 5\n  path: {}\n"
FILES = {
    "lifelint.toml": "target = 3\nfail-on = 'new-warning'\n",
    "a/Dockerfile": DIGEST,
    "b/Dockerfile": TAG,
    "c/Dockerfile": TAG,
    "data/x.csv.dvc": POINTER.format("a" * 32, "x.csv"),
    "data/.gitignore": "/x.csv\n",
    "requirements.txt": "numpy\n",
    "gone.py": "",
}
FILE_RULES = {rule.id for rule in catalog.load().rules if rule.scope == "file"}


@pytest.fixture
def folder(repository: Make) -> Path:
    made = repository(FILES)
    git(made, "branch", "-m", "main")
    git(made, "checkout", "-q", "-b", "work")
    write(made, {"a/Dockerfile": TAG, "c/Dockerfile": DIGEST, "d/Dockerfile": TAG})
    git(made, "rm", "-q", "gone.py")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "Build otherwise")
    return made


def change(lifelint: Run, folder: Path, *words: str) -> Any:
    ran = lifelint("check", "--base", "main", "--format", "json", *words, cwd=folder)
    assert ran.code in (0, 1), ran.err
    return ran.json


def told(report: Any) -> list[tuple[str, str]]:
    """What is new and what was fixed of the rules that need no more than a file, with its path.

    A rule about a change is told instead of such a rule, which stands beside it.
    """
    return sorted(
        (side, one["path"])
        for side in ("new", "fixed")
        for one in report["change"][side]
        if FILE_RULES & {one["rule"], *(other["rule"] for other in one["also"])}
    )


STATES = ([], ["--staged"], ["--rev", "HEAD"])


@pytest.mark.parametrize("state", STATES, ids=" ".join)
def test_what_is_new_and_fixed_is_what_the_whole_shows_of_these_rules(
    lifelint: Run, folder: Path, state: list[str]
) -> None:
    alone = change(lifelint, folder, *state, "--changed")

    assert told(alone) == told(change(lifelint, folder, *state))
    assert told(alone) == [("fixed", "c/Dockerfile"), ("new", "a/Dockerfile"), ("new", "d/Dockerfile")]
    assert alone["gate"]["passed"] is False
    assert alone["change"]["unchanged"] == 0, "b/Dockerfile was not touched"
    assert alone["projects"][0]["scorecard"] is None
    assert {finding["rule"] for finding in alone["projects"][0]["findings"]} == FILE_RULES


@pytest.mark.parametrize(
    ("state", "also"),
    [([], {"b/Dockerfile", "e/Dockerfile"}), (["--staged"], {"e/Dockerfile"}), (["--rev", "HEAD"], set())],
    ids=["worktree", "index", "revision"],
)
def test_the_files_are_those_that_differ_from_the_base(folder: Path, state: list[str], also: set[str]) -> None:
    write(folder, {"b/Dockerfile": DIGEST, "e/Dockerfile": TAG, "nobody/Dockerfile": TAG})
    git(folder, "add", "e/Dockerfile")
    before, now = changed_since(
        [str(folder)], "main", rev="HEAD" if "--rev" in state else "", staged="--staged" in state
    )
    with closing(before.snapshot), closing(now.snapshot):
        assert before.files == now.files == sorted({"a/Dockerfile", "c/Dockerfile", "d/Dockerfile", "gone.py", *also})
        assert not list(now.snapshot.diagnostics), "a file that the change removed is not missing"


def test_a_folder_narrows_them(lifelint: Run, folder: Path) -> None:
    assert told(change(lifelint, folder, "--changed", "d")) == [("new", "d/Dockerfile")]


def test_named_files_are_compared_whether_they_changed_or_not(lifelint: Run, folder: Path) -> None:
    report = change(lifelint, folder, "b/Dockerfile", "d/Dockerfile")

    assert told(report) == [("new", "d/Dockerfile")]
    assert report["change"]["unchanged"] == 1


def test_where_nothing_changed_nothing_is_judged(lifelint: Run, folder: Path) -> None:
    ran = lifelint("check", "--base", "HEAD", "--changed", cwd=folder)

    assert ran.code == 0
    assert "0 new, 0 fixed, 0 unchanged" in ran.out
    outcomes = {
        f["outcome"] for f in change(lifelint, folder, "--base", "HEAD", "--changed")["projects"][0]["findings"]
    }
    assert outcomes == {"not-applicable"}


def test_it_says_what_was_not_judged(lifelint: Run, folder: Path) -> None:
    ran = lifelint("check", "--base", "main", "--changed", cwd=folder)

    assert ran.code == 1
    assert f"Judged by the {len(FILE_RULES)} rules that need no more than a file" in " ".join(ran.out.split())


def test_the_waivers_of_the_base_go_on_and_those_of_the_change_excuse_nothing(lifelint: Run, folder: Path) -> None:
    waived = f"# lifelint: waive[base-image-by-digest] tried out; until 2999-01-31\n{TAG}"
    git(folder, "checkout", "-q", "main")
    write(folder, {"e/Dockerfile": waived})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Try out")
    git(folder, "checkout", "-q", "work")
    git(folder, "merge", "-q", "-m", "Merge", "main")
    write(
        folder,
        {
            "lifelint.toml": "fail-on = 'never'\n",
            "a/Dockerfile": waived,
            "e/Dockerfile": f"{waived}RUN true\n",
        },
    )
    git(folder, "commit", "-qam", "Excuse it")
    report = change(lifelint, folder, "--changed")

    assert told(report) == [("fixed", "c/Dockerfile"), ("new", "a/Dockerfile"), ("new", "d/Dockerfile")]
    assert report["gate"]["passed"] is False
    assert [one["key"] for one in report["change"]["configuration"]] == ["target", "fail-on"]


def test_without_git_there_is_nothing_to_compare_with(lifelint: Run, tmp_path: Path) -> None:
    ran = lifelint("check", "--base", "main", "--changed", str(tmp_path))

    assert ran.code == 2
    assert "not in a git repository" in ran.err


def test_a_linked_worktree_and_a_bare_clone_have_changes_too(lifelint: Run, folder: Path, tmp_path: Path) -> None:
    git(folder, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "work")
    git(tmp_path, "clone", "-q", "--bare", str(folder), "bare")
    expected = told(change(lifelint, folder, "--changed"))

    assert told(change(lifelint, tmp_path / "linked", "--changed", "--rev", "HEAD")) == expected
    assert told(change(lifelint, tmp_path / "bare", "--changed", "--rev", "work")) == expected


def test_it_reads_the_changed_files_alone(folder: Path, tmp_path: Path) -> None:
    arguments = ("--base", "main", "--changed", "--rev", "HEAD")

    assert opened(folder, "check", *arguments) <= {"a/Dockerfile", "c/Dockerfile", "d/Dockerfile", "lifelint.toml"}
    assert len(git_processes(folder, tmp_path, *arguments)) <= 8

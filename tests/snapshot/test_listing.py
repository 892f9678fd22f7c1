"""Every state lists the same entries and gives the same bytes as git and GitPython do for the same tree."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import git as gitpython
import pytest

from lifelint.snapshot import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, Entry, Missing, SnapshotError
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, listed_by_git, read_one, stored_by_git, taken

Make = Callable[[Mapping[str, str | bytes]], Path]

STATES = [{}, {"staged": True}, {"rev": "HEAD"}]
ODD_NAMES = [
    *("with space", "a:b", "line\nbreak", 'quo"te', "it's", "-rf", "--help", "tab\there", "back\\slash", "ümlaut"),
    *("*", "[x]", ":(top)x", "#x", "~", "a/" * 60 + "deep", "\udcff\udcfe", "x\udc80/y\udc81"),
]


def commit(folder: Path, message: str = "Change") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)


@pytest.fixture
def varied(repository: Make) -> Path:
    """A repository with every kind of entry that git knows, apart from submodules."""
    folder = repository(
        {"plain.txt": "text\n", "empty": "", "run.sh": "#!/bin/sh\n", "bytes.bin": bytes(range(256)) * 9}
    )
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("plain.txt")
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "dangling").symlink_to("nowhere/at/all")
    (folder / "folder").symlink_to(".")
    for number, name in enumerate(ODD_NAMES):
        write(folder, {name: f"{number}\n"})
    commit(folder)
    return folder


@pytest.mark.parametrize("state", STATES, ids=str)
def test_entries_are_those_of_git(varied: Path, state: dict[str, str]) -> None:
    snapshot = taken(varied, **state)  # type: ignore[arg-type]

    assert snapshot.entries == listed_by_git(varied)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_bytes_are_those_of_git(varied: Path, state: dict[str, str]) -> None:
    snapshot = taken(varied, **state)  # type: ignore[arg-type]

    assert contents(snapshot) == stored_by_git(varied, snapshot.entries)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_entries_and_bytes_are_those_of_gitpython(varied: Path, state: dict[str, str]) -> None:
    with gitpython.Repo(varied) as repo:
        expected = {os.fsdecode(i.path): i for i in repo.head.commit.tree.traverse() if i.type == "blob"}
        oracle = {path: (Entry(i.mode, i.hexsha), i.data_stream.read()) for path, i in expected.items()}

    snapshot = taken(varied, **state)  # type: ignore[arg-type]

    assert {path: (snapshot.entries[path], data) for path, data in snapshot.read(oracle)} == oracle


@pytest.mark.parametrize("state", STATES, ids=str)
def test_sizes_are_those_of_the_stored_bytes(varied: Path, state: dict[str, str]) -> None:
    snapshot = taken(varied, **state)  # type: ignore[arg-type]

    assert snapshot.sizes(snapshot.entries) == {p: len(d) for p, d in stored_by_git(varied, snapshot.entries).items()}


@pytest.mark.parametrize("state", STATES, ids=str)
def test_content_ids_are_those_of_the_entries(varied: Path, state: dict[str, str]) -> None:
    snapshot = taken(varied, **state)  # type: ignore[arg-type]

    assert {path: snapshot.oid(path) for path in snapshot.entries} == {p: e.oid for p, e in snapshot.entries.items()}


def test_modes_tell_files_programs_links_and_submodules_apart(varied: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    commit(inner)
    git(varied, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")

    entries = taken(varied).entries

    assert [entries[p].mode for p in ("plain.txt", "run.sh", "link", "sub")] == [
        REGULAR,
        EXECUTABLE,
        SYMLINK,
        SUBMODULE,
    ]


def test_a_link_reads_as_its_target_and_is_never_followed(varied: Path) -> None:
    assert read_one(taken(varied), "out") == b"/etc/passwd"


def test_reads_come_in_the_order_asked_for_and_repeat(varied: Path) -> None:
    snapshot = taken(varied, rev="HEAD")

    assert [p for p, _ in snapshot.read(["run.sh", "empty", "run.sh"])] == ["run.sh", "empty", "run.sh"]


def test_a_repository_without_commits_has_its_index(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"staged": "s\n", "untracked": "u\n"})
    git(tmp_path, "add", "staged")

    snapshot = taken(tmp_path)

    assert contents(snapshot) == {"staged": b"s\n"}
    assert snapshot.subject.revision == ""


def test_a_repository_without_commits_has_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")

    with pytest.raises(SnapshotError, match="has no commit yet"):
        taken(tmp_path, rev="HEAD")


def test_a_detached_head_is_the_revision(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "checkout", "-q", "--detach")

    assert taken(folder).subject.revision == git(folder, "rev-parse", "HEAD")


def test_packed_refs_are_read(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "pack-refs", "--all", "--prune")

    assert taken(folder).subject.revision == git(folder, "rev-parse", "HEAD")


def test_a_branch_may_have_any_name(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "checkout", "-q", "-b", "fix/ümlaut\udcff")
    git(folder, "pack-refs", "--all", "--prune")

    assert taken(folder).subject.revision == git(folder, "rev-parse", "HEAD")


def test_an_annotated_tag_names_its_commit(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "tag", "-a", "v1", "-m", "One")
    write(folder, {"a": "2"})
    commit(folder)

    snapshot = taken(folder, rev="v1")

    assert contents(snapshot) == {"a": b"1"}
    assert snapshot.subject.revision == git(folder, "rev-parse", "HEAD~1")


@pytest.mark.parametrize(
    "rev", ["--help", "--all", "-h", "nope", "HEAD:a", "HEAD HEAD", "", "\n", "a\0b", "HEAD^{tree}", "\udcff"]
)
def test_what_names_no_commit_is_refused_with_a_message(repository: Make, rev: str) -> None:
    folder = repository({"a": "1"})

    with pytest.raises(SnapshotError, match="commit"):
        open_snapshot([folder], rev=rev or " ")


def test_a_branch_named_like_an_option_can_be_read(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "update-ref", "refs/heads/--help", "HEAD")

    assert contents(taken(folder, rev="--help")) == {"a": b"1"}


def test_sha256_repositories_are_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, {"a": "1", "b/c": "2", "empty": ""})
    commit(tmp_path)
    write(tmp_path, {"a": "edited"})

    snapshot = taken(tmp_path)

    assert contents(snapshot) == {"a": b"edited", "b/c": b"2", "empty": b""}
    assert len(snapshot.subject.revision) == 64
    assert contents(taken(tmp_path, rev="HEAD")) == stored_by_git(tmp_path, listed_by_git(tmp_path))


def test_a_submodule_is_an_entry_without_content(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{git(folder, 'rev-parse', 'HEAD')},sub")

    snapshot = taken(folder)

    assert read_one(snapshot, "sub") == Missing("is a submodule")
    assert snapshot.sizes(["sub"]) == {}


def test_paths_below_a_submodule_belong_to_the_submodule(repository: Make, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    write(inner, {"own.txt": "inner"})
    commit(inner)
    folder = repository({"a": "1"})
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    commit(folder)

    assert set(taken(folder).entries) == {".gitmodules", "a", "sub"}
    assert contents(taken(folder / "sub")) == {"own.txt": b"inner"}


def test_very_many_paths_are_read_in_one_go(repository: Make) -> None:
    files = {f"{n % 7}/{n}.txt": f"{n}\n" * (n % 50) for n in range(1300)}
    folder = repository(files)

    for state in STATES:
        assert contents(taken(folder, **state)) == {path: text.encode() for path, text in files.items()}  # type: ignore[arg-type]


def test_a_thousand_folders_deep_is_not_too_deep(repository: Make) -> None:
    deep = "d/" * 1500 + "f"
    folder = repository({"a": "1"})
    oid = git(folder, "rev-parse", "HEAD:a")
    git(folder, "update-index", "--add", "--cacheinfo", f"100644,{oid},{deep}")

    assert read_one(taken(folder), deep) == b"1"


def test_a_conflict_is_told_and_one_side_of_it_listed(repository: Make) -> None:
    folder = repository({"a": "base\n"})
    for branch in ("left", "right"):
        git(folder, "checkout", "-q", "-b", branch, "main")
        write(folder, {"a": f"{branch}\n"})
        commit(folder)
    with pytest.raises(Exception, match="merge"):
        git(folder, "merge", "-q", "left")

    snapshot = taken(folder, staged=True)

    assert [(d.path, d.message) for d in snapshot.diagnostics] == [
        ("a", "has an unresolved merge conflict; one side of it was read")
    ]
    assert read_one(snapshot, "a") in (b"left\n", b"right\n")

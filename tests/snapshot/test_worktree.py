"""The working tree: edits count, conversions do not, and nothing outside the repository is read."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint.snapshot import MAX_BYTES, Missing
from lifelint.snapshot._disk import Disk
from tests.conftest import git, write
from tests.snapshot.conftest import contents, listed_by_git, raw, read_one, stored_by_git, taken

Make = Callable[[Mapping[str, str | bytes]], Path]


# Edits -------------------------------------------------------------------------------------------------------------


def test_an_unstaged_edit_counts_in_the_working_tree_only(repository: Make) -> None:
    folder = repository({"a": "old"})
    write(folder, {"a": "new"})

    assert read_one(taken(folder), "a") == b"new"
    assert read_one(taken(folder, staged=True), "a") == b"old"
    assert read_one(taken(folder, rev="HEAD"), "a") == b"old"


def test_a_staged_edit_counts_in_the_index_too(repository: Make) -> None:
    folder = repository({"a": "old"})
    write(folder, {"a": "staged"})
    git(folder, "add", "a")
    write(folder, {"a": "edited after"})

    assert read_one(taken(folder), "a") == b"edited after"
    assert read_one(taken(folder, staged=True), "a") == b"staged"
    assert read_one(taken(folder, rev="HEAD"), "a") == b"old"


def test_untracked_and_ignored_files_do_not_exist(repository: Make) -> None:
    folder = repository({".gitignore": "ignored\n"})
    write(folder, {"ignored": "", "untracked": ""})

    assert set(taken(folder).entries) == {".gitignore"}


def test_the_id_of_an_edited_file_is_that_of_its_new_content(repository: Make) -> None:
    folder = repository({"a": "old"})
    write(folder, {"a": "new"})

    assert taken(folder).oid("a") == git(folder, "hash-object", str(folder / "a"))


@pytest.mark.parametrize(("change", "dirty"), [("none", False), ("touch", False), ("edit", True), ("stage", True)])
def test_a_snapshot_is_dirty_when_what_was_read_is_not_committed(repository: Make, change: str, dirty: bool) -> None:
    folder = repository({"a": "old"})
    if change == "touch":
        os.utime(folder / "a", (1, 1))
    elif change != "none":
        write(folder, {"a": "new"})
    if change == "stage":
        git(folder, "add", "a")
    snapshot = taken(folder)
    contents(snapshot)

    assert snapshot.subject.dirty is dirty


def test_a_revision_is_never_dirty(repository: Make) -> None:
    folder = repository({"a": "old"})
    write(folder, {"a": "new"})
    git(folder, "add", "a")

    assert not taken(folder, rev="HEAD").subject.dirty


def test_dirt_is_seen_by_reads_after_the_subject_was_asked_for(repository: Make) -> None:
    folder = repository({"a": "old"})
    write(folder, {"a": "new"})
    snapshot = taken(folder)
    before = snapshot.subject.dirty
    contents(snapshot)

    assert (before, snapshot.subject.dirty) == (False, True)


def test_a_tracked_file_that_is_not_on_disk_counts_as_stored(repository: Make) -> None:
    folder = repository({"a": "1", "b/c": "2"})
    (folder / "a").unlink()
    shutil.rmtree(folder / "b")

    assert contents(taken(folder)) == {"a": b"1", "b/c": b"2"}


def test_a_staged_removal_counts(repository: Make) -> None:
    folder = repository({"a": "1", "b": "2"})
    git(folder, "rm", "-q", "a")

    assert set(taken(folder).entries) == set(taken(folder, staged=True).entries) == {"b"}


@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
def test_a_sparse_checkout_has_all_files(repository: Make, cone: str) -> None:
    folder = repository({"top": "1", "in/a": "2", "out/b": "3"})
    git(folder, "sparse-checkout", "set", cone, "in")

    snapshot = taken(folder)

    assert not (folder / "out").exists()
    assert contents(snapshot) == stored_by_git(folder, listed_by_git(folder))
    assert not snapshot.subject.dirty


def test_a_sparse_index_is_expanded(repository: Make) -> None:
    folder = repository({"top": "1", "in/a": "2", "out/b": "3"})
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "in")

    assert taken(folder).entries == listed_by_git(folder)


def test_a_split_index_is_read(repository: Make) -> None:
    folder = repository({"a": "1", "b": "2"})
    git(folder, "update-index", "--split-index")

    assert taken(folder).entries == listed_by_git(folder)


def test_what_add_only_announced_is_in_the_working_tree_and_not_in_the_index(repository: Make) -> None:
    folder = repository({"a": "1", "empty": ""})
    write(folder, {"new": "text"})
    git(folder, "add", "--intent-to-add", "new")

    assert contents(taken(folder)) == {"a": b"1", "empty": b"", "new": b"text"}
    assert contents(taken(folder, staged=True)) == {"a": b"1", "empty": b""}


# Hooks -------------------------------------------------------------------------------------------------------------

HOOK = """#!/bin/sh
git ls-files -s > "{out}/env-index"
{python} - <<'END' > "{out}/seen"
import pathlib
from lifelint.snapshot._open import open_snapshot
snapshot = open_snapshot([pathlib.Path()], staged=True).snapshot
print({{path: data.decode() for path, data in snapshot.read(snapshot.entries)}})
snapshot.close()
END
"""


@pytest.fixture
def hooked(repository: Make, tmp_path: Path) -> Path:
    """A repository whose commit hook writes down what a snapshot of the index holds."""
    import sys

    folder = repository({"a": "1", "b": "1"})
    hook = folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(out=tmp_path, python=sys.executable))
    hook.chmod(0o755)
    return folder


def test_a_hook_of_commit_all_sees_what_the_commit_will_hold(hooked: Path, tmp_path: Path) -> None:
    write(hooked, {"a": "2", "b": "2"})
    git(hooked, "commit", "-q", "-a", "-m", "All")

    assert (tmp_path / "seen").read_text() == "{'a': '2', 'b': '2'}\n"


def test_a_hook_of_commit_one_file_sees_what_the_commit_will_hold(hooked: Path, tmp_path: Path) -> None:
    write(hooked, {"a": "2", "b": "2"})
    git(hooked, "add", "b")
    git(hooked, "commit", "-q", "-m", "One", "a")

    assert (tmp_path / "seen").read_text() == "{'a': '2', 'b': '1'}\n"


def test_a_hook_in_a_linked_worktree_sees_what_the_commit_will_hold(hooked: Path, tmp_path: Path) -> None:
    git(hooked, "worktree", "add", "-q", str(tmp_path / "linked"))
    write(tmp_path / "linked", {"a": "2"})
    git(tmp_path / "linked", "commit", "-q", "-a", "-m", "All")

    assert (tmp_path / "seen").read_text() == "{'a': '2', 'b': '1'}\n"


def test_the_index_of_another_repository_is_not_taken(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    folder = repository({"a": "1"})
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))

    assert contents(taken(folder, staged=True)) == {"a": b"1"}


def test_objects_that_a_push_is_bringing_are_found(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository({"a": "1"})
    incoming = folder / ".git/objects/incoming-x"
    incoming.mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(incoming))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(folder / ".git/objects"))
    write(folder, {"b": "2"})
    git(folder, "add", "b")

    assert contents(taken(folder, staged=True)) == {"a": b"1", "b": b"2"}


@pytest.mark.parametrize("name", ["GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_NOGLOB_PATHSPECS"])
def test_the_environment_cannot_change_what_is_listed(
    repository: Make, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = repository({"a": "1"})
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("GIT_WORK_TREE", "/")
    monkeypatch.setenv("GIT_NAMESPACE", "x")

    assert contents(taken(folder)) == {"a": b"1"}


# Conversions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("autocrlf", ["true", "input", "false"])
@pytest.mark.parametrize(
    "attributes", ["", "* text=auto\n", "* text\n", "* -text\n", "* text eol=crlf\n", "* eol=lf\n"]
)
@pytest.mark.parametrize("before", ["x\ny\n", "x\r\ny\r\n"])
@pytest.mark.parametrize("after", ["x\r\ny\r\n", "x\r\nz\r\n", "x\nz\r\n", "x\rz\r\n", "x\0\r\n"])
def test_line_endings_are_those_git_would_store(
    repository: Make, autocrlf: str, attributes: str, before: str, after: str
) -> None:
    folder = repository({".gitattributes": attributes})
    write(folder, {"a": before})
    git(folder, "-c", "core.autocrlf=false", "-c", "core.attributesFile=/dev/null", "add", "a")
    git(folder, "config", "core.autocrlf", autocrlf)
    write(folder, {"a": after})
    data = read_one(taken(folder), "a")
    git(folder, "add", "a")

    assert data == raw(folder, "cat-file", "blob", ":a")


def test_a_checkout_with_crlf_is_not_dirty(repository: Make) -> None:
    folder = repository({"a": "x\ny\n"})
    git(folder, "config", "core.autocrlf", "true")
    (folder / "a").unlink()
    git(folder, "checkout", "-q", "--", "a")
    snapshot = taken(folder)

    assert (folder / "a").read_bytes() == b"x\r\ny\r\n"
    assert contents(snapshot) == {"a": b"x\ny\n"}
    assert not snapshot.subject.dirty


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 9\n"


@pytest.mark.parametrize("place", [".gitattributes", "data/.gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize("state", [{}, {"staged": True}, {"rev": "HEAD"}], ids=str)
def test_smudged_content_reads_as_the_pointer(repository: Make, place: str, state: dict[str, str]) -> None:
    folder = repository({"data/big.bin": POINTER})
    write(folder, {place: "*.bin filter=lfs diff=lfs merge=lfs -text\n"})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Attributes")
    write(folder, {"data/big.bin": "smudged!\n"})
    snapshot = taken(folder, **state)  # type: ignore[arg-type]

    assert read_one(snapshot, "data/big.bin") == POINTER.encode()
    assert snapshot.sizes(["data/big.bin"]) == {"data/big.bin": len(POINTER)}
    assert not snapshot.subject.dirty


def test_smudged_content_of_a_named_file_reads_as_the_pointer(repository: Make) -> None:
    from lifelint.snapshot._open import open_snapshot

    folder = repository({"data/big.bin": POINTER, ".gitattributes": "*.bin filter=lfs\n"})
    write(folder, {"data/big.bin": "smudged!\n"})
    snapshot = open_snapshot([folder / "data/big.bin"]).snapshot
    data = contents(snapshot)
    snapshot.close()

    assert data == {"data/big.bin": POINTER.encode()}


def test_a_filter_of_the_person_is_no_edit(repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository({"a.ipynb": "{}"})
    write(
        tmp_path,
        {"config": f"[core]\nattributesFile = {tmp_path}/attributes\n", "attributes": "*.ipynb filter=strip\n"},
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    write(folder, {"a.ipynb": "{with output}"})
    snapshot = taken(folder)

    assert read_one(snapshot, "a.ipynb") == b"{}"
    assert snapshot.filters(["a.ipynb"]) == {}, "what others see has no filter"


@pytest.mark.parametrize("attribute", ["ident", "working-tree-encoding=UTF-16"])
def test_other_conversions_read_as_stored(repository: Make, attribute: str) -> None:
    folder = repository({".gitattributes": f"a {attribute}\n"})
    oid = git(folder, "hash-object", "-w", "--stdin", "--no-filters", "--", "/dev/null")[:40]
    git(folder, "update-index", "--add", "--cacheinfo", f"100644,{oid},a")
    write(folder, {"a": "$Id: 1234 $\n"})

    assert read_one(taken(folder), "a") == b""


def test_filters_are_those_git_matches(repository: Make) -> None:
    folder = repository(
        {
            ".gitattributes": "[attr]big filter=lfs\n*.bin big\n*.txt filter=other\nset filter\n",
            "data/.gitattributes": "keep.bin -filter\nplain.bin !filter\n",
            "data/a.bin": "", "data/keep.bin": "", "data/plain.bin": "", "x y.txt": "", "set": "", "none": "",
        }
    )  # fmt: skip

    for state in ({}, {"staged": True}, {"rev": "HEAD"}):
        snapshot = taken(folder, **state)  # type: ignore[arg-type]
        assert snapshot.filters(snapshot.entries) == {"data/a.bin": "lfs", "x y.txt": "other"}


def test_filters_of_a_revision_are_those_of_its_time(repository: Make) -> None:
    folder = repository({".gitattributes": "*.bin filter=lfs\n", "a.bin": ""})
    git(folder, "rm", "-q", ".gitattributes")
    git(folder, "commit", "-q", "-m", "No filters")

    assert taken(folder, rev="HEAD~1").filters(["a.bin"]) == {"a.bin": "lfs"}
    assert taken(folder, rev="HEAD").filters(["a.bin"]) == {}


# What is not a regular file any more -------------------------------------------------------------------------------


def test_a_file_replaced_by_a_link_is_not_followed(repository: Make) -> None:
    folder = repository({"a": "own"})
    (folder / "a").unlink()
    (folder / "a").symlink_to("/etc/passwd")

    assert read_one(taken(folder), "a") == b"own"


def test_a_folder_replaced_by_a_link_is_not_followed(repository: Make, tmp_path: Path) -> None:
    folder = repository({"d/e/a": "own"})
    write(tmp_path / "outside", {"e/a": "secret"})
    shutil.rmtree(folder / "d")
    (folder / "d").symlink_to(tmp_path / "outside")

    assert read_one(taken(folder), "d/e/a") == b"own"


def test_a_file_replaced_by_a_pipe_does_not_block(repository: Make) -> None:
    folder = repository({"a": "own"})
    (folder / "a").unlink()
    os.mkfifo(folder / "a")

    assert read_one(taken(folder), "a") == b"own"


@pytest.mark.parametrize("kind", ["folder", "device"])
def test_a_file_replaced_by_something_else_reads_as_stored(repository: Make, kind: str) -> None:
    folder = repository({"a": "own"})
    (folder / "a").unlink()
    if kind == "folder":
        write(folder, {"a/b": "untracked"})
    else:
        (folder / "a").symlink_to("/dev/zero")

    assert read_one(taken(folder), "a") == b"own"


def test_an_edited_link_reads_as_its_new_target(repository: Make) -> None:
    folder = repository({"x": ""})
    (folder / "link").symlink_to("x")
    git(folder, "add", "-A")
    (folder / "link").unlink()
    (folder / "link").symlink_to("/etc/passwd")

    assert read_one(taken(folder), "link") == b"/etc/passwd"


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "d/../../secret", "d/../../../etc/hostname"])
def test_a_forged_path_that_leads_out_is_not_listed(repository: Make, tmp_path: Path, path: str) -> None:
    folder = repository({"a": "own", "d": "x"})
    write(tmp_path, {"secret": "secret"})
    oid = git(folder, "rev-parse", "HEAD:a")
    stand_in = "x" * len(path)
    git(folder, "update-index", "--index-version", "2", "--add", "--cacheinfo", f"100644,{oid},{stand_in}")
    forge(folder, stand_in.encode(), path.encode())

    assert contents(taken(folder)) == {"a": b"own", "d": b"x"}


def test_disk_reads_no_path_that_leads_out(tmp_path: Path) -> None:
    write(tmp_path, {"secret": "secret", "root/d/a": "own"})
    (tmp_path / "root/link").symlink_to("d")
    disk = Disk(tmp_path / "root")
    hostile = [
        "../secret",
        str(tmp_path / "secret"),
        "d/../../secret",
        "link/a",
        "d/..",
        "",
        ".",
        "d//a",
        ".git/config",
    ]

    assert disk.content("d/a") == b"own"
    assert [path for path in hostile if isinstance(disk.content(path), bytes)] == []


def forge(folder: Path, old: bytes, new: bytes) -> None:
    """Renames an index entry behind git's back."""
    index = folder / ".git/index"
    data = index.read_bytes()[:-20].replace(old, new)
    index.write_bytes(data + hashlib.sha1(data).digest())


def test_a_file_too_large_to_parse_is_missing_with_the_reason(repository: Make) -> None:
    folder = repository({"big": b"x" * (MAX_BYTES + 1), "just": b"y" * MAX_BYTES, "small": "z"})

    for state in ({}, {"staged": True}, {"rev": "HEAD"}):
        data = contents(taken(folder, **state))  # type: ignore[arg-type]
        assert data["big"] == Missing("is larger than 16 MiB and was not read")
        assert [len(data["just"]), data["small"]] == [MAX_BYTES, b"z"]

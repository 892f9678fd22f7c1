"""A plain folder and a dict, with the loss they state."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint.snapshot import MAX_BYTES, REGULAR, SYMLINK, Entry, Missing
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot._open import open_snapshot
from lifelint.snapshot.folder import FolderSnapshot
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, read_one, taken

Make = Callable[[Mapping[str, str | bytes]], Path]


def test_a_folder_without_git_is_read_and_the_loss_is_stated(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1", "d/b": "2"})
    snapshot = taken(tmp_path)

    assert contents(snapshot) == {"a": b"1", "d/b": b"2"}
    assert [d.message for d in snapshot.diagnostics] == [
        "is not a git repository: every file below it was read, and nothing is known of history"
    ]
    assert (snapshot.subject.kind, snapshot.subject.revision) == ("folder", "")


def test_folders_of_tools_are_not_entered(tmp_path: Path) -> None:
    write(tmp_path, {"a": "", "node_modules/x": "", ".venv/x": "", "__pycache__/x": "", "d/.git/x": ""})

    assert set(taken(tmp_path).entries) == {"a"}


def test_links_of_a_folder_are_listed_and_never_followed(tmp_path: Path) -> None:
    write(tmp_path, {"in/a": "1", "out/secret": "2"})
    (tmp_path / "in/file").symlink_to("../out/secret")
    (tmp_path / "in/folder").symlink_to("../out")
    (tmp_path / "in/loop").symlink_to(".")
    snapshot = taken(tmp_path / "in")

    assert contents(snapshot) == {"a": b"1", "file": b"../out/secret", "folder": b"../out", "loop": b"."}
    assert {entry.mode for path, entry in snapshot.entries.items() if path != "a"} == {SYMLINK}


def test_pipes_and_sockets_of_a_folder_are_not_listed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert taken(tmp_path).entries == {}


def test_a_file_that_became_a_pipe_or_link_meanwhile_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1", "b": "2", "c": "3"})
    snapshot = taken(tmp_path)
    for name in "abc":
        (tmp_path / name).unlink()
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").symlink_to("/etc/passwd")

    assert {path: type(data) for path, data in contents(snapshot).items()} == dict.fromkeys("abc", Missing)


def test_a_named_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert FolderSnapshot(tmp_path, ["pipe"]).entries == {}


def test_names_that_are_not_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "\udcff").write_bytes(b"1")

    assert contents(taken(tmp_path)) == {"\udcff": b"1"}


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1"})
    (tmp_path / "closed").mkdir(mode=0)

    assert [(d.path, d.message) for d in taken(tmp_path).diagnostics][1:] == [
        ("closed", "cannot be listed (Permission denied)")
    ]


def test_a_large_file_of_a_folder_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"big": b"x" * (MAX_BYTES + 1)})
    snapshot = taken(tmp_path)

    assert read_one(snapshot, "big") == Missing("is larger than 16 MiB and was not read")
    assert snapshot.sizes(["big"]) == {"big": MAX_BYTES + 1}
    assert snapshot.oid("big") == "unread:big"


def test_files_named_without_git_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a": "1", "d/b": "2"})
    monkeypatch.chdir(tmp_path)
    state = open_snapshot([Path("d/b")])

    assert contents(state.snapshot) == {"d/b": b"2"}
    assert state.files == ["d/b"]


@pytest.mark.parametrize("data", [b"", b"text\n", bytes(range(256))])
def test_content_ids_are_those_of_git(repository: Make, tmp_path: Path, data: bytes) -> None:
    folder = repository({"a": data})

    assert blob_id(data) == git(folder, "rev-parse", "HEAD:a")
    assert MemorySnapshot({"a": data}).oid("a") == FolderSnapshot(folder, ["a"]).oid("a") == blob_id(data)


def test_a_dict_is_a_snapshot() -> None:
    snapshot = MemorySnapshot({"b": "2", "a": b"1"}, symlinks={"link": "a"}, missing=["b"])

    assert contents(snapshot) == {"a": b"1", "b": Missing("its blob is not in the object database"), "link": b"a"}
    assert snapshot.entries["a"] == Entry(REGULAR, blob_id(b"1"))
    assert snapshot.sizes(snapshot.entries) == {"a": 1, "link": 1}


def test_a_dict_knows_simple_filters() -> None:
    files = {".gitattributes": "# x\n*.bin filter=lfs -text\n/top filter=a\n", "d/a.bin": "", "top": "", "d/top": ""}

    assert MemorySnapshot(files).filters(files) == {"d/a.bin": "lfs", "top": "a"}

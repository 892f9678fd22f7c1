"""A few entries read from the index are those that git lists, or none are given."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifelint.snapshot import Entry, SnapshotError, _index
from lifelint.snapshot._layout import discover
from lifelint.snapshot._open import open_snapshot
from tests.conftest import GIT_ENVIRONMENT, git, write
from tests.snapshot.conftest import raw

Make = Callable[[Mapping[str, str | bytes]], Path]

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the owner of a repository is not known here")


def found(folder: Path, names: list[str]) -> tuple[dict[str, Entry], frozenset[str]]:
    layout = discover(folder)
    assert layout is not None
    return _index.find(layout, f"{layout.git_dir}/index", names)


def declined(folder: Path, *names: str) -> bool:
    try:
        found(folder, [*names])
    except _index.Declined:
        return True
    return False


def listed(folder: Path) -> dict[str, list[tuple[Entry, str]]]:
    """Every path with its entries and their stages, as git lists them."""
    seen: dict[str, list[tuple[Entry, str]]] = {}
    for record in raw(folder, "ls-files", "-s", "-z").decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode, oid, stage = about.split(" ")
        seen.setdefault(path, []).append((Entry(int(mode, 8), oid), stage))
    return seen


def staged(folder: Path, entries: Mapping[str, tuple[str, str]]) -> None:
    """Puts paths with a mode and an id into the index, whatever is on disk."""
    lines = b"".join(f"{mode} {oid} 0\t".encode() + os.fsencode(path) + b"\0" for path, (mode, oid) in entries.items())
    subprocess.run(
        ["git", "-C", str(folder), "update-index", "-z", "--index-info"],
        input=lines,
        env={**os.environ, **GIT_ENVIRONMENT},
        check=True,
    )


OIDS = st.one_of(
    st.binary(min_size=20, max_size=20).map(bytes.hex),
    # Ids that look like the mode of a file, or like flags, where an entry is looked for.
    st.sampled_from(["000081a4" * 5, "ffffffff000081a4" + "000081a4" * 3, "0000a000" * 5]),
).filter(lambda oid: oid != "0" * 40)
PARTS = st.one_of(
    st.text("abz01 .-_é\x80\x01", min_size=1, max_size=6).filter(lambda s: s.strip(" .") and not s.startswith(".git")),
    st.integers(30, 140).map(lambda n: "abcdef0! " + "x" * n),
)
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
MODES = st.sampled_from(["100644", "100644", "100755", "120000", "160000"])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    git(folder, "init", "-q")
    return folder


@settings(deadline=None, max_examples=100)
@given(
    entries=st.dictionaries(PATHS, st.tuples(MODES, OIDS), min_size=1, max_size=60), absent=st.lists(PATHS, max_size=4)
)
def test_what_is_found_is_what_git_lists(empty: Path, entries: dict[str, tuple[str, str]], absent: list[str]) -> None:
    (empty / ".git/index").unlink(missing_ok=True)
    staged(empty, {"always": ("100644", "1" * 40), **entries})  # git takes none of some names
    truth = {path: entry for path, [(entry, _)] in listed(empty).items()}
    names = [*entries, *absent]
    assert found(empty, names)[0] == {name: truth[name] for name in names if name in truth}


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_of_a_damaged_index_nothing_is_told_that_git_does_not_tell(empty: Path, data: st.DataObject) -> None:
    index = empty / ".git/index"
    index.unlink(missing_ok=True)
    count = data.draw(st.sampled_from([1, 3, 80]))
    names = [f"folder{n % 7}/file {n}.py" for n in range(count)]
    staged(empty, {name: ("100644", hashlib.sha1(name.encode()).hexdigest()) for name in names})
    body = bytearray(index.read_bytes()[:-20])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.one_of(st.binary(max_size=3), st.just(b"\0\0\x81\xa4"))
        )
    index.write_bytes(bytes(body) + hashlib.sha1(body).digest())
    try:
        said = found(empty, names)[0]
    except _index.Declined:
        return
    try:
        truth = listed(empty)
    except subprocess.CalledProcessError:
        return  # git does not read what is broken anywhere, and here only the way to what is wanted was read
    if [*map(os.fsencode, truth)] != sorted(map(os.fsencode, truth)):
        return  # git's own look-ups fail in an index that is out of order
    assert {name: [(entry, "0")] for name, entry in said.items()} == {n: truth[n] for n in names if n in truth}


def test_one_of_very_many_is_found_and_what_is_not_there_is_not(repository: Make) -> None:
    names = [f"d{n % 97:02}/{'deep/' * (n % 3)}f{n:05}.txt" for n in range(20_000)]
    folder = repository({"a": ""})
    staged(folder, {name: ("120000" if n % 5 else "100644", f"{n + 1:040x}") for n, name in enumerate(names)})
    truth = listed(folder)
    asked = [names[0], names[-1], names[777], max(names), min(names), "a", "", "zz", "d00", "d96/f", "lifelint.toml"]

    assert found(folder, asked)[0] == {name: truth[name][0][0] for name in asked if name in truth}


def test_what_is_only_intended_to_be_added_is_told(repository: Make) -> None:
    folder = repository({"a": "a"})
    write(folder, {"b": "", "c": ""})
    git(folder, "add", "--intent-to-add", "b")
    git(folder, "add", "c")
    git(folder, "update-index", "--skip-worktree", "a")

    entries, intended = found(folder, ["a", "b", "c"])

    assert (set(entries), intended) == ({"a", "b", "c"}, {"b"})
    assert set(open_snapshot([folder / "b", folder / "c"], staged=True).snapshot.entries) == {"c"}
    assert set(open_snapshot([folder / "b", folder / "c"]).snapshot.entries) == {"b", "c"}


@pytest.mark.parametrize(
    "command",
    [
        ["update-index", "--index-version", "4"],
        ["update-index", "--split-index"],
        ["config", "core.worktree", ".."],
        ["config", "include.path", "more"],
        ["config", "extensions.worktreeConfig", "true"],
        ["config", "core.repositoryFormatVersion", "1"],
    ],
)
def test_what_is_unusual_is_left_to_git(repository: Make, command: list[str]) -> None:
    folder = repository({f"d/{n}.py": "x" for n in range(50)})
    assert not declined(folder, "d/7.py")
    git(folder, *command)

    assert declined(folder, "d/7.py")


def test_a_sparse_index_is_left_to_git(repository: Make) -> None:
    folder = repository({"d/a.py": "x", "e/b.py": "x"})
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "d")

    assert declined(folder, "e/b.py")


def test_a_repository_of_another_hash_is_left_to_git(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, {"a": "a"})
    git(tmp_path, "add", "a")

    assert declined(tmp_path, "a")
    assert len(open_snapshot([tmp_path / "a"], staged=True).snapshot.entries["a"].oid) == 64


def test_a_conflict_is_left_to_git(repository: Make) -> None:
    folder = repository({"a": "a"})
    oid = git(folder, "rev-parse", "HEAD:a")
    lines = "".join(f"100644 {oid} {stage}\ta\n" for stage in (1, 2, 3)).encode()
    git(folder, "rm", "-q", "--cached", "a")
    subprocess.run(["git", "-C", str(folder), "update-index", "--index-info"], input=lines, check=True)

    assert declined(folder, "a")
    assert "conflict" in next(iter(open_snapshot([folder / "a"], staged=True).snapshot.diagnostics)).message


def test_a_linked_worktree_is_left_to_git(repository: Make, tmp_path: Path) -> None:
    folder = repository({"a": "a"})
    git(folder, "worktree", "add", "-q", str(tmp_path / "linked"))

    assert declined(tmp_path / "linked", "a")


def test_the_repository_of_somebody_else_is_refused_by_git(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository({"a": "a"})
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert declined(folder, "a")

    monkeypatch.setattr(os, "geteuid", lambda: mine)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(SnapshotError, match="belongs to another user"):
        open_snapshot([folder / "a"], staged=True)


def test_the_index_that_git_tells_a_hook_is_the_one_that_is_read(
    repository: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = repository({"a": "a"})
    (folder / ".git/next-index").write_bytes((folder / ".git/index").read_bytes())
    (tmp_path / "foreign").write_bytes((folder / ".git/index").read_bytes())
    git(folder, "rm", "-q", "--cached", "a")

    assert "a" not in open_snapshot([folder / "a"], staged=True).snapshot.entries
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    assert "a" in open_snapshot([folder / "a"], staged=True).snapshot.entries
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "foreign"))
    assert "a" not in open_snapshot([folder / "a"], staged=True).snapshot.entries

"""Blobs that cannot be had are told, nothing is ever fetched, and few processes are started."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from lifelint.facts import Source, Unreadable
from lifelint.snapshot import MAX_BYTES, Missing, SnapshotError
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import discover
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot._objects import ABSENT, DAMAGED, WRONG_KIND, Objects
from lifelint.snapshot.gittree import GitSnapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, listed_by_git, read_one, stored_by_git, taken

Make = Callable[[Mapping[str, str | bytes]], Path]


TORN = zlib.compress(b"blob 100\0short")


def loose(folder: Path, oid: str) -> Path:
    return folder / ".git/objects" / oid[:2] / oid[2:]


def without_files(folder: Path) -> Path:
    """The repository as it is when nothing is checked out."""
    for name in git(folder, "ls-files").splitlines():
        (folder / name).unlink()
    return folder


def clone(origin: Path, target: Path, *options: str) -> Path:
    git(origin, "-c", "protocol.file.allow=always", "clone", "-q", *options, f"file://{origin}", str(target))
    return target


@pytest.fixture
def origin(repository: Make) -> Path:
    """A repository that may be cloned in part, with two commits and a file that each of them has in another form."""
    folder = repository({"a": "1\n", "d/b": "2\n"})
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    write(folder, {"a": "one\n"})
    git(folder, "commit", "-q", "-a", "-m", "Second")
    return folder


# Absent and damaged ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [{"rev": "HEAD"}, {"staged": True}, {}], ids=str)
def test_an_absent_blob_is_missing_and_the_rest_is_read(repository: Make, state: dict[str, str]) -> None:
    folder = repository({"a": "1", "b": "2", "c": "3"})
    loose(folder, git(folder, "rev-parse", "HEAD:b")).unlink()
    (folder / "b").unlink()
    snapshot = taken(folder, **state)  # type: ignore[arg-type]

    assert contents(snapshot) == {"a": b"1", "b": ABSENT, "c": b"3"}
    assert snapshot.sizes(["a", "b", "c"]) == {"a": 1, "c": 1}


@pytest.mark.parametrize("damage", [b"", b"garbage", TORN], ids=["empty", "garbage", "torn"])
@pytest.mark.parametrize("state", [{"rev": "HEAD"}, {"staged": True}, {}], ids=str)
def test_a_damaged_blob_is_missing_and_the_rest_is_read(repository: Make, damage: bytes, state: dict[str, str]) -> None:
    folder = repository({"a": "1", "b": "2", "c": "3"})
    blob = loose(folder, git(folder, "rev-parse", "HEAD:b"))
    blob.chmod(0o644)
    blob.write_bytes(damage)
    (folder / "b").unlink()
    snapshot = taken(folder, **state)  # type: ignore[arg-type]

    data = contents(snapshot)

    assert (data["a"], data["c"]) == (b"1", b"3")
    assert data["b"] in (DAMAGED, ABSENT)
    assert snapshot.sizes(["a", "c"]) == {"a": 1, "c": 1}


def test_very_many_damaged_blobs_do_not_start_a_process_each(repository: Make) -> None:
    names = [str(number) for number in range(300)]
    folder = repository({name: name for name in names})
    for name in names[:-1]:
        blob = loose(folder, blob_id(name.encode()))
        blob.chmod(0o644)
        blob.write_bytes(TORN)
    snapshot = taken(without_files(folder), rev="HEAD")
    assert isinstance(snapshot, GitSnapshot)

    assert list(contents(snapshot).values()).count(DAMAGED) >= 299
    assert snapshot._git.started < 120


def test_an_entry_with_another_kind_of_object_is_no_file(repository: Make) -> None:
    folder = repository({"a": "1"})
    layout = discover(folder)
    assert layout is not None
    objects = Objects(Git(layout))
    oids = [git(folder, "rev-parse", name) for name in ("HEAD", "HEAD^{tree}", "HEAD:a")]
    answers = [list(objects.contents(oids)), list(objects.sizes(oids))]
    objects.close()

    assert answers == [[WRONG_KIND, WRONG_KIND, b"1"], [None, None, 1]]


def test_a_submodule_whose_commit_is_here_has_no_content(repository: Make) -> None:
    folder = repository({"a": "1"})
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{git(folder, 'rev-parse', 'HEAD')},sub")

    assert read_one(taken(folder, staged=True), "sub") == Missing("is a submodule")


def test_a_missing_tree_is_a_clear_error(repository: Make) -> None:
    folder = repository({"d/b": "2"})
    loose(folder, git(folder, "rev-parse", "HEAD:d")).unlink()

    with pytest.raises(SnapshotError, match=r"git ls-tree failed in .*repository"):
        taken(folder, rev="HEAD")


def test_a_damaged_index_is_a_clear_error(repository: Make) -> None:
    folder = repository({"a": "1"})
    (folder / ".git/index").write_bytes(b"DIRCgarbage")

    with pytest.raises(SnapshotError, match=r"git ls-files failed in .*index"):
        taken(folder)


def test_facts_from_a_missing_blob_are_unread_with_the_reason(repository: Make) -> None:
    folder = repository({"a.yaml": "x: 1\n", "b.yaml": "x: 2\n"})
    loose(folder, git(folder, "rev-parse", "HEAD:b.yaml")).unlink()
    source = Source(taken(without_files(folder), rev="HEAD"))

    def parse(data: bytes) -> bytes:
        return data

    assert [source.parse(path, parse) for path in source.own] == [b"x: 1\n", None]
    assert [(u.path, u.message) for u in source.unread] == [("b.yaml", ABSENT.why)]


# Clones ------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["with", "without"])
def partial(origin: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone that lacks blobs, with git's switch against lazy fetching and, as in an old git, without it."""
    if request.param == "without":
        made = Git.start, Git.attempt
        for method, original in zip(("start", "attempt"), made, strict=True):

            def forgetful(self: Git, *args: str, _original: Callable[..., object] = original, **more: object) -> object:
                self._environment.pop("GIT_NO_LAZY_FETCH", None)
                return _original(self, *args, **more)

            monkeypatch.setattr(Git, method, forgetful)
    return clone(origin, tmp_path / "partial", "--filter=blob:none", "--bare")


def test_a_partial_clone_says_what_it_lacks_and_fetches_nothing(partial: Path) -> None:
    before = sorted(str(path) for path in (partial / "objects").rglob("*"))
    snapshot = taken(partial)

    data = contents(snapshot)

    assert set(data) == {"a", "d/b"}
    assert all(isinstance(answer, Missing) for answer in data.values())
    assert snapshot.sizes(data) == {}
    assert sorted(str(path) for path in (partial / "objects").rglob("*")) == before


def test_a_partial_clone_whose_origin_is_gone_is_read(partial: Path, origin: Path) -> None:
    shutil.rmtree(origin)
    snapshot = taken(partial, rev="HEAD")

    assert {type(data) for data in contents(snapshot).values()} == {Missing}
    assert snapshot.filters(["a"]) == {}


def test_a_partial_clone_with_a_checkout_has_what_is_checked_out(origin: Path, tmp_path: Path) -> None:
    folder = clone(origin, tmp_path / "partial", "--filter=blob:none")

    assert contents(taken(folder)) == {"a": b"one\n", "d/b": b"2\n"}
    assert contents(taken(folder, rev="HEAD~1")) == {"a": ABSENT, "d/b": b"2\n"}


def test_a_clone_without_trees_is_a_clear_error(origin: Path, tmp_path: Path) -> None:
    folder = clone(origin, tmp_path / "treeless", "--filter=tree:0", "--bare")

    with pytest.raises(SnapshotError, match="ls-tree failed"):
        taken(folder, rev="HEAD~1")


def test_a_shallow_clone_is_read_and_says_that_it_is_shallow(origin: Path, tmp_path: Path) -> None:
    folder = clone(origin, tmp_path / "shallow", "--depth=1")
    snapshot = taken(folder, rev="HEAD")

    assert contents(snapshot) == {"a": b"one\n", "d/b": b"2\n"}
    assert snapshot.subject.shallow
    assert taken(folder).subject.shallow


def test_a_revision_that_a_shallow_clone_lacks_is_explained(origin: Path, tmp_path: Path) -> None:
    folder = clone(origin, tmp_path / "shallow", "--depth=1")

    with pytest.raises(SnapshotError, match="this clone is shallow; fetch more history"):
        taken(folder, rev="HEAD~1")


def test_objects_of_alternates_are_found(origin: Path, tmp_path: Path) -> None:
    git(origin, "clone", "-q", "--shared", str(origin), str(tmp_path / "shared"))
    folder = tmp_path / "shared"
    (folder / "a").unlink()

    assert contents(taken(folder)) == stored_by_git(folder, listed_by_git(folder))


def test_packed_objects_are_found(origin: Path) -> None:
    git(origin, "gc", "-q", "--aggressive", "--prune=now")

    assert contents(taken(origin, rev="HEAD~1")) == {"a": b"1\n", "d/b": b"2\n"}


def test_replacements_are_not_what_the_repository_holds(origin: Path) -> None:
    git(origin, "replace", git(origin, "rev-parse", "HEAD:a"), git(origin, "rev-parse", "HEAD~1:a"))

    assert read_one(taken(origin, rev="HEAD"), "a") == b"one\n"


# Reads that overlap or end early ----------------------------------------------------------------------------------


def numbered(repository: Make, count: int = 900) -> Path:
    return repository({f"{number:04}": f"content {number}" for number in range(count)})


def first(pairs: Iterator[tuple[str, bytes | Missing]]) -> bytes | Missing:
    return next(pairs)[1]


def test_a_read_left_half_way_does_not_mix_up_the_next(repository: Make) -> None:
    snapshot = taken(numbered(repository), rev="HEAD")
    paths = sorted(snapshot.entries)

    begun = snapshot.read(paths)
    next(begun)
    del begun

    assert first(snapshot.read(paths[5:])) == b"content 5"
    assert contents(snapshot) == {path: f"content {int(path)}".encode() for path in paths}


def test_reads_may_be_nested(repository: Make) -> None:
    snapshot = taken(numbered(repository), rev="HEAD")
    paths = sorted(snapshot.entries)

    for number, (path, data) in enumerate(snapshot.read(paths[:500])):
        assert data == f"content {int(path)}".encode()
        if number % 50 == 0:
            other = paths[-1 - number]
            assert read_one(snapshot, other) == f"content {int(other)}".encode()
            assert snapshot.sizes([other]) == {other: len(f"content {int(other)}")}


def test_a_large_blob_in_between_is_skipped(repository: Make) -> None:
    folder = repository({"a": "1", "b": b"\0" * (MAX_BYTES * 4), "c": "3"})
    snapshot = taken(folder, rev="HEAD")

    assert contents(snapshot) == {"a": b"1", "b": Missing("is larger than 16 MiB and was not read"), "c": b"3"}
    assert snapshot.sizes(["b"]) == {"b": MAX_BYTES * 4}


def test_a_closed_snapshot_leaves_no_process(repository: Make) -> None:
    snapshot = taken(without_files(repository({"a": "1"})), rev="HEAD")
    assert isinstance(snapshot, GitSnapshot)
    contents(snapshot)
    snapshot.sizes(["a"])
    [process] = [waiting._process for waiting in snapshot._objects._idle["--batch"]]
    snapshot.close()

    assert process.returncode is not None
    assert read_one(snapshot, "a") == b"1", "and it can be read again"
    snapshot.close()


# Processes ---------------------------------------------------------------------------------------------------------


def started(folder: Path, use: Callable[[GitSnapshot], object], **state: str) -> int:
    snapshot = taken(folder, **state)  # type: ignore[arg-type]
    assert isinstance(snapshot, GitSnapshot)
    use(snapshot)
    return snapshot._git.started


def test_a_working_tree_is_read_with_one_process_and_judged_with_two(repository: Make) -> None:
    folder = numbered(repository)

    assert started(folder, contents) == 1
    assert started(folder, lambda snapshot: (contents(snapshot), snapshot.subject)) == 2


def test_an_edited_working_tree_takes_one_process_more(repository: Make) -> None:
    folder = numbered(repository)
    write(folder, {f"{number:04}": "edited" for number in range(500)})

    assert started(folder, contents) == 2


def test_a_revision_is_read_with_three_processes(repository: Make) -> None:
    folder = without_files(numbered(repository))

    assert started(folder, lambda snapshot: (contents(snapshot), snapshot.subject), rev="HEAD") == 3


def test_what_the_working_tree_has_too_is_read_there(repository: Make) -> None:
    folder = repository({"a": "1", "b": "2", "c": "3"})
    write(folder, {"b": "edited"})
    loose(folder, git(folder, "rev-parse", "HEAD:a")).unlink()

    assert contents(taken(folder, rev="HEAD")) == {"a": b"1", "b": b"2", "c": b"3"}


def test_a_revision_that_is_checked_out_is_read_with_two_processes(repository: Make) -> None:
    assert started(numbered(repository), contents, rev="HEAD") == 2


def test_sizes_and_single_reads_share_their_processes(repository: Make) -> None:
    folder = without_files(numbered(repository))

    def use(snapshot: GitSnapshot) -> None:
        for path in snapshot.entries:
            read_one(snapshot, path)
            snapshot.sizes([path])

    assert started(folder, use, rev="HEAD") == 4


def test_parsing_without_prefetching_starts_no_process_for_each_file(repository: Make) -> None:
    folder = numbered(repository, 30)

    def refuse(data: bytes) -> None:
        raise Unreadable("is not right")

    def use(snapshot: GitSnapshot) -> None:
        source = Source(snapshot)
        for path in source.own:
            source.parse(path, refuse)

    assert started(folder, use) == 1

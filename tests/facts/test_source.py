"""Finding paths, and parsing each content once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from lifelint.facts import _source
from lifelint.facts._source import Memo, Source, Unread, Unreadable
from lifelint.snapshot import MAX_BYTES, SUBMODULE, Entry, Missing
from lifelint.snapshot.memory import MemorySnapshot


class Watched(MemorySnapshot):
    """Notes what is read."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.reads: list[str] = []

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path, data in super().read(paths):
            self.reads.append(path)
            yield path, data


FILES = {"b.txt": "b", "a/x.yaml": "1", "a/y.yaml": "2", "a.yaml": "1", "a0": "", "vendor/x.yaml": "3", "a/b/c.py": ""}


def length(data: bytes) -> int:
    return len(data)


def refuse(data: bytes) -> int:
    raise Unreadable("is not right", 7)


# Finding paths -----------------------------------------------------------------------------------------------------


def test_paths_are_the_regular_files_sorted() -> None:
    snapshot = MemorySnapshot(FILES, symlinks={"link": "b.txt"})
    snapshot.entries = {**snapshot.entries, "sub": Entry(SUBMODULE, "0" * 40)}

    assert Source(snapshot).paths == sorted(FILES)


def test_own_paths_leave_out_what_is_vendored_or_excluded() -> None:
    source = Source(MemorySnapshot(FILES), exclude=["a/b"])

    assert source.left_out == {"vendor/x.yaml": "vendored code", "a/b/c.py": "excluded by the configuration"}
    assert source.own == ["a.yaml", "a/x.yaml", "a/y.yaml", "a0", "b.txt"]


def test_only_named_paths_are_seen() -> None:
    source = Source(MemorySnapshot(FILES), only=["b.txt", "not tracked", "a/x.yaml"])

    assert source.paths == ["a/x.yaml", "b.txt"]
    assert not source.is_file("a.yaml")


def test_files_are_found_by_name() -> None:
    source = Source(MemorySnapshot(FILES))

    assert source.named("x.yaml", "b.txt", "nope") == ["a/x.yaml", "b.txt"]
    assert source.names(lambda name: name.endswith(".yaml")) == ["a.yaml", "a/x.yaml", "a/y.yaml"]
    assert source.suffixed(".py", ".txt") == ["a/b/c.py", "b.txt"]
    assert source.suffixes(lambda suffix: suffix in ("yaml", "a0", "0")) == [
        "a.yaml", "a/x.yaml", "a/y.yaml", "a0", "vendor/x.yaml",
    ]  # fmt: skip
    assert source.inside(lambda folder: folder in ("", "a/", "vendor/")) == [
        "a.yaml", "a/x.yaml", "a/y.yaml", "a0", "b.txt",
    ]  # fmt: skip
    assert source.inside(lambda folder: folder == "a") == []


@pytest.mark.parametrize(
    ("folder", "below"),
    [
        ("a", ["a/b/c.py", "a/x.yaml", "a/y.yaml"]),
        ("a/b", ["a/b/c.py"]),
        ("a.yaml", []),
        ("", sorted(FILES)),
        ("zz", []),
    ],
)
def test_files_below_a_folder_are_found(folder: str, below: list[str]) -> None:
    source = Source(MemorySnapshot(FILES))

    assert source.under(folder) == below
    assert source.is_folder(folder) is bool(below)


def test_an_empty_repository_has_no_folder() -> None:
    assert not Source(MemorySnapshot({})).is_folder("")


def test_links_and_submodules_are_no_files() -> None:
    snapshot = MemorySnapshot({"a": ""}, symlinks={"link": "a"})
    snapshot.entries = {**snapshot.entries, "sub": Entry(SUBMODULE, "0" * 40)}
    source = Source(snapshot)

    assert [source.is_file(path) for path in ("a", "link", "sub", "none")] == [True, False, False, False]


# Reading -----------------------------------------------------------------------------------------------------------


def test_equal_content_is_parsed_once_by_each_parser() -> None:
    calls: list[bytes] = []

    def parse(data: bytes) -> list[bytes]:
        calls.append(data)
        return [data]

    source = Source(MemorySnapshot(FILES))

    assert source.parse("a.yaml", parse) is source.parse("a/x.yaml", parse)
    assert source.parse("a.yaml", length) == 1
    assert calls == [b"1"]


def test_a_memo_is_shared_between_sources() -> None:
    memo = Memo()
    Source(MemorySnapshot(FILES), memo=memo).parse("a.yaml", length)
    snapshot = Watched(FILES)

    assert Source(snapshot, memo=memo).parse("a/x.yaml", length) == 1
    assert snapshot.reads == []


def test_what_was_prefetched_is_not_read_again() -> None:
    snapshot = Watched(FILES)
    source = Source(snapshot)
    source.prefetch(["a.yaml", "b.txt", "not there", "vendor/x.yaml"])
    source.prefetch(["b.txt"])

    assert source.bytes("b.txt") == b"b"
    assert snapshot.reads == ["a.yaml", "b.txt", "vendor/x.yaml"]


def test_no_more_is_held_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_source, "_HELD", 25)
    files = {f"{number}": f"{number}" * 10 for number in range(9)}
    snapshot = Watched(files)
    source = Source(snapshot)
    source.prefetch(files)

    assert snapshot.reads == ["0", "1", "2"], "reading ahead ends at the bound"
    assert [source.bytes(path) for path in files] == [text.encode() for text in files.values()]


def test_a_file_that_cannot_be_parsed_is_recorded_with_its_line() -> None:
    source = Source(MemorySnapshot(FILES))
    with source.recording() as unread:
        assert source.parse("b.txt", refuse) is None
        assert source.parse("b.txt", refuse) is None

    assert list(unread) == list(source.unread) == [Unread("b.txt", 7, "is not right")]


def test_equal_contents_that_cannot_be_parsed_are_recorded_for_each_path() -> None:
    source = Source(MemorySnapshot(FILES))
    source.parse("a.yaml", refuse)
    source.parse("a/x.yaml", refuse)

    assert [unread.path for unread in source.unread] == ["a.yaml", "a/x.yaml"]


def test_recordings_may_be_nested() -> None:
    source = Source(MemorySnapshot(FILES))
    with source.recording() as outer:
        source.cannot_read("a", "is one")
        with source.recording() as inner:
            source.cannot_read("b", "is two")
    source.cannot_read("c", "is three")

    assert [u.path for u in outer] == ["a", "b"]
    assert [u.path for u in inner] == ["b"]


@pytest.mark.parametrize("state", ["missing", "large"])
def test_content_that_cannot_be_had_is_recorded(state: str) -> None:
    data = b"x" * (MAX_BYTES + 1) if state == "large" else b""
    source = Source(MemorySnapshot({"a": data}, missing=["a"] if state == "missing" else ()))

    assert source.bytes("a") is None
    assert source.parse("a", length) is None
    [unread] = source.unread
    assert unread.path == "a"


def test_an_unknown_path_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        Source(MemorySnapshot({})).bytes("nope")


def test_what_was_looked_for_once_and_could_not_be_read_counts_for_all_who_ask() -> None:
    source = Source(MemorySnapshot({"a": "x"}))
    looked = []

    def find(given: Source) -> str:
        looked.append(given)
        given.cannot_read("a", "is odd", 3)
        return "found"

    for _ in range(2):
        with source.recording() as unread:
            assert source.once(find) == "found"
        assert list(unread) == [Unread("a", 3, "is odd")]
    assert looked == [source]

"""Which paths git-lfs manages, and which blobs are pointers: git's own attribute matching against the blobs' text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.data.smallfiles import small_files
from lifelint.facts.lfs import CUTOFF, LfsPointer, parse_lfs_pointer
from lifelint.snapshot import Missing


class LfsPath(NamedTuple):
    """A path with the attribute ``filter=lfs`` (``tracked``), or a blob that is an LFS pointer, or both.

    ``pointer``: ``canonical``, ``non-canonical`` (git-lfs reads it but would write other bytes), ``not-a-pointer``, or
    ``unknown`` where the blob is not in the object database; ``why`` says more. ``size`` is that of the content, or of
    the blob where that is the content; ``oid`` the SHA-256 of the content. ``left_out`` says why the path is not
    the project's own (tests and their data, vendored code), if so.
    """

    path: str
    tracked: bool
    pointer: str
    why: str
    oid: str
    size: int | None
    left_out: str
    line: int = 0


def lfs_paths(source: Source) -> Iterator[LfsPath]:
    """Every path under ``filter=lfs``, and every pointer blob outside it, sorted by path."""
    tracked = _tracked(source)
    sizes = source.snapshot.sizes(tracked)
    # A file smaller than this on disk may be the smudged content of a pointer; git knows the stored size of others.
    read = _read(source, [path for path in tracked if sizes.get(path, CUTOFF * 4) < CUTOFF * 4])
    managed = frozenset(tracked)
    stray = {path: data for path, data in source.once(small_files).items() if path not in managed}
    found = {path: pointer for path, data in stray.items() if (pointer := parse_lfs_pointer(data)) is not None}
    for path in sorted({*managed, *found}):
        pointer, size = read.get(path, (found.get(path), sizes.get(path)))
        yield _judged(path, path in managed, pointer, size, source.left_out.get(path, ""))


def _tracked(source: Source) -> list[str]:
    """The paths under ``filter=lfs``. git is asked only if some .gitattributes speaks of it."""
    files = [path for path in source.suffixes("gitattributes".__eq__) if f"/{path}".endswith("/.gitattributes")]
    source.prefetch(files)
    if not any(b"filter=lfs" in (source.bytes(path) or b"") for path in files):
        return []
    return [path for path, value in source.snapshot.filters(source.paths).items() if value == "lfs"]


def _read(source: Source, paths: Sequence[str]) -> Mapping[str, tuple[LfsPointer | None, int]]:
    return {
        path: (parse_lfs_pointer(data), len(data))
        for path, data in source.snapshot.read(paths)
        if not isinstance(data, Missing)
    }


def _judged(path: str, tracked: bool, pointer: LfsPointer | None, size: int | None, left_out: str) -> LfsPath:
    if pointer is not None:
        kind = "canonical" if pointer.canonical else "non-canonical"
        return LfsPath(path, tracked, kind, pointer.why, pointer.oid, pointer.size, left_out)
    if size is None:
        return LfsPath(path, tracked, "unknown", "its blob is not in the object database", "", None, left_out)
    return LfsPath(path, tracked, "not-a-pointer", f"holds {size} bytes of content", "", size, left_out)

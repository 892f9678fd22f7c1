"""Whether what is on the disk is what a commit holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.snapshot import Snapshot


def changed(then: Snapshot, now: Snapshot, paths: Sequence[str]) -> Iterator[str]:
    """The files at and below ``paths`` whose content differs between two states, or that only one of them has."""
    below = tuple(f"{path}/" for path in paths)
    for path in sorted({*then.entries, *now.entries}):
        if path not in paths and not path.startswith(below):
            continue
        if path not in then.entries or path not in now.entries:
            yield path
            continue
        for _ in now.read([path]):  # an edit shows once the file was read
            pass
        if now.oid(path) != then.oid(path):
            yield path

"""Whether what is on the disk is what a commit holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.snapshot import Snapshot


def changed(then: Snapshot, now: Snapshot, paths: Sequence[str]) -> Iterator[str]:
    """The files at and below ``paths`` whose content differs between two states, or that only one of them has."""
    below = tuple(f"{path}/" for path in paths)
    inside = [p for p in sorted({*then.entries, *now.entries}) if p in paths or p.startswith(below)]
    for _ in now.read([path for path in inside if path in now.entries]):  # an edit shows once the file was read
        pass
    for path in inside:
        if path not in then.entries or path not in now.entries or now.oid(path) != then.oid(path):
            yield path

"""Pointers of git-lfs."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.facts.lfs import parse_lfs_pointer
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import encode


def line_ends(case: Case) -> Iterator[Change]:
    """Gives a pointer of git-lfs the line ends that git-lfs writes, if nothing else is wrong with it."""
    path = case.seen.path
    text = case.texts[path]
    new = text.replace("\r\n", "\n")
    pointer = parse_lfs_pointer(encode(new))
    if new == text or pointer is None or not pointer.canonical:
        raise CannotFix("what it should hold only the data or an older version of it can tell")
    yield Change(path, 0, len(text), new)

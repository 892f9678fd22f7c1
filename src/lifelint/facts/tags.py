"""The names that a team gave to states of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint.facts._source import Source


class TagName(NamedTuple):
    """A tag that leads to a commit, as a ref; ``when`` is the time of that commit, in seconds since 1970."""

    path: str
    name: str
    when: int
    line: int = 0


def tags(source: Source) -> Iterator[TagName]:
    """Every tag. Where there is none and history is not all here, that is told as unread."""
    history = source.snapshot.history
    for tag in history.tags:
        commit = history.commit(tag.commit)
        yield TagName(f"refs/tags/{tag.name}", tag.name, commit.committed if commit else 0)
    if history.head and history.incomplete and not history.tags:
        source.cannot_read(".git", history.incomplete)

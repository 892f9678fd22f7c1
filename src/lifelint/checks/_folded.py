"""Many files of one folder as one thing to say, so that nobody is flooded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

MANY = 10
"""A folder with this many things to say is one thing to say."""


class Group(NamedTuple, Generic[T]):
    """One item under its own path, or the many of a folder under ``folder/*`` (after a label where one was given)."""

    subject: str
    items: Sequence[T]


def folded(items: Iterable[T], path: Callable[[T], str], label: str = "") -> list[Group[T]]:
    """The items, those of crowded folders together, sorted by subject. Folders fold into theirs, the top never does.

    ``label`` keeps the many of a folder that are sound apart from the many that are not.
    """
    done = [Group(path(item), [item]) for item in items]
    levels: dict[str, list[Group[T]]] = {}
    if len(done) >= MANY:
        for group in done:
            levels.setdefault(group.subject.rpartition("/")[0], []).append(group)
        done = []
    while levels:
        folder = max(levels, key=lambda name: (name.count("/") + bool(name), name))
        groups = levels.pop(folder)
        if len(groups) >= MANY and folder:
            groups = [Group(f"{label}{folder}/*", [item for group in groups for item in group.items])]
        if not folder:
            done += groups
        else:
            levels.setdefault(folder.rpartition("/")[0], []).extend(groups)
    return sorted(done, key=lambda group: group.subject)

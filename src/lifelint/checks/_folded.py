"""Many files of one folder as one thing to say, so that nobody is flooded."""

from __future__ import annotations

from collections import defaultdict
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
    if len(done) >= MANY:
        levels: defaultdict[int, dict[str, list[Group[T]]]] = defaultdict(dict)
        for group in done:
            _lay(levels, group.subject.rpartition("/")[0], [group])
        for depth in range(max(levels), 0, -1):  # the deepest first: what they fold to counts above
            for folder, groups in sorted(levels[depth].items(), reverse=True):
                whole = [Group(f"{label}{folder}/*", [item for group in groups for item in group.items])]
                _lay(levels, folder.rpartition("/")[0], whole if len(groups) >= MANY else groups)
        done = levels[0].get("", [])
    return sorted(done, key=lambda group: group.subject)


def _lay(levels: defaultdict[int, dict[str, list[Group[T]]]], folder: str, groups: Iterable[Group[T]]) -> None:
    levels[folder.count("/") + bool(folder)].setdefault(folder, []).extend(groups)

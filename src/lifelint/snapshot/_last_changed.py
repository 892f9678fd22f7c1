"""Many paths of history asked at once: which commit changed each last, and what lay there at a commit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lifelint.snapshot._git import Git

_FEW = 2
"""Paths up to which a search for each, which stops at what it finds, costs less than the walk for all."""

_FIRST, _GROWTH = 250, 4
"""Commits that are compared with their parents first, and how many times more whenever these did not tell all."""

_ARGUMENTS = 64 << 10
"""Bytes of paths that one command line takes."""

_Parents = Mapping[str, Sequence[str]]


def last_changed(git: Git, paths: Sequence[str], until: str) -> dict[str, str]:
    """Path → the first commit that ``git rev-list UNTIL -- PATH`` prints; without paths for which it prints none.

    Raises:
        SnapshotError: git refuses.
    """
    if len(paths) <= _FEW:
        command = ("--literal-pathspecs", "rev-list", "--max-count=1", until, "--")
        found = {path: git.run(*command, path).decode().strip() for path in paths}
        return {path: commit for path, commit in found.items() if commit}
    # In this order a commit comes after all of its children.
    listed = git.run("rev-list", "--date-order", "--parents", until).decode().splitlines()
    parents = {commit: above for commit, *above in map(str.split, listed)}
    last: dict[str, str] = {}
    for portion in _portions(paths):
        last |= _walked(git, portion, until, parents)
    return last


def _portions(paths: Sequence[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for path in paths:
        size += len(os.fsencode(path)) + 1
        if portion and size > _ARGUMENTS:
            yield portion
            portion, size = [], len(os.fsencode(path)) + 1
        portion.append(path)
    yield portion


def _walked(git: Git, paths: Sequence[str], until: str, parents: _Parents) -> dict[str, str]:
    """Each path is followed as rev-list simplifies its history: to the first parent that has the same there."""
    last: dict[str, str] = {}
    waiting = {until: set(paths)}
    commits, size = iter(parents), _FIRST
    while waiting and (some := list(islice(commits, size))):
        changes = iter(_changes(git, paths, [(commit, above) for commit in some for above in parents[commit] or ("",)]))
        for commit in some:
            mine = waiting.pop(commit, set())
            for above in parents[commit] or ("",):
                changed = next(changes)
                same = mine - changed if changed else mine
                if same and above:
                    waiting.setdefault(above, set()).update(same)
                mine = mine & changed
            last |= dict.fromkeys(mine, commit)
        size *= _GROWTH
    return last


def _changes(git: Git, paths: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    """What differs between each commit and a parent, or from nothing, of these paths and the folders around them."""
    told = git.run(
        *("--literal-pathspecs", "diff-tree", "--stdin", "--root", "--always", "-r", "-t", "--name-status", "-z"),
        *("--no-renames", f"-O{os.devnull}", "--", *paths),
        stdin="".join(f"{commit} {above}".rstrip() + "\n" for commit, above in pairs).encode(),
    )
    changes: list[set[str]] = []
    words = iter(told.split(b"\0")[:-1])
    for word in words:
        if len(word) == 1:  # a letter that tells what became of a path, and the path
            changes[-1].add(os.fsdecode(next(words)))
        else:  # the id of the commit
            changes.append(set())
    return changes


def oids_at(git: Git, places: Sequence[tuple[str, str]]) -> list[str]:
    """The id of what lies at each path of a commit; ``""`` where nothing does.

    Raises:
        SnapshotError: git refuses.
    """
    asked = [f"{commit}:{path}" for commit, path in places if "\n" not in path]
    told = git.run("cat-file", "--batch-check", stdin=os.fsencode("".join(f"{one}\n" for one in asked)))
    answers = iter(told.split(b"\n"))
    return [_oid(next(answers)) if "\n" not in path else _asked_alone(git, commit, path) for commit, path in places]


def _oid(answer: bytes) -> str:
    return "" if answer.endswith(b" missing") else answer.partition(b" ")[0].decode()


def _asked_alone(git: Git, commit: str, path: str) -> str:
    """Of a path that would be two questions."""
    done = git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}")
    return done.stdout.decode().strip()

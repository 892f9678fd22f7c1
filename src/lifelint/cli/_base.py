"""The state that a change is compared with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from lifelint.cli._inputs import LISTED
from lifelint.snapshot import SnapshotError
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import Layout, discover
from lifelint.snapshot._objects import Objects
from lifelint.snapshot._open import Opened, open_change, open_snapshot
from lifelint.snapshot.gitstates import commit_of, history_of, revision
from lifelint.snapshot.history import History

_USUAL = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_TARGETS = (
    "GITHUB_BASE_REF",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "CHANGE_TARGET",
)
"""Where GitHub, Azure, Bitbucket, Buildkite and Jenkins name the branch that a pull request is meant for."""


def base_of(state: Opened, rev: str) -> Opened:
    """The repository of ``state``, or the files that it names, at ``rev``, or where the two histories parted.

    Raises:
        SnapshotError: there is no such commit here, or nothing to compare with.
    """
    subject = state.snapshot.subject
    commit = _parted(_layout(subject.path), state.snapshot.history, rev, of_commit=subject.kind == "revision")
    if state.files is None:
        return open_snapshot([subject.path], rev=commit)
    return Opened(revision(_layout(subject.path), commit, [*state.files, *LISTED]), "", state.files)


def changed_since(paths: Sequence[str], base: str, *, rev: str, staged: bool) -> tuple[Opened, Opened]:
    """The base of a change and the state that it made, each with the files alone that differ.

    Raises:
        SnapshotError: as ``base_of``; the only one of ``paths`` is no folder.
    """
    [folder] = paths or ["."]
    if not Path(folder).is_dir():
        raise SnapshotError(f"there is no folder {folder!r}")
    layout = _layout(folder)
    tip = commit_of(layout, rev or "HEAD")
    objects = Objects(Git(layout))
    try:
        commit = _parted(layout, history_of(layout, tip, objects), base, of_commit=bool(rev))
    finally:
        objects.close()
    return open_change(folder, layout, commit, commit=tip if rev else "", staged=staged, also=LISTED)


def _layout(folder: str) -> Layout:
    layout = discover(folder)
    if layout is None:
        raise SnapshotError(f"{folder} is not in a git repository: there is nothing to compare with")
    return layout


def _parted(layout: Layout, history: History, rev: str, *, of_commit: bool) -> str:
    """The commit that ``rev`` names, or the one where the two histories parted if ``rev`` has gone on since.

    ``auto`` finds the target of the change: where the environment of a CI system names it, else the usual branches.
    It is not the commit itself that is judged, if it is one that is (``of_commit``).
    """
    if not history.head:
        raise SnapshotError("there is no commit yet, so nothing to compare with")
    commit = _auto(layout, history, of_commit) if rev == "auto" else commit_of(layout, rev)
    if history.is_ancestor(commit, history.head):
        return commit
    parted = history.merge_base(commit, history.head)
    if not parted and history.incomplete:
        return commit  # where they parted is not here; the tip of the base is the best there is
    if not parted:
        raise SnapshotError(f"{rev} and {history.head[:12]} have no common history")
    return parted


def _auto(layout: Layout, history: History, of_commit: bool) -> str:
    tried = []
    for name in _candidates():
        try:
            found = commit_of(layout, name)
        except SnapshotError:
            tried.append(name)
            continue
        if found != history.head or not of_commit:
            return found
    hint = history.incomplete
    raise SnapshotError(
        f"no base was found: tried {', '.join(tried)}{f'; {hint}' if hint else ''}. Name it: --base REV"
    )


def _candidates() -> Iterator[str]:
    """Revisions that the change may be meant for, most certain first."""
    given = os.environ
    # Of a pipeline on the merged result, GitLab tells what was merged into; of another, where the branch left it
    yield from filter(None, map(given.get, ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA")))
    yield from (f"origin/{given[name].removeprefix('refs/heads/')}" for name in _TARGETS if given.get(name))
    if given.get("GITHUB_BASE_REF"):
        yield "HEAD^1"  # pull requests are checked out as their merge with the base
    if given.get("CI_DEFAULT_BRANCH"):
        before = given.get("CI_COMMIT_BEFORE_SHA", "").strip("0")
        if before and given.get("CI_COMMIT_BRANCH") == given["CI_DEFAULT_BRANCH"]:
            yield given["CI_COMMIT_BEFORE_SHA"]
        yield f"origin/{given['CI_DEFAULT_BRANCH']}"
    yield from _USUAL

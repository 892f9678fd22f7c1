"""The state that a change is compared with."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lifelint.snapshot import SnapshotError
from lifelint.snapshot._open import Opened, open_snapshot

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
    """The repository of ``state`` at ``rev``, or where the two histories parted if ``rev`` has gone on since.

    ``auto`` finds the target of the change: where the environment of a CI system names it, else the usual branches.

    Raises:
        SnapshotError: there is no such commit here, or nothing to compare with.
    """
    subject = state.snapshot.subject
    if not subject.revision:
        raise SnapshotError("there is no commit yet, so nothing to compare with")
    found = _auto(state) if rev == "auto" else _at(subject.path, rev)
    commit = found.snapshot.subject.revision
    history = state.snapshot.history
    if history.is_ancestor(commit, subject.revision):
        return found
    parted = history.merge_base(commit, subject.revision)
    if not parted and history.incomplete:
        return found  # where they parted is not here; the tip of the base is the best there is
    if not parted:
        raise SnapshotError(f"{rev} and {subject.revision[:12]} have no common history")
    return _at(subject.path, parted)


def _at(folder: str, rev: str) -> Opened:
    return open_snapshot([folder], rev=rev)


def _auto(state: Opened) -> Opened:
    subject = state.snapshot.subject
    tried = []
    for name in _candidates():
        try:
            found = _at(subject.path, name)
        except SnapshotError:
            tried.append(name)
            continue
        if found.snapshot.subject.revision != subject.revision or subject.kind != "revision":
            return found
    hint = state.snapshot.history.incomplete
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

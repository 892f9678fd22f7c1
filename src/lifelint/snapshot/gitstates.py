"""The states that git knows, listed: a revision, the index, the working tree of tracked files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lifelint.model import Diagnostic
from lifelint.snapshot import SnapshotError, _listing
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import Layout
from lifelint.snapshot._objects import Objects
from lifelint.snapshot.gittree import GitSnapshot

if TYPE_CHECKING:
    from lifelint.snapshot.githistory import GitHistory


def revision(layout: Layout, rev: str, only: Sequence[str] = ()) -> GitSnapshot:
    """The tree of ``rev``, or what of it is at and below some paths, without a checkout.

    What the working tree has too is read there.

    Raises:
        SnapshotError: there is no such commit here, or its trees are not.
    """
    git = Git(layout)
    return tree(layout, _commit(git, layout, rev), Objects(git), only)


def commit_of(layout: Layout, rev: str) -> str:
    """The id of the commit that ``rev`` names.

    Raises:
        SnapshotError: there is no such commit here.
    """
    known = layout.head() if rev == "HEAD" else None
    return known or _commit(Git(layout), layout, rev)


def history_of(layout: Layout, commit: str, objects: Objects) -> GitHistory:
    """The history of a commit, for who asks nothing of its tree."""
    return GitSnapshot(objects.git, layout, {}, kind="revision", revision=commit, objects=objects, partial=True).history


def changed(layout: Layout, base: str, *, commit: str = "", staged: bool = False) -> list[str]:
    """The paths, sorted, in which a commit, the index or the working tree's tracked files differ from ``base``.

    Raises:
        SnapshotError: there are no such commits here, or not their trees.
    """
    return _listing.changed(Git(layout), base, commit=commit, staged=staged)


def tree(layout: Layout, commit: str, objects: Objects, only: Sequence[str] = ()) -> GitSnapshot:
    """As ``revision``, of a commit by its id. Several states may share the ``objects``.

    Raises:
        SnapshotError: the trees of the commit are not here.
    """
    entries = _listing.tree(objects.git, commit, only)
    return GitSnapshot(
        objects.git,
        layout,
        entries,
        kind="revision",
        revision=commit,
        disk=layout.root,
        partial=bool(only),
        objects=objects,
    )


def _commit(git: Git, layout: Layout, rev: str) -> str:
    if "\0" in rev:
        raise SnapshotError(f"{rev!r} cannot name a commit")
    done = git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    if done.returncode == 0:
        return done.stdout.decode().strip()
    git.run("rev-parse", "--git-dir")  # a refusal by git explains itself better than a missing commit does
    if rev == "HEAD" and layout.head() == "":
        raise SnapshotError(f"{git.folder} has no commit yet")
    hint = ": this clone is shallow; fetch more history" if layout.shallow else ""
    raise SnapshotError(f"there is no commit called {rev!r} in {git.folder}{hint}")


def tracked(
    layout: Layout, *, staged: bool, only: Sequence[str] = (), also: Sequence[str] = (), gone: bool = False
) -> GitSnapshot:
    """The index (``staged``) or the working tree's tracked files; ``only`` restricts it to some paths and ``also``.

    Of those, one that is not tracked is told, unless some may be ``gone``.

    Raises:
        SnapshotError: the repository is bare, or git refuses to read it.
    """
    if layout.root is None:
        raise SnapshotError(f"{layout.git_dir} is a bare repository: it has no index and no working tree; give --rev")
    git = Git(layout)
    head = layout.head()
    if head is None:
        head = git.attempt("rev-parse", "--verify", "--quiet", "HEAD").stdout.decode().strip()
    if only:
        entries, conflicts = _listing.some(git, layout, [*only, *also], staged=staged)
    else:
        entries, conflicts = _listing.index(git)
        entries = _listing.without_intended(git, entries) if staged else entries
    diagnostics = [Diagnostic(p, 0, "has an unresolved merge conflict; one side of it was read") for p in conflicts]
    missing = [] if gone else [path for path in only if path not in entries]
    diagnostics += [Diagnostic(path, 0, "is not tracked by git and was not read") for path in missing]
    return GitSnapshot(
        git,
        layout,
        entries,
        kind="index" if staged else "worktree",
        revision=head,
        disk=layout.root,
        partial=bool(only),
        diagnostics=diagnostics,
    )

"""Chooses the snapshot that a person means."""

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lifelint.snapshot import Snapshot, SnapshotError
from lifelint.snapshot._layout import Layout, discover


class Opened(NamedTuple):
    """A snapshot, the folder in it that was asked for (``""``: all of it), and the only files (``None``: all)."""

    snapshot: Snapshot
    folder: str
    files: Sequence[str] | None


def open_snapshot(
    paths: Sequence[str | os.PathLike[str]], *, rev: str = "", staged: bool = False, also: Sequence[str] = ()
) -> Opened:
    """The state of the repository around ``paths``: one folder, or one or more files of one repository.

    Of a repository of which only files are asked for, ``also`` names files at its root that are listed if they exist.
    A bare repository is read at HEAD when no revision is given.

    Raises:
        SnapshotError: nothing there, no such revision, several folders, or git refuses.
    """
    named = [os.fspath(path) or "." for path in paths]
    first = named[0]
    files = [path for path in named if not os.path.isdir(path)]
    if not rev and not staged:
        for path in files:
            if not os.path.lexists(path):
                raise SnapshotError(f"there is no file or folder {path!r}")
    if len(named) > 1 and len(files) != len(named):
        raise SnapshotError("give one folder, or only files")
    layout = discover(first if not files else os.path.dirname(first))
    if layout is None:
        return _without_git(first, files, rev, staged, also)
    root = layout.root
    if root is None:
        if staged:
            raise SnapshotError(f"{layout.git_dir} is a bare repository: it has no index; give --rev")
        from lifelint.snapshot.gitstates import revision

        return Opened(revision(layout, rev or "HEAD"), "", None)
    names = [_inside(root, path, whole=not files) for path in (files or [first])]
    from lifelint.snapshot.gitstates import revision, tracked

    if not files:
        return Opened(revision(layout, rev) if rev else tracked(layout, staged=staged), names[0], None)
    if not rev:
        return Opened(tracked(layout, staged=staged, only=names, also=also), "", names)
    made = revision(layout, rev, [*names, *also])
    for name in names:
        if name not in made.entries and not _lies_below(name, made.entries):
            raise SnapshotError(f"there is no file or folder {name!r} at {rev}")
    if len(names) == 1 and names[0] not in made.entries:  # a folder that is not in the working tree any more
        return Opened(revision(layout, rev), names[0], None)
    return Opened(made, "", names)


def open_change(
    folder: str, layout: Layout, base: str, *, commit: str = "", staged: bool = False, also: Sequence[str] = ()
) -> tuple[Opened, Opened]:
    """The commit ``base`` of a repository, and another one, its index or its working tree, with the files that differ.

    These are those in ``folder``, a part of it. ``also`` names files at the root that are listed if they exist.

    Raises:
        SnapshotError: the trees of a commit are not here.
    """
    from lifelint.snapshot._git import Git
    from lifelint.snapshot._objects import Objects
    from lifelint.snapshot.gitstates import changed, tracked, tree

    below = _inside(layout.root, folder, whole=True) if layout.root else ""
    inside = f"{below}/" if below else ""
    names = [path for path in changed(layout, base, commit=commit, staged=staged) if path.startswith(inside)]
    only, objects = [*names, *also], Objects(Git(layout))
    here = tree(layout, commit, objects, only) if commit else tracked(layout, staged=staged, only=only, gone=True)
    return Opened(tree(layout, base, objects, only), "", names), Opened(here, "", names)


def _lies_below(folder: str, names: Iterable[str]) -> bool:
    return any(name.startswith(f"{folder}/") for name in names)


def _without_git(first: str, files: Sequence[str], rev: str, staged: bool, also: Sequence[str]) -> Opened:
    from lifelint.snapshot.folder import FolderSnapshot

    if rev or staged:
        raise SnapshotError(
            f"{first} is not in a git repository: {'--rev' if rev else '--staged'} has no meaning there"
        )
    root = os.path.abspath(first if not files else ".")
    names = [_inside(root, path) for path in files]
    beside = [name for name in also if os.path.isfile(os.path.join(root, name))]
    return Opened(FolderSnapshot(root, [*names, *beside] if names else ()), "", names or None)


def _inside(root: str, path: str, *, whole: bool = False) -> str:
    """The name of ``path`` below ``root``. Of a file that is a symlink it is the link's own name, not its target's."""
    absolute = os.path.abspath(path)
    folder, name = os.path.split(absolute)
    real = os.path.realpath(absolute) if whole else os.path.join(os.path.realpath(folder), name)
    for place, top in ((real, os.path.realpath(root)), (absolute, root)):
        if place == top:
            return ""
        if place.startswith(os.path.join(top, "")):
            return place[len(os.path.join(top, "")) :].replace(os.sep, "/")
    raise SnapshotError(f"{path} is not inside {root}")

"""Chooses the snapshot that a person means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lifelint.snapshot import Snapshot, SnapshotError
from lifelint.snapshot._layout import Layout, discover


class Opened(NamedTuple):
    """A snapshot; the folder inside it that was asked for (``""``: all of it); the only files, if files were named."""

    snapshot: Snapshot
    folder: str
    files: Sequence[str]


def open_snapshot(paths: Sequence[Path], *, rev: str = "", staged: bool = False) -> Opened:
    """The state of the repository around ``paths``: one folder, or one or more files of one repository.

    A bare repository is read at HEAD when no revision is given.

    Raises:
        SnapshotError: nothing there, no such revision, several folders, or git refuses.
    """
    first = paths[0]
    files = [path for path in paths if not path.is_dir()]
    if not rev and not staged:
        for path in files:
            if not os.path.lexists(path):
                raise SnapshotError(f"there is no file or folder {str(path)!r}")
    if len(paths) > 1 and len(files) != len(paths):
        raise SnapshotError("give one folder, or only files")
    layout = discover(first if not files else first.parent)
    if layout is None:
        return _without_git(first, files, rev, staged)
    root = layout.root
    if root is None:
        if staged:
            raise SnapshotError(f"{layout.git_dir} is a bare repository: it has no index; give --rev")
        from lifelint.snapshot.gittree import revision

        return Opened(revision(layout, rev or "HEAD"), "", ())
    names = [_inside(root, path, whole=not files) for path in (files or [first])]
    return Opened(_of(layout, rev, staged, names if files else ()), "" if files else names[0], names if files else ())


def _of(layout: Layout, rev: str, staged: bool, only: Sequence[str]) -> Snapshot:
    from lifelint.snapshot.gittree import revision, tracked

    return revision(layout, rev) if rev else tracked(layout, staged=staged, only=only)


def _without_git(first: Path, files: Sequence[Path], rev: str, staged: bool) -> Opened:
    from lifelint.snapshot.folder import FolderSnapshot

    if rev or staged:
        raise SnapshotError(
            f"{first} is not in a git repository: {'--rev' if rev else '--staged'} has no meaning there"
        )
    root = Path(os.path.abspath(first if not files else "."))
    names = [_inside(root, path) for path in files]
    return Opened(FolderSnapshot(root, names), "", names)


def _inside(root: Path, path: Path, *, whole: bool = False) -> str:
    """The name of ``path`` below ``root``. Of a file that is a symlink it is the link's own name, not its target's."""
    absolute = Path(os.path.abspath(path))
    real = os.path.realpath(absolute) if whole else os.path.join(os.path.realpath(absolute.parent), absolute.name)
    for place, top in ((Path(real), Path(os.path.realpath(root))), (absolute, root)):
        if place.is_relative_to(top):
            name = place.relative_to(top).as_posix()
            return "" if name == "." else name
    raise SnapshotError(f"{path} is not inside {root}")

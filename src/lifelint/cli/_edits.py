"""Writing what was planned, and no more: nothing that somebody else wrote is lost."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from shlex import quote

from lifelint.cli._disk import Disk
from lifelint.fix.noun import Edit
from lifelint.snapshot import Missing, Snapshot
from lifelint.snapshot._ignored import ignored


class Refused(Exception):
    """Why nothing, or no more, is written, file by file; ``written`` are those that were before that."""

    def __init__(self, reasons: Sequence[str], written: Sequence[str] = ()) -> None:
        done = f" (written before that: {', '.join(written)})" if written else ""
        super().__init__(f"{'; '.join(reasons)}. Nothing else was written{done}.")
        self.written = written


def write(disk: Disk, edits: Sequence[Edit]) -> Sequence[str]:
    """Writes all edits, if every file still holds what the plan was made from; returns the paths.

    Each is written beside its place and moved there, so that nobody sees half of it. A file that is new is never put in
    the place of one that has appeared since.

    Raises:
        Refused: a file has changed or appeared, or cannot be written. ``written`` are those written before that.
    """
    changed = [why for edit in edits if (why := _changed(disk, edit))]
    if changed:
        raise Refused(changed)
    written: list[str] = []
    for edit in edits:
        try:
            _replace(disk, edit) if edit.before is not None else _create(disk, edit)
        except OSError as error:
            why = f"{edit.path} cannot be written ({error.strerror or error})"
            raise Refused([why], written) from None
        written.append(edit.path)
    return written


def _changed(disk: Disk, edit: Edit) -> str:
    now = disk.held(edit.path)
    if isinstance(now, Missing):
        return f"{edit.path} {now.why}"
    if now == edit.before:
        return ""
    return f"{edit.path} has {'appeared' if edit.before is None else 'changed'} since the plan was made"


def _replace(disk: Disk, edit: Edit) -> None:
    place = disk.place(edit.path)
    found = os.lstat(place)
    made = _beside(place, edit.after, stat.S_IMODE(found.st_mode))
    try:
        if (found.st_uid, found.st_gid) != (os.lstat(made).st_uid, os.lstat(made).st_gid):
            os.chown(made, found.st_uid, found.st_gid)
        if _changed(disk, edit):
            raise OSError("it has changed since the plan was made")
        os.replace(made, place)
    except OSError:
        os.unlink(made)
        raise


def _create(disk: Disk, edit: Edit) -> None:
    place = disk.place(edit.path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    umask = os.umask(0)
    os.umask(umask)
    made = _beside(place, edit.after, 0o666 & ~umask)
    try:
        os.link(made, place, follow_symlinks=False)  # unlike a rename, it fails where something is
    finally:
        os.unlink(made)


def adding(disk: Disk, snapshot: Snapshot, paths: Sequence[str]) -> str:
    """The command by which git takes these files from here, also those that a pattern ignores; ``""`` outside git."""
    if snapshot.subject.kind == "folder" or not paths:
        return ""
    force = " -f" * bool(ignored(snapshot.subject.path, paths))
    return f"git add{force} {' '.join(quote(os.path.relpath(disk.place(path))) for path in paths)}"


def _beside(place: str, data: bytes, mode: int) -> str:
    """A new file in the same folder that holds ``data``."""
    handle, name = tempfile.mkstemp(prefix=".lifelint-", dir=os.path.dirname(place))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.chmod(name, mode)
    except OSError:
        os.unlink(name)
        raise
    return name

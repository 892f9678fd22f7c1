"""Files as they lie on the disk, and why some of them are not to be touched."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from lifelint.snapshot import MAX_BYTES, SUBMODULE, SYMLINK, TOO_LARGE, Missing, Snapshot


class Disk:
    """The working tree of a snapshot, where regular files that git tracks may be changed and others may be made.

    A file with changes that are in no commit is not touched unless they are ``spared``: whoever takes the fix back
    would take them back too.
    """

    def __init__(self, snapshot: Snapshot, *, spared: bool = False) -> None:
        self._snapshot, self._spared = snapshot, spared
        self._root = os.path.realpath(snapshot.subject.path)

    def held(self, path: str) -> bytes | Missing | None:
        """What lies at ``path`` in the repository now: its bytes, nothing, or why it is not to be touched."""
        why = self._forbidden(path)
        place = self.place(path)
        try:
            why = why or self._unfit(path, os.lstat(place))
            if why:
                return Missing(why)
            with open(place, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            return Missing(f"cannot be read ({error})")
        return TOO_LARGE if len(data) > MAX_BYTES else data

    def names(self, folder: str) -> Sequence[str]:
        """What lies in a folder of the repository, tracked or not; nothing where it cannot be looked into."""
        try:
            return sorted(os.listdir(self.place(folder)))
        except (OSError, ValueError):
            return ()

    def place(self, path: str) -> str:
        """Where a path of the repository is on the disk."""
        return os.path.join(self._root, path)

    def _forbidden(self, path: str) -> str:
        """Why nothing may be written at a path, whatever is there."""
        if self._snapshot.subject.kind == "revision":
            return "has no place: the repository is bare"
        parts = path.split("/")
        if os.path.isabs(path) or "\0" in path or not {"", ".", ".."}.isdisjoint(parts):
            return "is not inside the repository"
        if ".git" in (part.lower() for part in parts):
            return "belongs to git itself"
        folder = os.path.dirname(path)
        for above in _upwards(folder):
            entry = self._snapshot.entries.get(above)
            if entry is not None:
                kind = {SYMLINK: "a symbolic link", SUBMODULE: "a submodule"}.get(entry.mode, "a file")
                return f"lies behind {above}, which is {kind}"
        if os.path.realpath(self.place(folder)) != self.place(folder).rstrip("/"):
            return "lies behind a symbolic link"
        return ""

    def _unfit(self, path: str, found: os.stat_result) -> str:
        """Why a thing that is there may not be changed."""
        if stat.S_ISLNK(found.st_mode):
            return "is a symbolic link, and is not written through"
        if not stat.S_ISREG(found.st_mode):
            return "is no regular file"
        entry = self._snapshot.entries.get(path)
        if entry is None:
            return "is there and not tracked by git: `git add` it, or move it away"
        if entry.mode == SYMLINK or not found.st_mode & stat.S_IWUSR:
            return "is a symbolic link in git" if entry.mode == SYMLINK else "is read-only"
        if not self._spared and self._dirty(path):
            return "has changes that are in no commit: commit them first, or say --allow-dirty"
        return ""

    def _dirty(self, path: str) -> bool:
        history = self._snapshot.history
        committed = history.oids([(history.head, path)])[0] if history.head else ""
        return self._snapshot.oid(path) != committed


def _upwards(folder: str) -> Sequence[str]:
    parts = folder.split("/") if folder else []
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]

"""Files on disk, read so that no symlink is followed, nothing blocks and nothing outside the root is opened."""

from __future__ import annotations

import os
import stat

from lifelint.snapshot import MAX_BYTES, TOO_LARGE, Missing

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_NAMES = frozenset({"", ".", "..", ".git"})


class Disk:
    """The tree below ``root``."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.fspath(root)
        self._inside = {"": True}

    def content(self, path: str, *, symlink: bool = False) -> bytes | Missing:
        """A regular file's bytes, or with ``symlink`` where the link at ``path`` points."""
        folder, _, name = path.rpartition("/")
        if path.startswith("/") or name in _NO_NAMES or not self.leads_inside(folder):
            return Missing(
                "does not lie inside the repository: its path leads out, or a folder on the way is a symlink"
            )
        place = f"{self._root}/{path}"
        try:
            if symlink:
                return os.fsencode(os.readlink(place))
            handle = os.open(place, _FLAGS)
            try:
                return _bytes_of(handle)
            finally:
                os.close(handle)
        except OSError as error:
            return Missing(f"cannot be read ({error.strerror})")

    def leads_inside(self, folder: str) -> bool:
        """Whether no folder on the way is a symlink: a tracked folder may have been replaced by one."""
        unknown = []
        while folder not in self._inside:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        inside = self._inside[folder]
        for folder in reversed(unknown):
            name = folder.rpartition("/")[2]
            inside = inside and name not in _NO_NAMES and not os.path.islink(f"{self._root}/{folder}")
            self._inside[folder] = inside
        return inside


def _bytes_of(handle: int) -> bytes | Missing:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        return Missing("is not a regular file")
    if status.st_size > MAX_BYTES:
        return TOO_LARGE
    data = os.read(handle, status.st_size + 1)
    if len(data) == status.st_size:
        return data
    with open(handle, "rb", buffering=0, closefd=False) as file:  # it is being written, or the read was cut short
        return data + file.read()

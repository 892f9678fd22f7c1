"""A folder without git: every file below it. Nothing is known of history, of ignored files or of stored forms."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import MAX_BYTES, REGULAR, SYMLINK, Entry, Missing
from lifelint.snapshot.memory import blob_id

_SKIPPED = frozenset({".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".tox", ".nox"})


class FolderSnapshot:
    """The files below ``root``, listed without following symlinks."""

    def __init__(self, root: Path, only: Iterable[str] = ()) -> None:
        self._root = root
        self.subject = Subject(str(root), "folder")
        self.entries: Mapping[str, Entry] = {path: Entry(mode, "") for path, mode in sorted(_listed(root, tuple(only)))}
        self.diagnostics: Iterable[Diagnostic] = (
            Diagnostic("", 0, "is not a git repository: every file below it was read, and nothing is known of history"),
        )
        self._oids: dict[str, str] = {}

    def oid(self, path: str) -> str:
        if path not in self._oids:
            for _ in self.read([path]):
                pass
        return self._oids.get(path, f"unread:{path}")

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path in paths:
            data = self._one(path)
            if isinstance(data, bytes):
                self._oids[path] = blob_id(data)
            yield path, data

    def _one(self, path: str) -> bytes | Missing:
        place = self._root / path
        try:
            if self.entries[path].mode == SYMLINK:
                return os.fsencode(os.readlink(place))
            handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                if os.fstat(handle).st_size > MAX_BYTES:
                    return Missing(f"is larger than {MAX_BYTES >> 20} MiB and was not read")
                return file.read()
        except OSError as error:
            return Missing(f"cannot be read ({error.strerror})")

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        found = {}
        for path in paths:
            try:
                found[path] = os.lstat(self._root / path).st_size
            except OSError:
                continue
        return found

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Without git there is no matcher: no path is said to have a filter."""
        return {}

    def close(self) -> None:
        """Nothing to end."""


def _listed(root: Path, only: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    pending = [""] if not only else []
    for path in only:
        mode = os.lstat(root / path).st_mode
        yield path, SYMLINK if stat.S_ISLNK(mode) else REGULAR
    while pending:
        prefix = pending.pop()
        try:
            children = list(os.scandir(root / prefix))
        except OSError:
            continue
        for child in children:
            path = prefix + child.name
            if child.is_symlink():
                yield path, SYMLINK
            elif child.is_dir(follow_symlinks=False):
                if child.name not in _SKIPPED:
                    pending.append(f"{path}/")
            elif child.is_file(follow_symlinks=False):
                yield path, REGULAR

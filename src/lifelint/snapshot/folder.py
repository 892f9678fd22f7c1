"""A folder without git: every file below it. Nothing is known of history, of ignored files or of stored forms."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import REGULAR, SYMLINK, Entry, Missing
from lifelint.snapshot._disk import Disk
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot.history import History, NoHistory

_SKIPPED = frozenset({".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".tox", ".nox"})


class FolderSnapshot:
    """The files below ``root``, listed without following symlinks; ``only`` restricts it to some paths."""

    def __init__(self, root: str, only: Iterable[str] = ()) -> None:
        self._root = root
        self._disk = Disk(root)
        self.subject = Subject(root, "folder")
        unlisted: list[Diagnostic] = []
        found = _named(root, tuple(only)) if only else _below(root, unlisted)
        self.entries: Mapping[str, Entry] = {path: Entry(mode, "") for path, mode in sorted(found)}
        self.diagnostics: Iterable[Diagnostic] = (
            Diagnostic("", 0, "is not a git repository: every file below it was read, and nothing is known of history"),
            *unlisted,
        )
        self.edited: dict[str, str] = {}
        self.history: History = NoHistory("this is not a git repository")
        self._oids: dict[str, str] = {}

    def oid(self, path: str) -> str:
        if path not in self._oids:
            for _ in self.read([path]):
                pass
        return self._oids.get(path, f"unread:{path}")

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path in paths:
            data = self._disk.content(path, symlink=self.entries[path].mode == SYMLINK)
            if isinstance(data, bytes):
                self._oids[path] = blob_id(data)
            yield path, data

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        found = {}
        for path in paths:
            try:
                found[path] = os.lstat(os.path.join(self._root, path)).st_size
            except OSError:
                continue
        return found

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        return paths

    def seek(self, endings: Sequence[str], words: Sequence[str]) -> None:
        """Nothing to begin."""

    @property
    def touched(self) -> Collection[str]:
        """All: git has stored nothing."""
        return self.entries

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Without git there is no matcher: no path is said to have a filter."""
        return {}

    def close(self) -> None:
        """Nothing to end."""


def _named(root: str, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    for path in paths:
        mode = os.lstat(os.path.join(root, path)).st_mode
        if stat.S_ISLNK(mode) or stat.S_ISREG(mode):
            yield path, SYMLINK if stat.S_ISLNK(mode) else REGULAR


def _below(root: str, unlisted: list[Diagnostic]) -> Iterator[tuple[str, int]]:
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            children = list(os.scandir(os.path.join(root, prefix)))
        except OSError as error:
            unlisted.append(Diagnostic(prefix.rstrip("/"), 0, f"cannot be listed ({error.strerror})"))
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

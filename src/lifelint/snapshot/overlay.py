"""A state as it would be with some files more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import REGULAR, Entry, Missing, Snapshot
from lifelint.snapshot._attributes import NAME as _NAME
from lifelint.snapshot._attributes import matched
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot.history import History


class OverlaySnapshot:
    """``below``, with ``files`` added or replaced. Its history is that of ``below``: no commit holds the files yet."""

    def __init__(self, below: Snapshot, files: Mapping[str, bytes]) -> None:
        like = next((entry.oid for entry in below.entries.values() if entry.oid), "")
        self._below, self._files = below, files
        added = {path: Entry(REGULAR, blob_id(data, like)) for path, data in files.items()}
        self.entries: Mapping[str, Entry] = {**below.entries, **added}

    @property
    def subject(self) -> Subject:
        return self._below.subject

    @property
    def diagnostics(self) -> Iterable[Diagnostic]:
        return self._below.diagnostics

    @property
    def edited(self) -> MutableMapping[str, str]:
        return self._below.edited

    @property
    def history(self) -> History:
        return self._below.history

    def oid(self, path: str) -> str:
        return self.entries[path].oid if path in self._files else self._below.oid(path)

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        for path in paths:
            if path in self._files:
                yield path, self._files[path]
            else:
                yield from self._below.read([path])

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        wanted = list(paths)
        mine = {path: len(self._files[path]) for path in wanted if path in self._files}
        return {**self._below.sizes([path for path in wanted if path not in mine]), **mine}

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        found = {*self._below.holding([path for path in paths if path not in self._files], words)}
        return [path for path in paths if path in self._files or path in found]

    def seek(self, endings: Sequence[str], words: Sequence[str]) -> None:
        self._below.seek(endings, words)

    @property
    def touched(self) -> Collection[str]:
        return [path for path in self._below.touched if path not in self._files]

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        if not any(path == _NAME or path.endswith(f"/{_NAME}") for path in self._files):
            return self._below.filters(paths)  # patterns are of paths, whatever lies there
        names = [path for path in self.entries if path == _NAME or path.endswith(f"/{_NAME}")]
        held = {path: data for path, data in self.read(names) if isinstance(data, bytes)}
        return matched(held, paths)

    def close(self) -> None:
        self._below.close()

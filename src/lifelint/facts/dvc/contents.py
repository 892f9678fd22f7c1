"""Digests of what git holds: one pass over the blobs, and more only for those that do not match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.dvc.hashing import file_digest
from lifelint.facts.lfs import parse_lfs_pointer
from lifelint.snapshot import Missing


class Content(NamedTuple):
    """A tracked file: plain md5, the md5 of DVC 2 (``md5-dos2unix``), and if it is an LFS pointer, the real size."""

    size: int
    md5: str
    legacy: str
    lfs_size: int | None


class Endings(NamedTuple):
    """The digests of a text with LF and with CRLF, as a checkout with ``autocrlf`` has it, and its number of lines."""

    unix: str
    dos: str
    lines: int


class Contents:
    """Contents of tracked files by path. Bytes are never kept: what is hashed here can be data."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, Content | str] = {}
        self._filters: dict[str, str] = {}
        self._asked: set[str] = set()

    def prime(self, paths: Iterable[str]) -> None:
        """Hashes many files in one go."""
        wanted = sorted({path for path in paths if path not in self._known and self._source.is_file(path)})
        for path, content in self._source.each(wanted, _content):
            self._known[path] = content.why if isinstance(content, Missing) else content

    def of(self, path: str) -> Content | str:
        """The content of a tracked file, or why it cannot be had."""
        self.prime([path])
        return self._known[path]

    def endings(self, path: str) -> Endings | None:
        """The digests this text would have with other line endings; none for what is not text."""
        [(_, data)] = self._source.snapshot.read([path])
        if isinstance(data, Missing) or b"\0" in data[:8000]:
            return None
        unix = data.replace(b"\r\n", b"\n")
        dos = unix.replace(b"\n", b"\r\n")
        return Endings(file_digest(unix, "md5"), file_digest(dos, "md5"), len(dos) - len(unix))

    def filter_of(self, path: str) -> str:
        """The git filter that makes the file in a working tree another one than the blob; empty if there is none."""
        if path not in self._asked:
            # All at once: every question costs a git process.
            self._asked = {path, *self._known}
            self._filters = dict(self._source.snapshot.filters(sorted(self._asked)))
        return self._filters.get(path, "")


def _content(data: bytes) -> Content:
    md5 = file_digest(data, "md5")
    legacy = file_digest(data, "md5-dos2unix") if b"\r\n" in data else md5
    pointer = parse_lfs_pointer(data) if data else None
    return Content(len(data), md5, legacy, pointer.size if pointer else None)

"""A few entries of git's index, found without git: for a hook over three files, git is a quarter of what it costs.

Format: git's Documentation/gitformat-index. Entries are sorted by name and start at multiples of eight bytes after the
header, so one is found by bisection. Whatever is unusual is declined, and git is asked: version 4, a split or sparse
index, SHA-256, names too long for the format, a conflict on the way, settings that move the index, a repository of
somebody else (git refuses those, and tells what to do). Like git itself this does not check the checksum.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Collection

from lifelint.snapshot import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, Entry
from lifelint.snapshot._layout import Layout

FEW = 200
"""Names up to which this is quicker than git, which reads the whole index."""

_HEADER, _CHECKSUM = 12, 20
_MODE, _OID, _FLAGS, _NAME = 24, 40, 60, 62  # where they start in an entry
_EXTENDED, _STAGE, _LENGTH, _INTENDED = 0x4000, 0x3000, 0x0FFF, 0x20
_MODES = {mode.to_bytes(4, "big"): mode for mode in (REGULAR, EXECUTABLE, SYMLINK, SUBMODULE)}
_FILE = b"\0\0\x81"  # how the mode of a regular file starts, executable or not
_NEAR = 2048  # bytes that are walked through and not halved again
_UNUSUAL = ("[extensions", "worktree", "include")


class Declined(Exception):
    """Only git can tell what the index holds."""


def find(layout: Layout, file: str, names: Collection[str]) -> tuple[dict[str, Entry], frozenset[str]]:
    """Those of ``names`` that the index in ``file`` has, and which of them are only intended to be added.

    Raises:
        Declined: git has to be asked.
    """
    try:
        if len(names) > FEW or not _ordinary(layout):
            raise Declined
        with open(file, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Index(data).find(names)
    except (OSError, ValueError):  # absent, empty, or no name of a file
        raise Declined from None


def _ordinary(layout: Layout) -> bool:
    """Whether git would read this repository, and nothing in its configuration says that its index is elsewhere."""
    root, git_dir = layout.root, layout.git_dir
    if root is None or not git_dir == layout.common_dir == os.path.join(root, ".git") or os.path.islink(git_dir):
        return False
    if not hasattr(os, "geteuid") or "GIT_TEST_ASSUME_DIFFERENT_OWNER" in os.environ:
        return False
    if any(os.stat(place).st_uid != os.geteuid() for place in (root, git_dir)):
        return False
    with open(f"{git_dir}/config", encoding="utf-8", errors="surrogateescape") as opened:
        text = "".join(opened.read().lower().split())
    ours = text.count("repositoryformatversion=") == text.count("repositoryformatversion=0")
    return ours and not any(word in text for word in _UNUSUAL)


class _Index:
    """The bytes of an index; entries are known by their positions."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._last = len(data) - _CHECKSUM
        if data[:8] not in (b"DIRC\0\0\0\2", b"DIRC\0\0\0\3") or self._last < _HEADER:
            raise Declined
        self._end = self._end_of_entries() if any(data[8:12]) else _HEADER
        self._pass_extensions()

    def find(self, names: Collection[str]) -> tuple[dict[str, Entry], frozenset[str]]:
        entries: dict[str, Entry] = {}
        intended = set()
        for name in names:
            at = self._position(os.fsencode(name))
            if at is not None:
                mode = _MODES[self._data[at + _MODE : at + _MODE + 4]]
                entries[name] = Entry(mode, self._data[at + _OID : at + _FLAGS].hex())
                if self._data[at + _FLAGS] & (_EXTENDED >> 8) and self._data[at + _NAME] & _INTENDED:
                    intended.add(name)
        return entries, frozenset(intended)

    def _position(self, wanted: bytes) -> int | None:
        low, high = _HEADER, self._end
        while high - low > _NEAR:
            at = self._file_from(low + (high - low) // 2, high)
            if at is None:
                break
            low, high = (low, at) if self._read(at)[0] > wanted else (at, high)
        while low < self._end:
            name, after = self._read(low)
            if name >= wanted:
                return low if name == wanted else None
            low = after
        return None

    def _read(self, at: int) -> tuple[bytes, int]:
        """The name of the entry at a position, and the position after it."""
        entry = self._entry(at)
        if entry is None:
            raise Declined
        return entry

    def _entry(self, at: int) -> tuple[bytes, int] | None:
        """As ``_read``; ``None`` where no entry stands."""
        data = self._data
        if data[at + _MODE : at + _MODE + 4] not in _MODES or at + _NAME >= self._last:
            return None
        flags = int.from_bytes(data[at + _FLAGS : at + _NAME], "big")
        start = at + _NAME + (2 if flags & _EXTENDED else 0)
        end = start + (flags & _LENGTH)
        after = at + ((end - at + 8) & ~7)
        if end == start or after > self._last or (flags & _EXTENDED and data[7] < 3):
            return None
        if flags & _STAGE or flags & _LENGTH == _LENGTH:
            raise Declined
        name = data[start:end]
        return (name, after) if b"\0" not in name and not any(data[end:after]) else None

    def _file_from(self, at: int, until: int) -> int | None:
        """The first entry of a regular file at or after ``at``. What follows it tells it from bytes that look alike."""
        while (found := self._data.find(_FILE, at + _MODE, until + _MODE)) >= 0:
            at = found - _MODE
            entry = self._entry(at) if at % 8 == _HEADER % 8 else None
            if entry is not None and (entry[1] == self._last or self._follows(entry[0], entry[1])):
                return at if at < until else None
            at += 1
        return None

    def _follows(self, name: bytes, after: int) -> bool:
        entry = self._entry(after)
        return entry[0] > name if entry is not None else self._data[after : after + 4].isalpha()

    def _end_of_entries(self) -> int:
        low, high = _HEADER, self._last
        while high - low > _NEAR:
            middle = low + (high - low) // 2
            at = self._file_from(middle, high)
            low, high = (low, middle) if at is None else (at, high)
        end = self._read(low)[1]
        while (entry := self._entry(end)) is not None:
            end = entry[1]
        return end

    def _pass_extensions(self) -> None:
        """An extension whose name starts with a small letter has to be understood; none of them is here."""
        at = self._end
        while at < self._last:
            if not self._data[at : at + 1].isupper():
                raise Declined
            at += 8 + int.from_bytes(self._data[at + 4 : at + 8], "big")
        if at != self._last:
            raise Declined

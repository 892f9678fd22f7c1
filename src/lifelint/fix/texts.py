"""The text of files, changed in a few places. Line ends, byte order marks and what cannot be decoded stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from lifelint.fix.noun import CannotFix, Change, Held
from lifelint.snapshot import Missing, Snapshot


class Texts:
    """What files hold on the disk, or will hold once what is ``planned`` is written.

    The text of a file has the line ends that it has on the disk. One that git would store in another form than that
    (other than by its line ends) is not to be changed: nobody would see what is committed.
    """

    def __init__(self, held: Held, snapshot: Snapshot, planned: Mapping[str, bytes]) -> None:
        self._held, self._snapshot = held, snapshot
        self.planned = planned

    def content(self, path: str) -> bytes | None:
        """The content of a file; ``None`` where there is none.

        Raises:
            CannotFix: it is not to be touched.
        """
        if path in self.planned:
            return self.planned[path]
        data = self._held(path)
        if isinstance(data, Missing):
            raise CannotFix(f"{path} {data.why}")
        if path in self._snapshot.entries:
            [(_, stored)] = self._snapshot.read([path])
            if data is None:
                raise CannotFix(f"{path} is tracked by git and not in the working tree")
            if stored not in (data, data.replace(b"\r\n", b"\n")):
                raise CannotFix(f"{path} is stored by git in another form than it has here")
        return data

    def __getitem__(self, path: str) -> str:
        """The text of a file, empty where there is none.

        Raises:
            CannotFix: it is not to be touched.
        """
        return decode(self.content(path) or b"")

    def require_nothing(self, path: str) -> None:
        """Makes sure that a new file can be made.

        Raises:
            CannotFix: something is there, or is not to be touched, such as a template that git was not given yet.
        """
        if self.content(path) is not None:
            raise CannotFix(f"{path} is there already")

    def __contains__(self, path: str) -> bool:
        """Whether there is something at ``path``, if only something that is not to be touched."""
        try:
            return self.content(path) is not None
        except CannotFix:
            return True

    def stored_form(self, more: Mapping[str, bytes] = MappingProxyType({})) -> Mapping[str, bytes]:
        """What is planned, and ``more``, as git would store it: with its line ends where it has other ones here."""
        return {path: self._stored(path, data) for path, data in {**self.planned, **more}.items()}

    def _stored(self, path: str, data: bytes) -> bytes:
        if path in self._snapshot.entries and b"\r\n" in data:
            [(_, stored)] = self._snapshot.read([path])
            now = self._held(path)
            if isinstance(stored, bytes) and isinstance(now, bytes) and stored != now:
                return data.replace(b"\r\n", b"\n")
        return data


def decode(data: bytes) -> str:
    """Bytes as text that ``encode`` makes the same bytes of."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text of ``decode``."""
    return text.encode("utf-8", "surrogateescape")


def changed(text: str, changes: Iterable[Change]) -> str:
    """``text`` with changes that do not overlap; those at one place come in their order."""
    parts, at = [], 0
    for change in sorted(dict.fromkeys(changes), key=lambda change: (change.start, change.end)):
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def overlapping(one: Change, other: Change) -> bool:
    """Whether two changes cannot both be made. Two that insert at one place can."""
    if one.path != other.path or one == other:
        return False
    if one.start == one.end and other.start == other.end:
        return False
    return one.start < other.end and other.start < one.end


# What fixers say ---------------------------------------------------------------------------------------------------


def line_end(text: str) -> str:
    """The line end that most lines of ``text`` have."""
    crlf = text.count("\r\n")
    return "\r\n" if crlf * 2 > text.count("\n") else "\n"


def place(text: str, line: int) -> tuple[int, int]:
    """Where a line, counted from 1, begins and ends, its line end left out.

    Raises:
        CannotFix: there is no such line.
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            raise CannotFix(f"there is no line {line} any more")
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return start, end - (text[start:end].endswith("\r"))


def appended(path: str, text: str, new: str) -> Change:
    """A line at the end of a file. One whose last line has no end keeps it so."""
    end = line_end(text)
    if text and not text.endswith("\n"):
        return Change(path, len(text), len(text), f"{end}{new}")
    return Change(path, len(text), len(text), f"{new}{end}")


def below_all(path: str, text: str, sections: str) -> Change:
    """Sections behind all that a document has, with its line ends."""
    end = line_end(text)
    gap = "" if text.endswith("\n") or not text else end
    return Change(path, len(text), len(text), gap + sections.replace("\n", end))


def set_off(path: str, text: str, lines: str) -> Change:
    """Lines at the end of a file, set off from what is there by an empty one, with its line ends."""
    end = line_end(text)
    gap = "" if not text or text.endswith(end + end) else end if text.endswith("\n") else end + end
    return Change(path, len(text), len(text), gap + lines.replace("\n", end))


def inserted_after(path: str, text: str, line: int, new: str) -> Change:
    """A line behind another one."""
    _, at = place(text, line)
    return Change(path, at, at, f"{line_end(text)}{new}")

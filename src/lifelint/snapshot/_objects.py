"""Objects by id, from long-lived ``git cat-file`` processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from lifelint.snapshot import MAX_BYTES, TOO_LARGE, Missing
from lifelint.snapshot._git import Git
from lifelint.snapshot._naming import blob_id

if TYPE_CHECKING:
    import subprocess

T = TypeVar("T")

_WINDOW = 400  # ids of one round trip: 400 * 65 bytes stay below a pipe's 64 KiB, so neither side ever blocks
_PATIENCE = 100  # processes that broke off, after which the object database is given up
_PAUSE = 250  # milliseconds without a byte, after which git is told that no more questions come
_CONTENT, _SIZE = "--batch", "--batch-check"

ABSENT = Missing("its blob is not in the object database (partial clone or damaged repository)")
DAMAGED = Missing("its blob is damaged (git fsck tells more)")
WRONG_KIND = Missing("is recorded with an object of another kind")


class Objects:
    """The object database. Reads may be nested or left half-way: a process answers one of them at a time."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._idle: dict[str, list[_Process]] = {_CONTENT: [], _SIZE: []}
        self._broken_off = 0

    def contents(self, oids: Sequence[str], kind: bytes = b"blob") -> Iterator[bytes | Missing]:
        """The content of each blob (or commit, or tag), in order; no more than one is held here."""

        def read(process: _Process, oid: str) -> bytes | Missing:
            return _content(process, oid, kind)

        return self._answers(_CONTENT, oids, read, DAMAGED)

    def sizes(self, oids: Sequence[str]) -> Iterator[int | None]:
        """The size of each blob in bytes; ``None`` for what is no blob or absent."""
        return self._answers(_SIZE, oids, _size, None)

    def _answers(self, mode: str, oids: Sequence[str], read: Callable[[_Process, str], T], damaged: T) -> Iterator[T]:
        done = 0
        while done < len(oids):
            if self._broken_off >= _PATIENCE:
                done += 1
                yield damaged
                continue
            window = oids[done : done + _WINDOW]
            process = self._idle[mode].pop() if self._idle[mode] else _Process(self.git.start("cat-file", mode))
            in_step = False
            try:
                process.ask(window)
                for number, oid in enumerate(window, 1):
                    answer = read(process, oid)
                    done += 1
                    # Told before the last answer is given, because the caller may not come back after it.
                    in_step = number == len(window) and answer is not TOO_LARGE
                    yield answer
                    if answer is TOO_LARGE:  # a new process is quicker than reading what nobody wants
                        break
            except (BrokenPipeError, EOFError):  # the others are asked of another process
                self._broken_off += 1
                done += 1
                yield damaged
            finally:
                if in_step and process.listens:
                    self._idle[mode].append(process)
                else:
                    process.end()

    def close(self) -> None:
        """Ends the processes that wait for questions."""
        for waiting in self._idle.values():
            while waiting:
                waiting.pop().end()


class _Process:
    """A ``cat-file`` that is asked and answers.

    For a damaged blob git may promise more bytes than it sends, and then wait for the next question while its reader
    waits for the rest. So after a pause it is told that no question comes: then it ends, and what is missing shows.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        import select

        assert process.stdin is not None and process.stdout is not None
        self._process, self._questions = process, process.stdin
        self._answers = process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._ahead = bytearray()

    @property
    def listens(self) -> bool:
        """Whether it takes more questions."""
        return not self._questions.closed

    def ask(self, oids: Sequence[str]) -> None:
        self._questions.write("".join(f"{oid}\n" for oid in oids).encode())
        self._questions.flush()

    def line(self) -> bytes:
        while (end := self._ahead.find(b"\n")) < 0:
            self._more(1)
        return self.take(end + 1)

    def take(self, size: int) -> bytes:
        while len(self._ahead) < size:
            self._more(size - len(self._ahead))
        with memoryview(self._ahead) as ahead:
            data = bytes(ahead[:size])
        del self._ahead[:size]
        return data

    def _more(self, size: int) -> None:
        if self.listens and not self._poll.poll(_PAUSE):
            self._questions.close()
        data = os.read(self._answers, max(size, 1 << 16))
        if not data:
            raise EOFError
        self._ahead += data

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except BrokenPipeError:
                continue
        self._process.wait()


def _size(process: _Process, _oid: str) -> int | None:
    header = process.line().split()
    return int(header[2]) if len(header) == 3 and header[1] == b"blob" else None


def _content(process: _Process, oid: str, kind: bytes) -> bytes | Missing:
    header = process.line().split()
    if len(header) != 3:
        return ABSENT
    size = int(header[2])
    if size > MAX_BYTES:
        return TOO_LARGE
    data = process.take(size)
    process.take(1)
    if header[1] != kind:
        return WRONG_KIND
    if blob_id(data, oid, kind) != oid:  # git does not look, and may have sent less than it said
        raise EOFError
    return data

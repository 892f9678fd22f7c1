"""One state of a repository, as paths, modes, blob ids and bytes. Everything to the right of this is pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lifelint.model import Diagnostic, Subject

if TYPE_CHECKING:
    from lifelint.snapshot.history import History

REGULAR, EXECUTABLE, SYMLINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000
"""File modes as git stores them (git's Documentation/gitformat-index)."""

MAX_BYTES = 16 * 1024 * 1024
"""Files above this are never parsed: no manifest, lock or report that a person reviews comes near it."""


class SnapshotError(Exception):
    """A state that cannot be taken: no such folder or revision, or git refuses. The message says how to mend it."""


class Entry(NamedTuple):
    """A path's mode and content id. ``oid`` is git's blob id (hex), or empty where git has not stored the content."""

    mode: int
    oid: str


class Missing(NamedTuple):
    """Why the bytes of a listed path cannot be had (absent blob, unreadable file, too large)."""

    why: str


TOO_LARGE = Missing(f"is larger than {MAX_BYTES >> 20} MiB and was not read")


class Snapshot(Protocol):
    """Read access to one state of a repository. No method follows a symlink or changes anything."""

    @property
    def subject(self) -> Subject:
        """What this is a state of."""

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every path, ``/``-separated and relative to the root; undecodable bytes are surrogate escapes."""

    @property
    def diagnostics(self) -> Iterable[Diagnostic]:
        """What could not be listed."""

    @property
    def edited(self) -> MutableMapping[str, str]:
        """What was read so far and is not what git has stored: path → the id of its content."""

    @property
    def history(self) -> "History":
        """What came before."""

    def oid(self, path: str) -> str:
        """The id of the content that ``read`` gives for ``path``; equal ids mean equal bytes."""

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        """The content of each path as git would store it, in the order asked. Reads may be nested or left half-way."""

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        """Content sizes in bytes as git has stored them (an edit that is not staged is not seen here).

        Paths whose size cannot be had are left out.
        """

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        """Those of ``paths`` that may hold one of ``words`` (plain text); what is left out holds none of them."""

    def seek(self, endings: Sequence[str], words: Sequence[str]) -> None:
        """Begins the search for ``words`` in files with these ``endings``, which ``holding`` will be asked for.

        It may do so beside other work; nobody has to ask for it.
        """

    @property
    def touched(self) -> Collection[str]:
        """Paths that may not hold what git has stored under their entry's id, told without reading them."""

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        """The value of the ``filter`` attribute of each path that has one, by git's own matching (gitattributes)."""

    def close(self) -> None:
        """Ends any process that serves the reads; a later read starts another."""

"""What came before a state: commits, tags, and the trees of other commits. Read access only, as for a snapshot."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from lifelint._patterns import lazy
from lifelint.snapshot import Entry, Snapshot

COMMIT_ID = lazy(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""A full commit id. Nothing shorter is looked up: an abbreviation names a commit only as long as no other has it."""


class Person(NamedTuple):
    """Who wrote or committed something, as git records it; nobody has checked that it is true."""

    name: str
    email: str


class Commit(NamedTuple):
    """A commit (git's Documentation/gitformat-commit). Times are seconds since 1970; ``tree`` is the id of its tree."""

    id: str
    parents: Sequence[str]
    tree: str
    author: Person
    authored: int
    committer: Person
    committed: int
    message: str
    signed: bool = False


class Tag(NamedTuple):
    """A name in ``refs/tags``. ``commit`` is what it finally leads to; ``oid`` differs from it for an annotated tag."""

    name: str
    commit: str
    oid: str

    @property
    def annotated(self) -> bool:
        """Whether the tag is an object of its own, with a message, a tagger and perhaps a signature."""
        return self.oid != self.commit


class Signature(NamedTuple):
    """Whether a tag is signed by someone who may: ``None`` where that cannot be told here; ``why`` says more.

    ``signer`` is the principal of the allowed-signers file (ssh-keygen(1)) whose key made a good signature.
    """

    good: bool | None
    signer: str
    why: str


class Stored(NamedTuple):
    """A blob that some commit holds or held, at the first path that git met it under. ``size`` is in bytes."""

    oid: str
    path: str
    size: int


class History(Protocol):
    """The history of a snapshot. Ids are full commit ids; what is not one is not found."""

    @property
    def head(self) -> str:
        """The commit that the snapshot is the tree of, or was changed from; ``""`` without one."""

    @property
    def incomplete(self) -> str:
        """Why commits, trees or tags may exist that are not here; ``""`` where all that can be known is known."""

    @property
    def tags(self) -> Sequence[Tag]:
        """The tags that lead to commits, sorted by name."""

    def commit(self, commit: str) -> Commit | None:
        """A commit, or ``None`` when it is not here."""

    def is_ancestor(self, commit: str, of: str) -> bool | None:
        """Whether ``commit`` is ``of`` or one of its ancestors; ``None`` when that cannot be told here."""

    def merge_base(self, commit: str, other: str) -> str:
        """The best commit that both descend from; ``""`` when none is here."""

    def touching(self, paths: Sequence[str], until: str) -> Sequence[str] | None:
        """The commits up to ``until`` that changed something at or below ``paths``, newest first.

        ``None`` when that cannot be told here. In an incomplete history older ones are lacking.
        """

    def authors(self, until: str, most: int) -> Sequence[tuple[Person, int]] | None:
        """Who made the commits up to ``until``, newest first, ``most`` at most, and when each was committed, in seconds
        since 1970.

        ``None`` when that cannot be told here. In an incomplete history some are lacking.
        """

    def last_changed(self, paths: Sequence[str], until: str) -> Mapping[str, str] | None:
        """Each path → the newest of the commits ``touching`` it, all asked at once; without those that none touched.

        ``None`` when that cannot be told here.
        """

    def oids(self, places: Sequence[tuple[str, str]]) -> Sequence[str]:
        """The id of what lies at each path of a commit, all asked at once; ``""`` where nothing is known to."""

    def at(self, commit: str, below: str = "") -> Snapshot | None:
        """The tree of a commit, or what of it lies ``below`` a folder; ``None`` when it is not here."""

    def message(self, tag: Tag) -> str:
        """The message of an annotated tag without its signature; ``""`` for another tag."""

    def signature(self, tag: Tag, allowed_signers: bytes) -> Signature:
        """Checks the signature of a tag offline, against the content of an allowed-signers file (ssh-keygen(1))."""

    def stored(self, wanted: Callable[[str], object], besides: Mapping[str, Entry] | None = None) -> Iterator[Stored]:
        """Every blob with a ``wanted`` path that the snapshot's commit or an ancestor holds, once each, in git's order.

        A blob has the path at which git comes upon it first. What is among the entries ``besides`` is left out.
        """


class NoHistory:
    """Nothing is known of what came before."""

    head = ""
    tags: Sequence[Tag] = ()

    def __init__(self, why: str) -> None:
        self.incomplete = why

    def commit(self, commit: str) -> Commit | None:
        return None

    def is_ancestor(self, commit: str, of: str) -> bool | None:
        return None

    def merge_base(self, commit: str, other: str) -> str:
        return ""

    def touching(self, paths: Sequence[str], until: str) -> Sequence[str] | None:
        return None

    def authors(self, until: str, most: int) -> Sequence[tuple[Person, int]] | None:
        return None

    def last_changed(self, paths: Sequence[str], until: str) -> Mapping[str, str] | None:
        return None

    def oids(self, places: Sequence[tuple[str, str]]) -> Sequence[str]:
        return [""] * len(places)

    def at(self, commit: str, below: str = "") -> Snapshot | None:
        return None

    def message(self, tag: Tag) -> str:
        return ""

    def signature(self, tag: Tag, allowed_signers: bytes) -> Signature:
        return Signature(None, "", self.incomplete)

    def stored(self, wanted: Callable[[str], object], besides: Mapping[str, Entry] | None = None) -> Iterator[Stored]:
        return iter(())


def parse_commit(commit: str, data: bytes) -> Commit:
    """A raw commit object (git's Documentation/gitformat-commit; header continuation lines start with a space).

    Bytes that are not UTF-8 become surrogate escapes; a header that is not there is empty or 0.
    """
    head, _, message = data.partition(b"\n\n")
    headers: dict[str, list[str]] = {}
    for line in head.decode("utf-8", "surrogateescape").split("\n"):
        if not line.startswith(" "):
            name, _, value = line.partition(" ")
            headers.setdefault(name, []).append(value)
    author, authored = _signed_off(headers, "author")
    committer, committed = _signed_off(headers, "committer")
    return Commit(
        commit,
        tuple(headers.get("parent", ())),
        headers.get("tree", [""])[0],
        author,
        authored,
        committer,
        committed,
        message.decode("utf-8", "surrogateescape"),
        "gpgsig" in headers or "gpgsig-sha256" in headers,
    )


def _signed_off(headers: Mapping[str, Sequence[str]], name: str) -> tuple[Person, int]:
    found = re.fullmatch(r"(.*?) ?<([^>]*)>(?: (\d{1,15}) [-+]\d+)?.*", headers.get(name, [""])[0])
    return (Person(found[1], found[2]), int(found[3] or 0)) if found else (Person("", ""), 0)

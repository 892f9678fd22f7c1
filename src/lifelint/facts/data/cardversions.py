"""Whether a card is about the version of the data that is there now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts.proof import facts_at, short

if TYPE_CHECKING:
    from lifelint.facts._source import Source
    from lifelint.facts.data.cards import Card
    from lifelint.facts.data.pointer import Pointer

_HEX = re.compile(r"(?<![0-9A-Za-z])(?:([a-z]+\d*):)?([0-9a-f]{7,64})(?:\.dir)?(?![0-9A-Za-z])")
_RANGE = re.compile(r"applies[-_ ]?to|covers|versions?[-_ ]covered|covered[-_ ]versions?")


class Verdict(NamedTuple):
    """Whether the card is about this version; ``None`` where that cannot be told. ``why`` says what was compared."""

    current: bool | None
    why: str


def about(source: Source, pointer: Pointer, card: Card, text: str, covered: Sequence[str]) -> Verdict:
    """Judges by what the card names, else by what git tells: the data has not changed since the card did.

    ``covered`` are the digests of all the card's datasets: a digest of the same kind that is none of them is of
    another version.
    """
    path = card.document.path
    digest = _bare(pointer.digest)
    told = [found[2] for found in _HEX.finditer(text)]
    if digest and any(digest.startswith(one) for one in told):
        return Verdict(True, f"{path} names {short(pointer.digest)}")
    if any(_RANGE.fullmatch(str(key).lower()) and value for key, value in card.document.front.items()):
        return Verdict(True, f"{path} says which versions it covers")
    bare = set(map(_bare, covered))
    other = next((one for one in told if digest and len(one) == len(digest)), "")
    if other and not any(one in bare for one in told):
        return Verdict(False, f"{path} is about {other[:8]}…, and {pointer.artifact} is {short(pointer.digest)} now")
    return _since(source, pointer, path, named=card.named)


def _bare(digest: str) -> str:
    """The digits alone: of most files, DVC 2's ``md5-dos2unix`` has the same as ``md5``."""
    return digest.rpartition(":")[2].removesuffix(".dir")


def _since(source: Source, pointer: Pointer, path: str, *, named: bool) -> Verdict:
    """Whether the pointer is what it was when the card was last changed."""
    history = source.snapshot.history
    touching = history.touching([path], history.head) if history.head and not history.incomplete else None
    if touching is None:
        why = history.incomplete or "there is no commit yet"
        return Verdict(None, f"{path} names no version of {pointer.artifact}, and its history cannot be seen: {why}")
    then = source.at(touching[0]) if touching else None
    if then is None or path not in then.entries or then.snapshot.oid(path) != source.snapshot.oid(path):
        return Verdict(True, f"{path} is being written now")
    commit = touching[0][:7]
    same = pointer.path in then.entries and then.snapshot.oid(pointer.path) == source.snapshot.oid(pointer.path)
    facts = None if same else facts_at(source, touching[0])
    before = [one for one in facts["pointers"].items if one.artifact == pointer.artifact] if facts else []
    if same or any(_bare(one.digest) == _bare(pointer.digest) for one in before):
        return Verdict(True, f"{pointer.artifact} has not changed since {path} did ({commit})")
    if before:
        change = f"{short(before[0].digest)} then, {short(pointer.digest)} now"
        return Verdict(False, f"{path} was last changed ({commit}) before {pointer.artifact} was replaced: {change}")
    called = "and names it" if named else "and does not name it"
    return Verdict(named or None, f"{path} was last changed ({commit}) before {pointer.artifact} came, {called}")

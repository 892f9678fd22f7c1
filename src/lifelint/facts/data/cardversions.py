"""Whether a card is about the version of the data that is there now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.proof import facts_at, short

if TYPE_CHECKING:
    from lifelint.facts._source import Source
    from lifelint.facts.data.cards import Card
    from lifelint.facts.data.pointer import Pointer

_HEX = lazy(r"(?<![0-9A-Za-z])(?:([a-z]+\d*):)?([0-9a-f]{7,64})(?:\.dir)?(?![0-9A-Za-z])")
_MAYBE_HEX = lazy(r"[0-9a-f]{7}")
"""What stands in every digest. It is found many times as fast, and most of what people write holds none."""

_RANGE = lazy(r"applies[-_ ]?to|covers|versions?[-_ ]covered|covered[-_ ]versions?")


class Verdict(NamedTuple):
    """Whether the card is about this version; ``None`` where that cannot be told. ``why`` says what was compared."""

    current: bool | None
    why: str


class _Written(NamedTuple):
    """The digests that a card holds: each, their lengths, the first of each length, and whether any is of its data."""

    digests: frozenset[str]
    lengths: frozenset[int]
    firsts: Mapping[int, str]
    own: bool


def about(source: Source, pairs: Sequence[tuple[Pointer, Card]], texts: Mapping[str, str]) -> list[Verdict]:
    """Judges each pointer with its card by what the card names, else by what git tells: the data has not changed since
    the card did.

    A digest that is none of a card's datasets, and of the same kind as theirs, is of another version. ``texts`` are
    those of the cards, by path.
    """
    covered: dict[str, set[str]] = {}
    for pointer, card in pairs:
        covered.setdefault(card.document.path, set()).add(_bare(pointer.digest))
    written = {path: _written(texts[path], digests) for path, digests in covered.items()}
    named = [_by_name(pointer, card, written[card.document.path]) for pointer, card in pairs]
    asked = {card.document.path for (_, card), verdict in zip(pairs, named, strict=True) if verdict is None}
    history = source.snapshot.history
    changed = history.last_changed(sorted(asked), history.head) if _whole(source) and asked else None
    unsaid = [pair for pair, verdict in zip(pairs, named, strict=True) if verdict is None]
    then = _then(source, unsaid, changed or {})
    return [
        _since(source, pointer, card, changed, then) if verdict is None else verdict
        for (pointer, card), verdict in zip(pairs, named, strict=True)
    ]


def _then(
    source: Source, pairs: Sequence[tuple[Pointer, Card]], changed: Mapping[str, str]
) -> Mapping[tuple[str, str], str]:
    """What was at the paths of cards and pointers when the card was last changed, by commit and path."""
    places = {
        (changed[card.document.path], path): ""
        for pointer, card in pairs
        if card.document.path in changed
        for path in (card.document.path, pointer.path)
    }
    return dict(zip(places, source.snapshot.history.oids([*places]), strict=True))


def _written(text: str, covered: Collection[str]) -> _Written:
    digests = [found[2] for found in _HEX.finditer(text)] if _MAYBE_HEX.search(text) else []
    firsts = {len(digest): digest for digest in reversed(digests)}
    return _Written(frozenset(digests), frozenset(firsts), firsts, any(digest in covered for digest in digests))


def _by_name(pointer: Pointer, card: Card, written: _Written) -> Verdict | None:
    """What the card says of versions; ``None`` where it says nothing."""
    path = card.document.path
    digest = _bare(pointer.digest)
    if digest and any(digest[:length] in written.digests for length in written.lengths):
        return Verdict(True, f"{path} names {short(pointer.digest)}")
    if any(_RANGE.fullmatch(str(key).lower()) and value for key, value in card.document.front.items()):
        return Verdict(True, f"{path} says which versions it covers")
    other = written.firsts.get(len(digest), "") if digest else ""
    if other and not written.own:
        return Verdict(False, f"{path} is about {other[:8]}…, and {pointer.artifact} is {short(pointer.digest)} now")
    return None


def _whole(source: Source) -> bool:
    history = source.snapshot.history
    return bool(history.head) and not history.incomplete


def _bare(digest: str) -> str:
    """The digits alone: of most files, DVC 2's ``md5-dos2unix`` has the same as ``md5``."""
    return digest.rpartition(":")[2].removesuffix(".dir")


def _since(
    source: Source,
    pointer: Pointer,
    card: Card,
    changed: Mapping[str, str] | None,
    then: Mapping[tuple[str, str], str],
) -> Verdict:
    """Whether the pointer is what it was when the card was last changed."""
    path = card.document.path
    if changed is None:
        why = source.snapshot.history.incomplete or "there is no commit yet"
        return Verdict(None, f"{path} names no version of {pointer.artifact}, and its history cannot be seen: {why}")
    last = changed.get(path, "")
    if not last or then[last, path] != source.snapshot.oid(path):
        return Verdict(True, f"{path} is being written now")
    commit = last[:7]
    same = then[last, pointer.path] == source.snapshot.oid(pointer.path)
    before = [] if same else _before(source, last, pointer)
    if same or any(_bare(one.digest) == _bare(pointer.digest) for one in before):
        return Verdict(True, f"{pointer.artifact} has not changed since {path} did ({commit})")
    if before:
        change = f"{short(before[0].digest)} then, {short(pointer.digest)} now"
        return Verdict(False, f"{path} was last changed ({commit}) before {pointer.artifact} was replaced: {change}")
    called = "and names it" if card.named else "and does not name it"
    return Verdict(card.named or None, f"{path} was last changed ({commit}) before {pointer.artifact} came, {called}")


def _before(source: Source, commit: str, pointer: Pointer) -> Sequence[Pointer]:
    """What the data were at another commit: by the same file if that told of them, else by any."""
    folder = pointer.path.rpartition("/")[0]
    for below in (folder, "") if pointer.path.endswith(".dvc") else ("",):
        facts = facts_at(source, commit, below)
        same = [one for one in facts["pointers"].items if one.artifact == pointer.artifact] if facts else []
        if same:
            return same
    return ()

"""Whether a release was approved by who may: an owner of its data or models who is not the only one that wrote it.

A signature of the tag proves who; a trailer or the address of a page only claims it, and is never more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lifelint._patterns import lazy
from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.owners.found import owners_of
from lifelint.facts.proof import Verdict, path_of
from lifelint.facts.releases.document import Approval, Release
from lifelint.snapshot.history import History, Person, Tag

Told = tuple[bool | None, str]

SIGNERS = (".allowed_signers", "allowed_signers", ".github/allowed_signers", ".gitlab/allowed_signers")
"""Where a repository may hold the keys whose signatures count (ALLOWED SIGNERS of ssh-keygen(1))."""

KINDS = ("signed-tag", "trailer")
"""Kinds of evidence that git holds; the other one is the address of a page."""

_WALKED = 100
"""First parents that are walked from the anchor to find the merge that brought a manifest in."""

_TRAILER = lazy(r"^(?:approved|reviewed)-by:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_NOREPLY = lazy(r"(?:\d+\+)?([\w-]+)@users\.noreply\.github\.com", re.IGNORECASE)


def approved(
    release: Release, source: Source, tag: Tag | None, place: str, anchor: str, commit: str
) -> Iterator[Verdict]:
    """A verdict on each approval, and one on whether anyone but the author is among them.

    ``commit`` is the one that the release was built from: its owners and its signers count, so that no release brings
    its own along. ``place`` is the path of the manifest at the ``anchor``.
    """
    if not release.approvals:
        return
    then = source.at(commit) if commit else None
    for each in release.approvals:
        told = _worst(_owner(each, release, then), _evidence(each, source, tag, place, anchor, then))
        yield _verdict(each, release, told)
    yield Verdict("approvals", *_by_another(release, source, place, anchor), release.path, release.approvals[0].line)


def entitled(release: Release, then: Source) -> Iterator[Verdict]:
    """What shows of approvals before there is a tag: who owns data or models, and whether keys of signers are there."""
    for each in release.approvals:
        keys = (True, "") if each.evidence != KINDS[0] or _keys(then) is not None else (None, _WITHOUT_KEYS)
        yield _verdict(each, release, _worst(_owner(each, release, then), keys))


_WITHOUT_KEYS = f"no {SIGNERS[0]} at that commit says whose keys count"


def _verdict(each: Approval, release: Release, told: Told) -> Verdict:
    return Verdict(field_of(each), *told, release.path, each.line)


def field_of(each: Approval) -> str:
    """The field of the verdict on one approval."""
    return f"approval:{each.role or each.by or each.person}"


def is_address(evidence: str) -> bool:
    """Whether the evidence is the address of a page."""
    return evidence.startswith(("https://", "http://"))


def _worst(*told: Told) -> Told:
    for wanted in (False, None):
        for holds, why in told:
            if holds is wanted:
                return holds, why
    return True, "; ".join(why for _, why in told)


def _owner(each: Approval, release: Release, then: Source | None) -> Told:
    if not each.by and not each.person:
        return False, "it names nobody"
    if then is None:
        return None, "the commit that the release was built from is not here"
    made = then.once(Facts)["owners"]
    if not made.items:
        why = f"{made.unread[0].path} {made.unread[0].message}" if made.unread else "there was no CODEOWNERS file"
        return None, f"who owns data and models cannot be told: {why} at that commit"
    who = {name.casefold() for name in (each.by, *_names(each.person)) if name}
    named = [part.place for part in (*release.data, *release.models) if part.place]
    places = dict.fromkeys(path for place in named for path in (place.partition("#")[0], path_of(place)) if path)
    for place in places:
        for owner in owners_of(made.items, place):
            if owner.casefold() in who:
                return True, f"{owner} owns {place}"
    told = each.by or each.person
    return False, f"{told} owns none of {', '.join(places) or 'its data and models'} at that commit"


def _names(person: str) -> tuple[str, ...]:
    """The name and the e-mail address in ``Ada <ada@example.org>``, or what there is of both."""
    name, _, email = person.partition("<")
    return tuple(part for part in (name.strip(), email.rstrip("> ")) if part)


def _evidence(each: Approval, source: Source, tag: Tag | None, place: str, anchor: str, then: Source | None) -> Told:
    if each.evidence == "signed-tag":
        return _signed(each, source.snapshot.history, tag, then)
    if each.evidence == "trailer":
        return _trailer(each, place, source.snapshot.history, tag, anchor)
    if is_address(each.evidence):
        return None, f"claimed: {each.evidence} may show it, git does not"
    return None, f"claimed: {'evidence of a kind that is not known' if each.evidence else 'no evidence is named'}"


def _signed(each: Approval, history: History, tag: Tag | None, then: Source | None) -> Told:
    if tag is None:
        return None, "there is no tag yet whose signature could be checked"
    if then is None:
        return None, "the commit that holds the keys of signers is not here"
    keys = _keys(then)
    if keys is None:
        return None, f"{tag.name} cannot be checked: {_WITHOUT_KEYS}"
    made = history.signature(tag, keys)
    if not made.good:
        return made.good, f"{tag.name} {made.why}"
    signers = {name.strip().casefold() for name in made.signer.split(",")}
    if signers.isdisjoint(name.casefold() for name in (each.by, *_names(each.person))):
        return False, f"{tag.name} is signed by {made.signer}, not by {each.person or each.by}"
    return True, f"{tag.name} is signed by {made.signer}"


def _keys(then: Source) -> bytes | None:
    path = next((path for path in SIGNERS if then.is_file(path)), "")
    return then.bytes(path) if path else None


def _trailer(each: Approval, place: str, history: History, tag: Tag | None, anchor: str) -> Told:
    who = [name.casefold() for name in (each.by, *_names(each.person)) if name]
    for commit, message in _messages(place, history, tag, anchor):
        for said in map(str.rstrip, _TRAILER.findall(message)):
            if any(re.search(rf"(?<![\w@./+-]){re.escape(name)}(?![\w@/+-])", said.casefold()) for name in who):
                return None, f"claimed: {commit} says that {said} approved it, as anyone can write"
    if history.incomplete:
        return None, f"the trailer is not found here: {history.incomplete}"
    return False, f"no commit that the manifest came with says Approved-by or Reviewed-by {each.person or each.by}"


def _messages(place: str, history: History, tag: Tag | None, anchor: str) -> Iterator[tuple[str, str]]:
    """What the tag and the commits that a manifest came with say: those that touched it, and the merge of them."""
    if tag is not None:
        yield f"the tag {tag.name}", history.message(tag)
    touched = history.touching([place], anchor) or ()
    for one in dict.fromkeys((anchor, *touched, _merge(history, touched[-1], anchor) if touched else "")):
        made = history.commit(one) if one else None
        if made is not None:
            yield one[:12], made.message


def _merge(history: History, first: str, anchor: str) -> str:
    """The commit of the main line (first parents of ``anchor``) that ``first`` came into it with."""
    at, found = anchor, ""
    for _ in range(_WALKED):
        if not history.is_ancestor(first, at):
            return found
        made = history.commit(at)
        if made is None or not made.parents:
            return at
        at, found = made.parents[0], at
    return ""


def _by_another(release: Release, source: Source, place: str, anchor: str) -> Told:
    history = source.snapshot.history
    touched = history.touching([place], anchor) if anchor else None
    authors = dict.fromkeys(made.author for one in touched or () if (made := history.commit(one)))
    if history.incomplete or not authors:
        return None, f"who wrote the manifest cannot be told: {history.incomplete or 'no commit holds it'}"
    if len({author.email.casefold() for author in authors}) > 1:
        return True, "several people wrote the manifest"
    author = next(iter(authors))
    same = [_is(each, author) for each in release.approvals]
    if False in same:
        return True, f"someone other than {author.name}, who wrote the manifest, approved it"
    if None in same:
        return (
            None,
            f"whether anyone but {author.name}, who wrote the manifest, approved it cannot be told: name persons",
        )
    return False, f"only {author.name}, who wrote the manifest, approved it"


def _is(each: Approval, author: Person) -> bool | None:
    """Whether an approval is the author's own; ``None`` where only a team or an account is named."""
    said: Sequence[str] = [name.casefold() for name in _names(each.person)]
    if "@" in each.by[1:]:
        said = [*said, each.by.casefold()]
    if said:
        return author.email.casefold() in said or (author.name.casefold() in said and not any("@" in s for s in said))
    account = _NOREPLY.fullmatch(author.email)
    if account is None or "/" in each.by or not each.by:
        return None
    return account[1].casefold() == each.by.lstrip("@").casefold()

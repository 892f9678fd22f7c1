"""Finds release manifests, and looks each of their fields up in git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.proof import Verdict, facts_at, located
from lifelint.facts.releases.approved import approved
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.judged import judged
from lifelint.facts.releases.numbered import numbered
from lifelint.facts.releases.resolved import held, image
from lifelint.facts.releases.rollback import rollback
from lifelint.facts.releases.written import manifests
from lifelint.snapshot.history import Tag

if TYPE_CHECKING:
    from lifelint.facts.data.remoteconfig import Remote

_FOLDER = "releases"


def releases(source: Source, remotes: Sequence[Remote]) -> Iterator[Release]:
    """Each manifest with its verdicts, and each that a tag holds and that is gone since."""
    written = list(manifests(source))
    for release in written:
        yield _proven(release, written, source, remotes)
    yield from _deleted(source, written)


def _proven(release: Release, written: Sequence[Release], source: Source, remotes: Sequence[Remote]) -> Release:
    history = source.snapshot.history
    tag = next((tag for tag in history.tags if tag.name == release.tag), None)
    then = source.at(tag.commit) if tag else None
    place = _place(release, source, then)
    touched = history.touching([release.path], history.head) if history.head else None
    # A tag that leads elsewhere is told by release.tag; it does not decide what the rest is compared with
    tagged = tag.commit if tag and (place or then is None) else ""
    anchor = tagged or (touched[0] if touched else history.head)
    if touched and not tag and history.incomplete:
        at = None  # the oldest commit that is here seems to have touched everything
    else:  # a draft that no commit holds yet is about the files beside it
        at = facts_at(source, anchor) if tagged or touched else Facts(source)
    verdict, commit = located(source, "source.commit", release.commit, release.fingerprint, release.paths, anchor)
    verdicts = [verdict._replace(path=release.path, line=release.line_for("source.commit"))]
    verdicts += numbered(release, written, at, tagged=bool(tagged))
    verdicts += _unchanged(release, source, tag, then, place)
    verdicts += _parts(release, source, commit)
    verdicts += judged(release, source, at, commit)
    verdicts += approved(release, source, tag, place or release.path, anchor, commit)
    release = release._replace(anchor=anchor)
    verdicts += rollback(release, written, source, at, commit, remotes)
    return release._replace(verdicts=tuple(verdicts))


def _place(release: Release, source: Source, then: Source | None) -> str:
    """Where the manifest lay in the tree of its tag: it may have been moved since. ``""`` where it did not."""
    if then is None or release.path in then.entries:
        return "" if then is None else release.path
    oid = source.snapshot.oid(release.path)
    return next((path for path, entry in then.entries.items() if entry.oid == oid), "")


def _unchanged(release: Release, source: Source, tag: Tag | None, then: Source | None, place: str) -> Iterator[Verdict]:
    """Whether the manifest is the one that was tagged. A tag moved to a commit with the same manifest looks alike."""
    at = release.path, release.line_for("release.tag")
    if not release.tag:
        return
    if tag is None:
        missing = source.snapshot.history.incomplete
        if missing:
            yield Verdict("release.tag", None, f"{release.tag} is not found here: {missing}", *at)
        return  # a draft: the tag comes with the release
    if then is None:
        yield Verdict("release.tag", None, f"the commit of {release.tag} is not here", *at)
    elif not place:
        yield Verdict("release.tag", False, f"{release.tag} leads to a commit without this manifest", *at)
    else:
        same = then.snapshot.oid(place) == source.snapshot.oid(release.path)
        moved = f" at {place}" if place != release.path else ""
        yield Verdict("release.tag", same, f"it {'is' if same else 'is not'} what {release.tag} holds{moved}", *at)


def _parts(release: Release, source: Source, commit: str) -> Iterator[Verdict]:
    then = facts_at(source, commit) if commit else None
    kinds = (("environment", release.environment), ("data", release.data), ("model", release.models))
    for kind, parts in kinds:
        for part in parts:
            field = f"{kind}:{part.name}"
            holds, why = image(part) if part.role == "image" else held(then, part)
            yield Verdict(field, holds, why, release.path, part.line)


def _deleted(source: Source, written: Sequence[Release]) -> Iterator[Release]:
    history = source.snapshot.history
    if not history.head or not history.tags or not history.touching([_FOLDER], history.head):
        return
    told = {release.tag for release in written}
    for tag in history.tags:
        # Only that folder is listed: there may be hundreds of tags, and each tree may be large
        then = history.at(tag.commit, _FOLDER) if history.is_ancestor(tag.commit, history.head) else None
        # What is there still is not read again: each tag holds all the manifests before it
        for release in manifests(Source(then), besides=source.entries) if then is not None else ():
            if release.tag == tag.name and release.tag not in told:
                told.add(release.tag)
                why = f"it was deleted after {tag.name}"
                yield release._replace(anchor=tag.commit, verdicts=(Verdict("release.tag", False, why, release.path),))

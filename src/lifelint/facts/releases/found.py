"""Finds release manifests, and looks each of their fields up in git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.proof import Verdict, facts_at, located
from lifelint.facts.releases.approved import approved
from lifelint.facts.releases.document import Release, parse
from lifelint.facts.releases.judged import judged
from lifelint.facts.releases.numbered import numbered
from lifelint.facts.releases.resolved import held, image
from lifelint.facts.releases.rollback import rollback

if TYPE_CHECKING:
    from lifelint.facts.data.remoteconfig import Remote

_FOLDER = "releases"
NAMES = ("release.yaml", "release.yml", "release.json")


def releases(source: Source, remotes: Sequence[Remote]) -> Iterator[Release]:
    """Each manifest with its verdicts, and each that a tag holds and that is gone since."""
    written = list(manifests(source))
    for release in written:
        yield _proven(release, written, source, remotes)
    yield from _deleted(source)


def manifests(source: Source) -> Iterator[Release]:
    """The manifests of a tree as they are written."""
    for path in source.named(*NAMES):
        release = source.parse(path, parse)
        if release is not None:
            yield release._replace(path=path)


def _proven(release: Release, others: Sequence[Release], source: Source, remotes: Sequence[Remote]) -> Release:
    history = source.snapshot.history
    tag = next((tag for tag in history.tags if tag.name == release.tag), None)
    tagged = tag.commit if tag else ""
    touched = history.touching([release.path], history.head) if history.head else None
    anchor = tagged or (touched[0] if touched else history.head)
    # A draft that no commit holds yet is about the files beside it
    then = facts_at(source, anchor) if tagged or touched else Facts(source)
    verdict, commit = located(source, "source.commit", release.commit, release.fingerprint, release.paths, anchor)
    verdicts = [verdict._replace(path=release.path, line=release.line_for("source.commit"))]
    verdicts += numbered(release, others, then, tagged=bool(tagged))
    verdicts += _unchanged(release, source, tagged)
    verdicts += _parts(release, source, commit)
    verdicts += judged(release, source, then, commit)
    verdicts += approved(release, source, tag, anchor, commit)
    release = release._replace(anchor=anchor)
    beside = list(manifests(then.source)) if then is not None else []
    verdicts += rollback(release, beside, source, then, commit, remotes)
    return release._replace(verdicts=tuple(verdicts))


def _unchanged(release: Release, source: Source, tagged: str) -> Iterator[Verdict]:
    """Whether the manifest is the one that was tagged. A tag moved to a commit with the same manifest looks alike."""
    at = release.path, release.line_for("release.tag")
    if not release.tag:
        return
    if not tagged:
        missing = source.snapshot.history.incomplete
        if missing:
            yield Verdict("release.tag", None, f"{release.tag} is not found here: {missing}", *at)
        return  # a draft: the tag comes with the release
    then = source.at(tagged)
    if then is None:
        yield Verdict("release.tag", None, f"the commit of {release.tag} is not here", *at)
    elif release.path not in then.entries:
        yield Verdict("release.tag", False, f"{release.tag} leads to a commit without this manifest", *at)
    else:
        same = then.snapshot.oid(release.path) == source.snapshot.oid(release.path)
        yield Verdict("release.tag", same, f"it {'is' if same else 'is not'} what {release.tag} holds", *at)


def _parts(release: Release, source: Source, commit: str) -> Iterator[Verdict]:
    then = facts_at(source, commit) if commit else None
    kinds = (("environment", release.environment), ("data", release.data), ("model", release.models))
    for kind, parts in kinds:
        for part in parts:
            field = f"{kind}:{part.name}"
            holds, why = image(part) if part.role == "image" else held(then, part)
            yield Verdict(field, holds, why, release.path, part.line)


def _deleted(source: Source) -> Iterator[Release]:
    history = source.snapshot.history
    if not history.head or not history.tags or not history.touching([_FOLDER], history.head):
        return
    told: set[str] = set()
    for tag in history.tags:
        # Only that folder is listed: there may be hundreds of tags, and each tree may be large
        then = history.at(tag.commit, _FOLDER) if history.is_ancestor(tag.commit, history.head) else None
        for release in manifests(Source(then)) if then is not None else ():
            if release.tag == tag.name and release.path not in source.entries and release.path not in told:
                told.add(release.path)
                why = f"it was deleted after {tag.name}"
                yield release._replace(anchor=tag.commit, verdicts=(Verdict("release.tag", False, why, release.path),))

"""Tags of releases, and whether each has its manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import after, is_prerelease, prefix
from lifelint.facts.releases.written import manifests


class ReleaseTag(NamedTuple):
    """A tag that is named as those of the manifests are, and made since there are any; ``path`` is its ref.

    ``manifest`` is the path of the manifest that names it, empty where there is none. ``holds`` is whether there is
    one, ``None`` where that cannot be told.
    """

    path: str
    line: int
    name: str
    version: str
    manifest: str
    holds: bool | None


def release_tags(source: Source, releases: Sequence[Release]) -> Iterator[ReleaseTag]:
    """The tags of releases since the first manifest came. Tags of candidates (``v1.0.0rc1``) are not among them."""
    history = source.snapshot.history
    if not releases or not history.head:
        return
    if history.incomplete:
        source.cannot_read(".git", f"some tags may not be here: {history.incomplete}")
    prefixes = {found for r in releases if r.tag and (found := prefix(r.tag, r.version)) is not None}
    known = {r.tag: r.path for r in releases}
    came = history.touching(sorted({r.path for r in releases}), history.head)
    for tag in history.tags:
        version = next((said for before in sorted(prefixes) if (said := after(tag.name, before))), "")
        if not version or (is_prerelease(version) and tag.name not in known):
            continue
        since = history.is_ancestor(came[-1], tag.commit) if came and not history.incomplete else None
        if tag.name in known:
            yield ReleaseTag(f"refs/tags/{tag.name}", 0, tag.name, version, known[tag.name], True)
        elif since is not False:
            path, holds = _within(source, tag.name, tag.commit)
            yield ReleaseTag(f"refs/tags/{tag.name}", 0, tag.name, version, path, holds if since else None)


def _within(source: Source, tag: str, commit: str) -> tuple[str, bool | None]:
    """The manifest in the tree of a tag: it may have been moved or renamed since."""
    then = source.at(commit)
    if then is None:
        return "", None
    with then.recording() as unread:
        path = next((release.path for release in manifests(then) if release.tag == tag), "")
    return path, True if path else None if unread else False

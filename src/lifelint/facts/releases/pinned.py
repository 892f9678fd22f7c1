"""Whether a reference of a deployment is that of a release. What is none of the releases' is not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data.formats import words
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import after, prefix

Told = tuple[bool | None, str]

_MOVING = words("latest main master head trunk develop stable prod production champion current")
_TEMPLATED = lazy(r"\{\{|\$\{|\$\(|<[^>]+>|^REPLACE|^PLACEHOLDER")
_SUFFIX = lazy(r"(?:\.[A-Za-z]\w{0,11})+$")
_VERSION = lazy(r"(?:^|[-_])v?(\d+(?:\.\d+)+)")
_FIXED = lazy(r"[0-9a-f]{40,64}")
_LEAST = 3
"""Letters that a name needs to be looked for in an address."""


def model(reference: str, releases: Sequence[Release]) -> Told:
    """An address or a name with a version, which may hold the digest or the version of a release."""
    if _TEMPLATED.search(reference):
        return None, f"{reference} is filled in elsewhere"
    for release in releases:
        digests = [part.digest.rpartition(":")[2].removesuffix(".dir") for part in release.models]
        both = [form for digest in digests for form in (digest, f"{digest[:2]}/{digest[2:]}")]  # as stores keep them
        if any(len(form) > 16 and form in reference for form in both):
            return True, f"{reference} has the digest of {release.version}"
    segments = [segment for segment in re.split(r"[/:@?#=&,]+", reference) if segment]
    own = [release for release in releases if _named(reference, release)]
    for release in own:
        bare = [_SUFFIX.sub("", segment) for segment in segments]
        if any(prefix(segment, release.version) is not None for segment in (*segments, *bare)):
            return True, f"{reference} is that of {release.version}"
    if not own:
        return None, f"no release manifest tells what {reference} is"
    return _of_none(reference, segments)


def _of_none(reference: str, segments: Sequence[str]) -> Told:
    moving = next((segment for segment in segments if segment.casefold() in _MOVING), "")
    if moving:
        return False, f"{reference} can become another model: {moving} moves"
    version = next((found[1] for segment in segments if (found := _VERSION.search(segment))), "")
    if version:
        return False, f"{reference} is of {version}, and no release manifest is"
    if reference.startswith("models:/") or any(_FIXED.fullmatch(segment) for segment in segments):
        return None, f"{reference} is fixed, and no release manifest tells what it is"
    return False, f"{reference} names no version, so that what lies there can be replaced"


def _named(reference: str, release: Release) -> bool:
    """Whether an address speaks of the release: by its name, or by that of a model of it."""
    names = [release.name, *(part.name.rpartition("/")[2].partition(".")[0] for part in release.models)]
    text = re.sub(r"[-_.]+", "-", reference.casefold())
    return any(len(name) >= _LEAST and re.sub(r"[-_.]+", "-", name.casefold()) in text for name in names)


def image(reference: str, releases: Sequence[Release]) -> Told | None:
    """An image, if a manifest names one of its repository."""
    repository, at, digest = reference.partition("@")
    repository = repository if at else re.sub(r":[^/:]*$", "", repository)
    named = [part for release in releases for part in release.environment if part.role == "image"]
    own = [part for part in named if re.sub(r"@.*$|:[^/:@]*$", "", part.name.partition("@")[0]) == repository]
    if not own:
        return None
    if not digest:
        return False, f"{reference} is named by a tag, which can be moved"
    there = any(part.digest == digest for part in own)
    return there, f"{reference} is {'that' if there else 'the image'} of {'a' if there else 'no'} release"


def revision(reference: str, of: str, releases: Sequence[Release], source: Source) -> Told | None:
    """A revision of this repository: a folder in it (``of``) is here, or its address ends in the release's name.

    A branch is let be: what is deployed from it are its manifests, and they pin or do not pin.
    """
    own = [release for release in releases if source.is_folder(of) or _repository(of) == release.name.casefold()]
    for release in own:
        if reference in (release.tag, release.commit, release.anchor):
            return True, f"{reference} is {release.version}"
    for before in {found for r in own if r.tag and (found := prefix(r.tag, r.version)) is not None}:
        if after(reference, before):
            return False, f"{reference} is deployed, and no release manifest is of that tag"
    return None


def _repository(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2].removesuffix(".git").casefold()

"""Whether git held, at a commit, what a release names by digest."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint._patterns import lazy
from lifelint.facts import Facts
from lifelint.facts.proof import digests, short
from lifelint.facts.releases.document import Part

_IMAGE = lazy(r"sha256:[0-9a-f]{64}")


def image(part: Part) -> tuple[bool | None, str]:
    """Whether an image is named by digest. What a registry holds under it is not asked."""
    if _IMAGE.fullmatch(part.digest):
        return True, "it is named by digest (the registry was not asked)"
    return False, "it is named by no sha256 digest, and a tag can be moved"


def held(then: Facts | None, part: Part) -> tuple[bool | None, str]:
    """Whether the place of ``part`` had its digest; ``None`` where that cannot be told."""
    if not part.digest:
        return False, "it is named without a digest or version"
    if not part.place:
        return None, "it names no place in the repository"
    if then is None:
        return None, "the commit that the release was built from is not here"
    found = digests(then, part.place)
    return (None, f"{part.place} cannot be read at that commit") if found is None else _compared(part, found)


def _compared(part: Part, found: Sequence[str]) -> tuple[bool | None, str]:
    if part.digest in found:
        return True, f"{part.place} had {short(part.digest)}"
    if not found:
        return False, f"there was no {part.place} at that commit"
    kind = part.digest.partition(":")[0]
    alike = [digest for digest in found if digest.partition(":")[0] == kind]
    if not alike:
        return None, f"{part.place} had {short(found[0])}, which is no {kind}"
    return False, f"{part.place} had {short(alike[0])}, not {short(part.digest)}"

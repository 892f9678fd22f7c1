"""Container images."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint._patterns import lazy
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import place

_DIGEST = lazy(r"sha256:[0-9a-f]{64}")


def digest(case: Case) -> Iterator[Change]:
    """Writes the digest behind a tag, where the repository has it for that very tag and in one version only."""
    every = [*case.facts["images"].items, *case.facts["run_images"].items]
    found = [one for one in every if f"{one.path}:{one.instruction} {one.written}" == case.seen.subject]
    for one in found:
        if "$" in one.written or not one.tag or one.floating:
            raise CannotFix("the tag is a variable, is missing, or moves: no digest stands for it")
        known = {
            other.digest
            for other in every
            if other.pinned and (other.name, other.tag) == (one.name, one.tag) and _DIGEST.fullmatch(other.digest)
        }
        if len(known) != 1:
            told = "has several digests" if known else "has no digest"
            raise CannotFix(f"{one.reference} {told} anywhere in this repository; a registry knows, and is not asked")
        text = case.texts[one.path]
        start, end = place(text, one.line)
        at = text.find(one.written, start, end)
        if at < 0:
            raise CannotFix("it is not written on that line")
        yield Change(one.path, at + len(one.written), at + len(one.written), f"@{min(known)}")

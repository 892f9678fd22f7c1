"""Two sets of requirements compared as uv compares them: one from a manifest, one from the metadata in its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from lifelint.facts.environment import markers, versions
from lifelint.facts.environment.markers import Unjudged
from lifelint.facts.environment.nouns import Verdict
from lifelint.facts.environment.pyproject import tables
from lifelint.facts.environment.uv_lock import UvPackage
from lifelint.facts.environment.uv_wanted import UNSURE, WORKSPACE, Wanted, from_entry


def entries(value: Any) -> list[Wanted]:
    """The requirements of a list in a lock's metadata."""
    return [from_entry(entry) for entry in tables(value)]


class Place(NamedTuple):
    """Where a set of requirements stands: the manifest's path, and the package's metadata in the lock."""

    manifest: str
    package: UvPackage | None
    section: str

    def line(self, section: str, name: str) -> int:
        """The lock's line that names ``name`` in a section, else the section's, else the package's."""
        if self.package is None:
            return 0
        lines = self.package.lines
        return lines.get((section, name)) or lines.get((section, "")) or self.package.line


def compare(
    asked: Sequence[Wanted], recorded: Sequence[Wanted], place: Place, requires_python: str
) -> Iterator[Verdict]:
    """The differences between what a manifest asks for and what the lock recorded of it."""
    unsure = {w.name for w in (*asked, *recorded) if w.origin == UNSURE}
    for name in sorted({w.name for w in (*asked, *recorded)} - unsure):
        wanted, held = ([w for w in side if w.name == name] for side in (asked, recorded))
        line = place.line(place.section, name)
        if not held:
            yield Verdict(False, f"{wanted[0].shown()} is in {place.manifest}, the lock was made without it", line)
        elif not wanted:
            yield Verdict(False, f"the lock was made for {held[0].shown()}, which is not in {place.manifest}", line)
        elif not _equal(wanted, held, requires_python):
            ours, theirs = _odd(wanted, held)
            yield Verdict(False, f"{ours.shown()} in {place.manifest}, the lock was made for {theirs.shown()}", line)


def _odd(wanted: Sequence[Wanted], held: Sequence[Wanted]) -> tuple[Wanted, Wanted]:
    ours = [w for w in wanted if w not in held] or list(wanted)
    theirs = [w for w in held if w not in wanted] or list(held)
    return ours[0], theirs[0]


def _equal(wanted: Sequence[Wanted], held: Sequence[Wanted], requires_python: str) -> bool:
    both = (*wanted, *held)
    try:
        meaning = _meanings(sorted({w.marker for w in both}), lambda found: markers.signatures(found, requires_python))
    except Unjudged:
        # uv ignores what it cannot read in a marker; whether it then means the same is not known here.
        return True
    range_of = _meanings(sorted({versions.tidied(w.specifier) for w in both}), versions.signatures)

    def key(w: Wanted) -> tuple[Any, ...]:
        place = ("local",) if w.kinds else w.origin
        return w.name, w.extras, range_of[versions.tidied(w.specifier)], meaning[w.marker], place

    return {key(w) for w in wanted} == {key(w) for w in held} and _same_places(wanted, held)


def _meanings(texts: Sequence[str], signatures: Callable[[Sequence[str]], Sequence[Any]]) -> dict[str, Any]:
    return dict(zip(texts, signatures(texts) if len(texts) > 1 else texts, strict=True))


def merged(listed: Sequence[Wanted], requires_python: str) -> list[Wanted]:
    """One list without the entries that add nothing: a bare name beside the same name with a version, as uv does."""
    return [w for w in listed if w.specifier or not any(_implies(other, w, requires_python) for other in listed)]


def _implies(other: Wanted, bare: Wanted, requires_python: str) -> bool:
    if other.name != bare.name or not other.specifier or other.origin != bare.origin or not other.extras >= bare.extras:
        return False
    try:
        first, second = markers.signatures([other.marker, bare.marker], requires_python)
    except Unjudged:
        return False
    return all(wide or not narrow for wide, narrow in zip(first, second, strict=True))


def _same_places(wanted: Sequence[Wanted], held: Sequence[Wanted]) -> bool:
    """Whether local packages lie where they did and are installed in a way that the manifest allows."""
    ours = {w.origin for w in wanted if w.kinds and w.origin != WORKSPACE}
    theirs = {w.origin for w in held if w.kinds}
    allowed = {kind for w in wanted for kind in w.kinds}
    used = {kind for w in held for kind in w.kinds}
    return (not ours or not theirs or ours == theirs) and used <= allowed

"""Version specifiers (PEP 440), compared by the versions they admit: uv takes ``>=1,>=0.5`` for ``>=1``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lifelint.facts.environment.markers import Unjudged

MAX_CLAUSES = 200


def tidied(specifier: str) -> str:
    """A specifier with its clauses in order and without spaces: equal where two differ in nothing else."""
    return ",".join(sorted("".join(specifier.split()).split(",")))


def signatures(specifiers: Sequence[str]) -> list[tuple[bool, ...]]:
    """For each specifier, which of a common set of versions it admits: on all sides of every version they name.

    Raises:
        Unjudged: one of them is not PEP 440.
    """
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    try:
        allowed = [SpecifierSet(text) for text in specifiers]
    except ValueError as error:
        raise Unjudged(f"a version: {error}") from None
    clauses = {clause for one in allowed for clause in one}
    if len(clauses) > MAX_CLAUSES:
        raise Unjudged("that many versions")
    points = [Version(text) for text in {text for clause in clauses for text in _around(clause.version)}]
    return [tuple(one.contains(point, prereleases=True) for point in points) for one in allowed]


def _around(text: str) -> Iterator[str]:
    from packaging.version import Version

    try:
        version = Version(re.sub(r"\.\*$", "", text))
    except ValueError:
        raise Unjudged(f"the version {text!r}") from None
    release = version.release
    bumped = [(*release[:place], release[place] + 1) for place in range(len(release))]
    for parts in (release, *bumped, (*release, 1), (*release[:-1], max(release[-1] - 1, 0), 9)):
        base = f"{version.epoch}!{'.'.join(map(str, parts))}"
        yield from (base, f"{base}.dev0", f"{base}a0", f"{base}rc9", f"{base}.post1", f"{base}+local")
    public = version.public
    yield from (
        (public, f"{public}.post0", f"{public}.dev1")
        if not (version.is_devrelease or version.is_postrelease)
        else (public,)
    )
    yield str(version)

"""The releases of a state of a repository, with those whose manifest cannot be read, and which of them is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.facts import Facts
from lifelint.facts.proof import Verdict
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import ascending
from lifelint.facts.releases.written import NAMES


def releases(facts: Facts) -> Sequence[Release]:
    """Every release, by name, the highest version first.

    A manifest that is there and cannot be understood is a release of which nothing holds: breaking one must not be the
    way to pass. Its version is the name of its folder.
    """
    found = [*facts["releases"].items, *_broken(facts)]
    versions: dict[str, set[str]] = {}
    for release in found:
        versions.setdefault(release.name, set()).add(release.version)
    order = {name: _ordered(of_name) for name, of_name in versions.items()}
    return sorted(found, key=lambda one: (one.name, -order[one.name].index(one.version), one.path))


def newest(found: Sequence[Release]) -> Sequence[Release]:
    """The first of each name, of releases in the order of ``releases``."""
    first: dict[str, Release] = {}
    for release in found:
        first.setdefault(release.name, release)
    return list(first.values())


def called(found: Sequence[Release], word: str) -> Sequence[Release]:
    """The releases whose version, tag or manifest is ``word``."""
    return [release for release in found if word and word in (release.version, release.tag, release.path)]


def _ordered(versions: set[str]) -> Sequence[str]:
    in_order = ascending(versions)
    return sorted(versions) if in_order is None else in_order


def _broken(facts: Facts) -> Iterator[Release]:
    for path, line, message in facts["releases"].unread:
        folder, _, name = path.rpartition("/")
        if name in NAMES:
            here = facts.source.bytes(path) is not None
            why = f"the manifest {message}" if here else f"the manifest cannot be read: {message}"
            verdict = Verdict("manifest", False if here else None, why, path, line)
            version = folder.rpartition("/")[2]
            yield Release(path, line, "", version, "", "", "", (), (), (), (), (), "", verdicts=(verdict,))

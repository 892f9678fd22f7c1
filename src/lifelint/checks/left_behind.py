"""Whether what records a state followed the change: locks their manifests, pipelines their code, releases nothing.

What was behind already before the change is not blamed on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks import environment, pipeline, release
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.environment.nouns import Lock, Manifest
    from lifelint.facts.releases.document import Release

_SHOWN = 3


def locks_followed(
    locks: Sequence[Lock],
    manifests: Sequence[Manifest],
    base_locks: Sequence[Lock],
    base_manifests: Sequence[Manifest],
) -> Iterator[Observation]:
    """Each lock that belonged to its manifests still does."""
    covers = {lock.path: lock.covers for lock in locks}
    for seen in _followed(environment.fresh(base_locks), environment.fresh(locks)):
        asked = _asked(covers[seen.subject], base_manifests, manifests)
        if seen.ok is not None:
            yield seen._replace(detail=f"{asked}; {seen.detail}" if asked else seen.detail)
        elif asked:
            yield seen._replace(detail=f"{asked}; whether {seen.subject} follows cannot be told: {seen.detail}")


def _asked(paths: Sequence[str], before: Sequence[Manifest], after: Sequence[Manifest]) -> str:
    """What manifests ask for now that they did not, as far as it is told in a line."""
    old, new = (_wanted(paths, manifests) for manifests in (before, after))
    told = [
        f"{path} asks for {' and '.join(new[key])}" + (f" instead of {' and '.join(old[key])}" if key in old else "")
        for key in sorted(new)
        for path in [key[0]]
        if old.get(key) != new[key]
    ]
    told += [f"{key[0]} asks no longer for {' and '.join(old[key])}" for key in sorted(old) if key not in new]
    return "; ".join(told[:_SHOWN]) + (f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else "")


def _wanted(paths: Sequence[str], manifests: Sequence[Manifest]) -> Mapping[tuple[str, str, str], Sequence[str]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for manifest in manifests:
        for one in manifest.dependencies if manifest.path in paths else ():
            found.setdefault((one.path, one.group, one.name), []).append(one.written)
    return {key: sorted(set(written)) for key, written in found.items()}


def stages_followed(stages: Sequence[Stage], base_stages: Sequence[Stage]) -> Iterator[Observation]:
    """Each stage that was run with what was there is still one that was."""
    yield from _followed(pipeline.fresh(base_stages), pipeline.fresh(stages))


def releases_kept(releases: Sequence[Release], base_releases: Sequence[Release]) -> Iterator[Observation]:
    """Each release manifest that was what its tag holds still is."""
    yield from _followed(release.immutable(base_releases), release.immutable(releases), new=True)


def _followed(
    before: Iterable[Observation], after: Iterable[Observation], *, new: bool = False
) -> Iterator[Observation]:
    """What a rule about a state says of the head, where that says something of the change.

    That is what held before and holds or fails now, and what cannot be told now. With ``new`` also what was not there.
    """
    held = {observation.subject: observation.ok for observation in before}
    for observation in after:
        was = held.get(observation.subject, True if new else None)
        if was is True or (observation.ok is None and observation.subject in held):
            yield observation

"""Whether environments are determined, locks belong to their manifests, and stated Python versions agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.environment.nouns import Lock, Manifest, Requirement


def pinned(
    manifests: Sequence[Manifest], locks: Sequence[Lock], *, roles: Sequence[str] = ("runtime",)
) -> Iterator[Observation]:
    """Each direct dependency is frozen by a lock or admits one version. Libraries' ranges are not judged.

    What renv froze is asked for by the code, and needs no manifest beside it.
    """
    covering = {path: lock for lock in locks for path in lock.covers}
    judged: dict[str, dict[tuple[str, int], Requirement]] = {}
    for manifest in manifests:
        lock = covering.get(manifest.path)
        if lock is not None:
            yield Observation(True, manifest.path, f"frozen by {lock.path} ({lock.tool})", manifest.path)
        elif manifest.role in roles and not manifest.library:
            if manifest.dynamic:
                yield Observation(None, manifest.path, manifest.dynamic, manifest.path, manifest.line)
            for requirement in manifest.dependencies:
                if requirement.role in roles:
                    _keep(judged.setdefault(_subject(requirement), {}), requirement)
    for lock in locks:
        if lock.tool == "renv" and not lock.covers and lock.packages > 1:  # renv itself is one
            detail = f"one version of each of {lock.packages} packages (renv)"
            yield Observation(True, lock.path, detail, lock.path)
    for subject, found in sorted(judged.items()):
        worst = min(found.values(), key=_rank)
        yield Observation(worst.exact, subject, f"{worst.written!r} admits {_said(worst)}", worst.path, worst.line)


def _subject(requirement: Requirement) -> str:
    return ":".join(filter(None, (requirement.path, requirement.group, requirement.name)))


def _keep(found: dict[tuple[str, int], Requirement], requirement: Requirement) -> None:
    # One line seen from two manifests counts as the stricter sees it: the other may include a file of constraints.
    key = (requirement.path, requirement.line)
    if key not in found or _rank(requirement) > _rank(found[key]):
        found[key] = requirement


def _rank(requirement: Requirement) -> int:
    return {False: 0, None: 1, True: 2}[requirement.exact]


def _said(requirement: Requirement) -> str:
    return requirement.why if requirement.exact is not None else f"what is not known here: {requirement.why}"


def fresh(locks: Sequence[Lock]) -> Iterator[Observation]:
    """Each lock still belongs to the manifest it was made from."""
    for lock in locks:
        if lock.manifest or lock.fresh is not None or lock.tool not in ("pip freeze", "conda", "renv"):
            yield Observation(lock.fresh, lock.path, lock.why, lock.difference_path, lock.difference_line)


def hashed(locks: Sequence[Lock]) -> Iterator[Observation]:
    """Every package of every lock that can have a content hash has one."""
    for lock in locks:
        if lock.hashed == "complete":
            yield Observation(True, lock.path, f"a hash for each of {lock.packages} packages", lock.path)
        elif lock.hashed:
            first = f"{lock.unhashed} has no hash" if lock.hashed == "partial" else "no package has a hash"
            yield Observation(False, lock.path, first, lock.path, lock.unhashed_line if lock.hashed == "partial" else 0)


def readable(manifests: Sequence[Manifest]) -> Iterator[Observation]:
    """Every line of a requirements file is one that pip takes, and every file it includes is there."""
    lines: dict[tuple[str, str], Observation] = {}
    for manifest in manifests:
        for broken in manifest.broken:
            detail = f"{broken.written[:80]!r} {_predicate(broken.why)}"
            key = (broken.path, broken.written[:80])
            lines[key] = Observation(False, f"{broken.path}:{broken.written[:80]}", detail, broken.path, broken.line)
        for include in manifest.includes:
            said = "is there" if include.found else "is not in the repository"
            key = (include.path, f"{include.option} {include.written}")
            subject = f"{include.path}:{include.option} {include.written}"
            detail = f"{include.target} {said}"
            lines[key] = Observation(include.found, subject, detail, include.path, include.line)
        # A readable list of development tools proves nothing about what makes a model; a broken one is worth telling.
        if manifest.tool == "pip" and not manifest.broken and manifest.role == "runtime":
            count = len(manifest.dependencies)
            lines[manifest.path, ""] = Observation(True, manifest.path, f"{count} readable requirements", manifest.path)
    yield from (lines[key] for key in sorted(lines))


def _predicate(why: str) -> str:
    return f"is refused: {why[:1].lower()}{why[1:]}"


def hashes_complete(manifests: Sequence[Manifest], locks: Sequence[Lock]) -> Iterator[Observation]:
    """A requirements file with one hash has one on every line: pip refuses all others."""
    listed = {m.path: (m.hashes, m.unhashed, m.unhashed_line) for m in manifests if m.tool == "pip"}
    compiled = ("pip-compile", "uv pip compile", "uv export", "pip freeze", "rye")
    listed |= {k.path: (k.hashed, k.unhashed, k.unhashed_line) for k in locks if k.tool in compiled}
    for path, (state, name, line) in sorted(listed.items()):
        if state in ("complete", "partial"):
            detail = f"{name} has no --hash, other lines have" if state == "partial" else "a hash on every line"
            yield Observation(state == "complete", path, detail, path, line)

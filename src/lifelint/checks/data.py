"""Whether data and models are versioned by something that proves and retrieves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.facts.data import places
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.lfsfiles import LfsPath
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.remoteconfig import Remote
    from lifelint.facts.dvc.stage import Stage, StageDep
    from lifelint.facts.splits import Split


def well_formed(pointers: Sequence[Pointer]) -> Iterator[Observation]:
    """Every pointer can be read, and its digests have the right alphabet and length."""
    for pointer in (p for p in pointers if p.well_formed is not True):
        yield Observation(
            pointer.well_formed, _name(pointer), f"{pointer.path}: {pointer.why}", pointer.path, pointer.line
        )
    for group in folded((p for p in pointers if p.well_formed), _name, "sound:"):
        first, count = group.items[0], len(group.items)
        detail = (
            first.digest or first.why if count == 1 else f"{count} pointers, such as {first.artifact} ({first.digest})"
        )
        yield Observation(True, group.subject, detail, first.path, first.line)


def _name(pointer: Pointer) -> str:
    """The artifact, with the pointer's path where that is not plain from the artifact."""
    plain = pointer.path in (pointer.artifact, f"{pointer.artifact}.dvc")
    return pointer.artifact if plain else f"{pointer.path}:{pointer.artifact}"


_LABELS = {False: "", None: "unread:", True: "sound:"}


def stored_as_pointers(lfs_paths: Sequence[LfsPath]) -> Iterator[Observation]:
    """Paths under ``filter=lfs`` hold pointers, and no pointer lies outside it."""
    judged = [(item, *_lfs(item)) for item in lfs_paths if item.tracked or not item.left_out]
    for ok in (False, None, True):
        for group in folded([entry for entry in judged if entry[1] is ok], lambda entry: entry[0].path, _LABELS[ok]):
            first, count = group.items[0][0], len(group.items)
            detail = group.items[0][2] if count == 1 else f"{count} files: {first.path} {group.items[0][2]}"
            yield Observation(ok, group.subject, detail, first.path)


def _lfs(item: LfsPath) -> tuple[bool | None, str]:
    if item.pointer == "unknown":
        return None, f"could not be read: {item.why}"
    if item.tracked:
        is_pointer = item.pointer != "not-a-pointer"
        return is_pointer, f"is a pointer to sha256:{item.oid}" if is_pointer else f"is under filter=lfs and {item.why}"
    return False, f"is the text of a pointer to sha256:{item.oid}, and no .gitattributes gives it filter=lfs"


def retrievable(
    pointers: Sequence[Pointer], remotes: Sequence[Remote], *, remote_elsewhere: bool = False
) -> Iterator[Observation]:
    """What pointers stand for can be had from a store that others reach.

    ``remote_elsewhere`` says that the remote is configured outside the repository, by policy.
    """
    kept: dict[tuple[str | None, str], list[Pointer]] = {}
    for pointer in pointers:
        if pointer.system == "dvc" and pointer.digest and not pointer.imported_from:
            if pointer.push:
                kept.setdefault((pointer.project, pointer.remote), []).append(pointer)
            elif not pointer.stage:
                detail = f"{pointer.artifact} has push: false, so no remote ever holds it"
                yield Observation(False, _name(pointer), detail, pointer.path, pointer.line)
    for (project, name), group in sorted(kept.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        yield _kept(project, name, group, remote_elsewhere)
    if any(pointer.system == "lfs" for pointer in pointers):
        for remote in (r for r in remotes if r.system == "lfs"):
            yield Observation(remote.shared, _remote_name(remote), remote.why, remote.path, remote.line)
    annexed = [pointer for pointer in pointers if pointer.system == "annex"]
    if annexed:
        detail = f"where {_some(annexed)} is kept is recorded on the branch git-annex, which was not read"
        yield Observation(None, "git-annex", detail, annexed[0].path)


def _kept(project: str | None, name: str, group: Sequence[Pointer], elsewhere: bool) -> Observation:
    """Whether one DVC project's remote, the default or a named one, can be reached by others."""
    first, store = group[0], group[0].store
    config = f"{project}/.dvc/config" if project else ".dvc/config"
    subject = f"{config}:{name}" if name else config
    if store is not None and store.declared:
        detail = f"{_some(group)} is kept in the remote {store.name}: {store.why}"
        return Observation(store.shared, subject, detail, store.path, store.line)
    if store is not None and not store.name:
        return Observation(None, subject, f"{config} {store.why}", store.path, store.line)
    if elsewhere:
        return Observation(True, subject, "the remote is said to be configured elsewhere", first.path, first.line)
    if store is not None:
        detail = f"{store.why}; {_some(group)} cannot be pulled"
        return Observation(False, subject, detail, store.path, store.line)
    if project is None:
        detail = f"no .dvc folder is in git above {_some(group)}, so where the content is kept is not known"
        return Observation(None, subject, detail, first.path, first.line)
    detail = f"{config} declares no remote{f' called {name}' if name else ''}, so {_some(group)} cannot be pulled"
    return Observation(False, subject, detail, first.path, first.line)


def _some(group: Sequence[Pointer]) -> str:
    more = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
    return f"{group[0].artifact}{more}"


def _remote_name(remote: Remote) -> str:
    return f"{remote.path}:{remote.name}" if remote.name else remote.path


def default_declared(remotes: Sequence[Remote]) -> Iterator[Observation]:
    """One of a DVC project's remotes is the default, and it is declared."""
    projects: dict[str, list[Remote]] = {}
    for remote in remotes:
        if remote.system == "dvc":
            projects.setdefault(remote.path, []).append(remote)
    for path, declared in projects.items():
        chosen = next((r for r in declared if r.default), None)
        broken = next((r for r in declared if not r.name), None)
        if broken is not None:
            yield Observation(False, path, f"{path} {broken.why}", path, broken.line)
        elif chosen is None:
            names = ", ".join(remote.name for remote in declared)
            detail = f"core.remote names none of the remotes ({names}), so a plain dvc pull stops"
            yield Observation(False, path, detail, path, declared[0].line)
        elif chosen.declared:
            yield Observation(True, path, f"{chosen.name} is the default remote", path, chosen.line)
        else:
            yield Observation(False, path, chosen.why, path, chosen.line)


def versioned(stages: Sequence[Stage], pointers: Sequence[Pointer]) -> Iterator[Observation]:
    """Data is in git, behind a pointer of any system, made by a stage, or pinned at its source.

    What stages read is looked at one by one; what only a pointer speaks of has its version by that.
    """
    seen: dict[str, Observation] = {}
    for stage in stages:
        if stage.state == "unknown" and not stage.deps and stage.why:
            detail = f"what the stage {stage.name} reads is not known: {stage.why}"
            seen.setdefault(
                f"stage:{stage.address}", Observation(None, f"stage:{stage.address}", detail, stage.path, stage.line)
            )
        for dep in stage.deps if stage.state != "orphan" else ():
            if dep.path not in seen and places.kind_of(dep.path) != "unknown":
                ok, detail = _version(dep, stage)
                seen[dep.path] = Observation(ok, dep.path, detail, stage.path, dep.line)
    yield from seen.values()
    from lifelint.facts.data.datasets import is_dataset  # not in a hook, which does not ask this

    others = [p for p in pointers if p.digest and not p.stage and p.artifact not in seen and is_dataset(p)]
    for group in folded(others, lambda pointer: pointer.artifact, "pointer:"):
        first, count = group.items[0], len(group.items)
        more = f" and {count - 1} more" if count > 1 else ""
        detail = f"{first.artifact}{more}: the version is {first.digest} ({first.system})"
        yield Observation(True, f"pointer:{group.subject.removeprefix('pointer:')}", detail, first.path, first.line)


_HELD = {
    "git": "is a file in git",
    "folder": "is a folder in git",
    "stage": "is made by {by}",
    "pointer": "is behind the pointer {by}",
    "inside": "lies inside what {by} keeps",
}


def _version(dep: StageDep, stage: Stage) -> tuple[bool | None, str]:
    """Whether the repository says which version of a dependency was meant, and keeps it or names who does."""
    if dep.held in _HELD:
        return True, f"{dep.path} {_HELD[dep.held].format(by=dep.by)}"
    if dep.held == "absent":
        return False, f"{dep.path}, which the stage {stage.name} reads, is neither in git nor behind a pointer"
    if dep.held == "outside" and dep.digest:
        return True, f"{dep.path} is outside, and {stage.lock} records its {dep.hash_name} {dep.digest}"
    if dep.held == "outside" and dep.lock_line:
        return False, f"{dep.path} is outside, and {stage.lock} records no checksum of it"
    if dep.held == "outside":
        return None, f"{dep.path} is outside, and the stage {stage.name} has no record in dvc.lock yet"
    unseen = "is a symlink or a submodule, whose content git does not say"
    blind = "is not tracked, and what may make it cannot be read"
    return None, f"{dep.path} {blind if dep.held == 'unknown' else unseen}"


_HEX = r"[0-9a-f]{40}|[0-9a-f]{64}"


def imports_locked(pointers: Sequence[Pointer]) -> Iterator[Observation]:
    """Every import names the exact commit or checksum of its origin, and was not edited by hand."""
    for pointer in (p for p in pointers if p.system == "dvc" and p.imported_from):
        origin = f"{pointer.imported_from} of {pointer.url}" if pointer.url else pointer.imported_from
        ok: bool | None = True
        if pointer.checksum_holds is False:
            ok, detail = False, f"the file's md5 of itself does not fit its content any more ({origin})"
        elif pointer.url and not re.fullmatch(_HEX, pointer.rev_lock):
            ok, detail = False, f"{origin} has no rev_lock that is a commit id"
        elif pointer.url:
            detail = f"{origin} is locked at the commit {pointer.rev_lock}"
        elif pointer.origin_digest:
            detail = f"{origin} is locked at {pointer.origin_digest}"
        else:
            ok, detail = None, f"no checksum of {origin} is recorded where this version looks for it"
        yield Observation(ok, _name(pointer), detail, pointer.path, pointer.line)


_ROLE = r"(?i)(?<![a-z])(train|training|val|valid|validation|dev|test|testing|holdout)(?![a-z])"
_ROLES = {"training": "train", "val": "validation", "valid": "validation", "dev": "validation", "testing": "test"}
_EMPTY = r"d41d8cd98f00b204e9800998ecf8427e|e3b0c44298fc1c149afbf4c8996fb924"


def splits_apart(pointers: Sequence[Pointer], splits: Sequence[Split]) -> Iterator[Observation]:
    """Training, validation and test data of one dataset are not the same content, and random splits have a seed."""
    for (folder, _), roles in _splits(pointers).items():
        known = sorted(roles.items())
        for number, (role, pointer) in enumerate(known):
            for other, twin in known[number + 1 :]:
                same = pointer.digest == twin.digest
                verb = "is" if same else "is not"
                detail = f"{twin.artifact} ({other}) {verb} the same content as {pointer.artifact} ({role})"
                subject = f"{folder}/{role}-{other}" if folder else f"{role}-{other}"
                yield Observation(not same, f"{subject}:{twin.artifact}", detail, twin.path, twin.line)
    files: dict[str, list[Split]] = {}
    for split in splits:
        files.setdefault(split.path, []).append(split)
    for path, made in files.items():
        worst = next(split for ok in (False, None, True) for split in made if split.seeded is ok)
        yield Observation(worst.seeded, f"{path}:split", f"{worst.function}: {worst.why}", path, worst.line)


def _splits(pointers: Iterable[Pointer]) -> Mapping[tuple[str, str], Mapping[str, Pointer]]:
    """Files of one folder whose names differ in the role alone: ``train.csv`` beside ``test.csv``."""
    found: dict[tuple[str, str], dict[str, Pointer]] = {}
    for pointer in pointers:
        folder, _, name = pointer.artifact.rpartition("/")
        roles = re.findall(_ROLE, name)
        if pointer.strength == "integrity" and len(roles) == 1 and not re.search(_EMPTY, pointer.digest):
            role = roles[0].lower()
            found.setdefault((folder, re.sub(_ROLE, "*", name)), {})[_ROLES.get(role, role)] = pointer
    return {key: roles for key, roles in found.items() if len(roles) > 1}

"""What proves or refutes a field of a document that names commits, digests and versions. Pure; git is read through
the source's history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.snapshot import SUBMODULE, SYMLINK, Entry, Missing
from lifelint.snapshot.history import COMMIT_ID

SEARCHED = 500
"""Commits whose fingerprint is compared, newest first, before the search for a vanished one is given up."""


class Verdict(NamedTuple):
    """Whether what a field of a document says is so.

    ``holds`` is true when it was verified, false when it was refuted, ``None`` when it could not be judged; ``why``
    tells what was compared with what, or what keeps it unknown. ``path`` and ``line`` are those of the field.
    """

    field: str
    holds: bool | None
    why: str
    path: str = ""
    line: int = 0


def short(digest: str) -> str:
    """A digest as it is told: its algorithm and the first eight digits."""
    kind, colon, value = digest.partition(":")
    return f"{kind}{colon}{value[:8]}…" if len(value) > 8 else digest


def facts_at(source: Source, commit: str, below: str = "") -> Facts | None:
    """The facts of a commit, or of what of it lies ``below`` a folder, made once; ``None`` when it is not here."""
    then = source.at(commit, below)
    return None if then is None else then.once(Facts)


def fingerprint(entries: Mapping[str, Entry], paths: Sequence[str]) -> str:
    """A name of the content at and below ``paths`` (all for none) that survives a squash or rebase of its commit.

    It is ``sha256:`` and the SHA-256 of what ``git -c core.quotePath=false ls-tree -r --full-tree COMMIT -- PATHS``
    prints for paths without control characters, quotes and backslashes; others stand as they are.
    """
    digest = hashlib.sha256()
    wanted = tuple(path.strip("/") for path in paths)
    below = tuple(f"{path}/" for path in wanted)
    inside = (path for path in entries if not wanted or path in wanted or path.startswith(below))
    for name in sorted(path.encode("utf-8", "surrogateescape") for path in inside):
        mode, oid = entries[name.decode("utf-8", "surrogateescape")]
        kind = "commit" if mode == SUBMODULE else "blob"
        digest.update(b"%06o %s %s\t%s\n" % (mode, kind.encode(), oid.encode(), name))
    return f"sha256:{digest.hexdigest()}"


def located(
    source: Source, field: str, commit: str, printed: str, paths: Sequence[str], anchor: str
) -> tuple[Verdict, str]:
    """Whether ``commit`` belongs to the history of the commit ``anchor``, and the commit that stands for it.

    Where it does not (a squash or rebase left it behind), a commit of that history with the fingerprint ``printed`` of
    ``paths`` stands for it. The second value is ``""`` when none does. The verdict has no place; the caller knows it.
    """
    history = source.snapshot.history
    short = commit[:12]
    if not COMMIT_ID.fullmatch(commit):
        return Verdict(field, False, f"{commit!r} is not a full commit id"), ""
    if history.is_ancestor(commit, anchor):
        return Verdict(field, True, f"{short} is in the history of {anchor[:12]}"), commit
    stand_in = _with_fingerprint(source, printed, paths, anchor) if printed else ""
    if stand_in:
        where = ", ".join(paths) or "all paths"
        why = f"{short} is not in the history, but {stand_in[:12]} has the same content at {where}"
        return Verdict(field, True, why), stand_in
    if not anchor or history.incomplete:
        return Verdict(field, None, f"{short} is not found here: {history.incomplete or 'there is no commit yet'}"), ""
    there = "exists, but not in" if history.commit(commit) else "is not in this repository, nor in"
    lost = "no commit has its fingerprint" if printed else "it has no fingerprint by which a squashed commit is found"
    return Verdict(field, False, f"{short} {there} the history of {anchor[:12]}, and {lost}"), ""


def _with_fingerprint(source: Source, printed: str, paths: Sequence[str], anchor: str) -> str:
    touching = source.snapshot.history.touching(paths, anchor) if paths else None
    for commit in (touching or [anchor])[:SEARCHED]:
        snapshot = source.snapshot.history.at(commit)
        if snapshot is not None and fingerprint(snapshot.entries, paths) == printed:
            return commit
    return ""


def digests(facts: Facts, place: str) -> tuple[str, ...] | None:
    """The digests that ``place`` has, each with its algorithm before a colon; ``()`` when there is no such place.

    A place is the path of a pointer file (``data/train.dvc``), of an artifact behind a pointer, of a tracked file
    (which has its SHA-256, its MD5 and git's id), or ``LOCK#STAGE:ARTIFACT`` for what a stage made or consumed by the
    record of a ``dvc.lock``.
    ``None`` when what is there cannot be read.
    """
    lock, hash_, address = place.partition("#")
    if hash_:
        stage, _, artifact = address.partition(":")
        return _known(facts, dict.fromkeys(_of_stage(facts, lock, stage, artifact)))
    pointers = facts["pointers"].items
    pointed = [p.digest for p in pointers if p.digest and (place == p.artifact or (place == p.path and not p.stage))]
    if pointed:
        return tuple(dict.fromkeys(pointed))
    entry = facts.source.entries.get(place)
    if entry is None:
        return _known(facts, {})
    if entry.mode in (SYMLINK, SUBMODULE):
        return None
    return of_content(facts.source, place)


def path_of(place: str) -> str:
    """The path that a place is about; the artifact of ``LOCK#STAGE:ARTIFACT`` is relative to its lock."""
    lock, hash_, address = place.partition("#")
    return f"{lock.rpartition('/')[0]}/{address.partition(':')[2]}".strip("/") if hash_ else place


def of_content(source: Source, path: str) -> tuple[str, ...] | None:
    """The digests of a tracked file's own bytes; ``None`` when they cannot be read."""
    [(_, data)] = source.snapshot.read([path])
    if isinstance(data, Missing):
        return None
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return f"sha256:{hashlib.sha256(data).hexdigest()}", f"md5:{md5}", f"git:{source.snapshot.oid(path)}"


def _of_stage(facts: Facts, lock: str, stage: str, artifact: str) -> Iterator[str]:
    within = f"{lock.rpartition('/')[0]}/{artifact}".lstrip("/")  # dvc.lock speaks of paths relative to itself
    for recorded in facts["stages"].items:
        if recorded.lock == lock and recorded.name == stage:
            for part in (*recorded.outs, *recorded.deps):
                if part.digest and part.path in (artifact, within):
                    yield f"{part.hash_name}:{part.digest}"


def _known(facts: Facts, found: Mapping[str, object]) -> tuple[str, ...] | None:
    """What was found; ``None`` where nothing was and a file that could hold it cannot be read."""
    if not found and (facts["pointers"].unread or facts["stages"].unread):
        return None
    return tuple(found)

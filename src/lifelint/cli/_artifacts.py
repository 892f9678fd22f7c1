"""Artifacts on the disk: whether they are what their pointers say. Only regular files are read; no link is followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from lifelint.facts import Source
from lifelint.facts.dvc.hashing import CHUNK, chunks_digest, tree_digest
from lifelint.facts.dvc.ignore import Ignore
from lifelint.facts.dvc.project import Projects
from lifelint.facts.proof import short
from lifelint.release.held import Held
from lifelint.snapshot import Snapshot

_KINDS = ("md5", "md5-dos2unix", "sha256")


def differing(source: Source, artifacts: Sequence[Held]) -> Iterator[str]:
    """For each artifact that lies on the disk and is not, or cannot be shown to be, what git says: a sentence so."""
    projects = Projects(source)
    for each in artifacts:
        kind, _, value = each.digest.partition(":")
        if kind not in _KINDS:
            continue
        path = f"{source.snapshot.subject.path}/{each.artifact}"
        try:
            if value.endswith(".dir"):
                now = _folder(source.snapshot, each.artifact, kind, projects.ignore_of(each.artifact))
            else:
                now = _file(source.snapshot, each, path, kind) if _is(stat.S_ISREG, path) else ""
        except OSError as error:
            yield f"{each.artifact} cannot be read ({error.strerror})"
            continue
        if now and now != value:
            yield f"{each.artifact} is {short(f'{kind}:{now}')}, and {each.place} says {short(each.digest)}"


def _file(snapshot: Snapshot, each: Held, path: str, kind: str) -> str:
    """The digest of a file; empty where it is the pointer itself, so that the artifact is not here."""
    return "" if _is_pointer(snapshot, each, path) else _digest(path, kind)


def _folder(snapshot: Snapshot, folder: str, kind: str, ignore: Ignore) -> str:
    """The digest of a folder as DVC hashes it.

    Empty where nothing in it is untracked, so that it was not fetched, and where it holds a link or the like.
    """
    root, files = snapshot.subject.path, dict[str, str]()
    if not _is(stat.S_ISDIR, f"{root}/{folder}"):
        return ""
    for above, names, held in os.walk(f"{root}/{folder}", onerror=_raised):
        here = above[len(root) + 1 :]
        names[:] = [name for name in names if not ignore.ignores(f"{here}/{name}", folder=True)]
        if not all(_is(stat.S_ISDIR, f"{above}/{name}") for name in names):
            return ""
        for name in held:
            if not ignore.ignores(f"{here}/{name}"):
                files[f"{here}/{name}"[len(folder) + 1 :]] = f"{above}/{name}"
    fetched = any(f"{folder}/{name}" not in snapshot.entries for name in files)
    if not fetched or not all(_is(stat.S_ISREG, path) for path in files.values()):
        return ""
    return tree_digest((name, _digest(path, kind)) for name, path in files.items())


def _raised(error: OSError) -> None:
    raise error


def _is_pointer(snapshot: Snapshot, each: Held, path: str) -> bool:
    """Whether what lies there is the pointer itself, as git holds it: the artifact was not fetched (LFS, annex)."""
    if each.artifact not in snapshot.entries:
        return False
    [(_, held)] = snapshot.read([each.artifact])
    with open(path, "rb") as opened:  # noqa: PTH123  (paths of git are text)
        return opened.read(len(held) + 1) == held


def _is(of_kind: Callable[[int], bool], path: str) -> bool:
    """Whether a file of a kind lies at ``path`` itself, not behind a link there."""
    try:
        return of_kind(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _digest(path: str, kind: str) -> str:
    with open(path, "rb") as opened:  # noqa: PTH123  (paths of git are text)
        if kind == "sha256":
            return hashlib.file_digest(opened, "sha256").hexdigest()
        return chunks_digest(iter(partial(opened.read, CHUNK), b""), kind)

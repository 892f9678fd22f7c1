"""Artifacts on the disk: whether they are what their pointers say. Only regular files are read; no link is followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence

from lifelint.facts.proof import short
from lifelint.release.held import Held
from lifelint.snapshot import Snapshot

_KINDS = ("md5", "sha256")


def differing(snapshot: Snapshot, artifacts: Sequence[Held]) -> Iterator[str]:
    """For each artifact that lies on the disk and is not, or cannot be shown to be, what git says: a sentence so."""
    for each in artifacts:
        kind, _, value = each.digest.partition(":")
        path = f"{snapshot.subject.path}/{each.artifact}"
        if kind not in _KINDS or value.endswith(".dir") or not _regular(path):
            continue
        try:
            now = each.digest if _is_pointer(snapshot, each, path) else f"{kind}:{_digest(path, kind)}"
        except OSError as error:
            yield f"{each.artifact} cannot be read ({error.strerror})"
            continue
        if now != each.digest:
            yield f"{each.artifact} is {short(now)}, and {each.place} says {short(each.digest)}"


def _is_pointer(snapshot: Snapshot, each: Held, path: str) -> bool:
    """Whether what lies there is the pointer itself, as git holds it: the artifact was not fetched (LFS, annex)."""
    if each.artifact not in snapshot.entries:
        return False
    [(_, held)] = snapshot.read([each.artifact])
    with open(path, "rb") as opened:  # noqa: PTH123  (paths of git are text)
        return opened.read(len(held) + 1) == held


def _regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _digest(path: str, kind: str) -> str:
    with open(path, "rb") as opened:  # noqa: PTH123  (paths of git are text)
        return hashlib.file_digest(opened, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()

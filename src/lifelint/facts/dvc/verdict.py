"""Who makes a path, and whether something is still what was recorded: the small values that comparisons pass around."""

from __future__ import annotations

from typing import NamedTuple

from lifelint.facts.dvc.pointerfile import Dep, Out


class Producer(NamedTuple):
    """Who makes a path. ``kind`` is ``stage`` or ``pointer``, ``by`` the stage's address or the ``.dvc`` file."""

    kind: str
    by: str
    hash_name: str
    digest: str
    cache: bool
    nfiles: int | None = None


class Verdict(NamedTuple):
    """Whether a path holds what was recorded (none: cannot be known), its digest now, and why."""

    same: bool | None
    now: str = ""
    why: str = ""


def agree(consumed: Dep | Out, held: Producer) -> bool | None:
    """Whether two recorded digests name the same content; none when they are of different kinds and differ."""
    if not consumed.digest or not held.digest:
        return None
    if consumed.digest == held.digest:
        return True
    return False if consumed.hash_name == held.hash_name else None


def short(digest: str) -> str:
    """A digest as people quote it."""
    return f"{digest[:6]}…{'.dir' if digest.endswith('.dir') else ''}" if digest else "nothing"

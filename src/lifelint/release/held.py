"""What git holds of an artifact: the place that stands for it, and the digest that it has there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts import Facts
from lifelint.facts.proof import digests

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Stage, StageDep


class Held(NamedTuple):
    """An artifact: its path, the place in git that stands for it, and its digest there."""

    artifact: str
    place: str
    digest: str


def held(facts: Facts, word: str) -> Held | None:
    """What ``word`` means: a pointer file, an artifact, a tracked file or ``LOCK#STAGE:ARTIFACT``.

    ``None`` where that is nothing, or several things, or something without a digest.
    """
    word = word.removeprefix("./").rstrip("/")
    pointed = [p for p in facts["pointers"].items if word in (p.artifact, "" if p.stage else p.path) and p.digest]
    if pointed:
        places = {placed(facts, pointer): pointer for pointer in pointed}
        if len(places) > 1:
            return None
        [(place, pointer)] = places.items()
        return Held(pointer.artifact, place, pointer.digest)
    found = digests(facts, word)
    return Held(word.rpartition("#")[2].rpartition(":")[2], word, found[0]) if found else None


def placed(facts: Facts, pointer: Pointer) -> str:
    """The place of a pointer as a document names it: ``LOCK#STAGE:ARTIFACT``, the pointer file, or the artifact."""
    if pointer.stage:
        return address(pointer.path, pointer.stage, pointer.artifact)
    alone = sum(other.path == pointer.path for other in facts["pointers"].items) == 1
    return pointer.path if alone else pointer.artifact


def address(lock: str, stage: str, artifact: str) -> str:
    """The place of what a ``dvc.lock`` records of a stage; ``stage`` is its name or its address."""
    return f"{lock}#{stage.rpartition(':')[2]}:{artifact}"


def consumed(facts: Facts, stage: Stage, dep: StageDep) -> Held:
    """What a stage consumed: at the place of what made it where that still holds it, else as the lock recorded it."""
    version = f"{dep.hash_name}:{dep.digest}"
    now = held(facts, dep.path)
    if now is not None and now.digest == version:
        return now
    return Held(dep.path, address(stage.lock, stage.name, dep.path), version)

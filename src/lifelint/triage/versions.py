"""Which versions of data, models, environments and evaluations a repository holds: by them a change is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifelint.checks.steps import EVALUATE, TRAIN, does
from lifelint.facts import Facts

Versions = Mapping[tuple[str, str], str]
"""(kind, name) → version. Kinds: ``data``, ``model``, ``artifact`` (either), ``evaluation``, ``environment``."""


def versions(facts: Facts) -> Versions:
    """What stages that evaluate made, every other artifact behind a pointer, and every lock, with its digest."""
    evaluations = dict(_evaluations(facts))
    found = {("evaluation", name): version for name, version in evaluations.items()}
    for pointer in facts["pointers"].items:
        if pointer.digest and pointer.artifact not in evaluations:
            found["artifact" if pointer.kind == "unknown" else pointer.kind, pointer.artifact] = pointer.digest
    for lock in facts["locks"].items:
        found["environment", lock.path] = f"git:{facts.source.snapshot.oid(lock.path)}"
    return found


def _evaluations(facts: Facts) -> Iterator[tuple[str, str]]:
    """The outputs of DVC's stages that evaluate, by name or because they have metrics; training has its own curves."""
    steps = [step for step in facts["steps"].items if not does(step, TRAIN)]
    judging = {(step.path, step.name) for step in steps if step.scores or does(step, EVALUATE)}
    for stage in facts["stages"].items:
        for out in stage.outs:
            digest = out.now or out.digest
            if digest and (stage.path, stage.name) in judging:
                yield out.path, f"{out.hash_name or 'md5'}:{digest}"

"""Which versions of data, models, environments and evaluations a repository holds: by them a change is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lifelint.checks.steps import does
from lifelint.facts import Facts
from lifelint.facts._stepwords import EVALUATE, TRAIN


class Version(NamedTuple):
    """What a thing is by: a digest with its algorithm before a colon, or a tag.

    ``size`` is in bytes, ``number`` that of files, or of packages in an environment; ``None`` where not recorded.
    """

    text: str
    size: int | None = None
    number: int | None = None


Versions = Mapping[tuple[str, str], Version]
"""(kind, name) → version: ``data``, ``model``, ``artifact`` (either), ``evaluation``, ``environment`` or ``image``."""


def versions(facts: Facts) -> Versions:
    """What evaluations made, every other artifact behind a pointer, every lock and every image, with its version."""
    evaluations = dict(_evaluations(facts))
    found = {("evaluation", name): version for name, version in evaluations.items()}
    for pointer in facts.get("pointers").items:
        if pointer.digest and pointer.artifact not in evaluations:
            kind = "artifact" if pointer.kind == "unknown" else pointer.kind
            found[kind, pointer.artifact] = Version(pointer.digest, pointer.size, pointer.nfiles)
    for lock in facts.get("locks").items:
        oid = facts.source.snapshot.oid(lock.path)
        found["environment", lock.path] = Version(f"git:{oid}", None, lock.packages or None)
    for image in (*facts.get("images").items, *facts.get("run_images").items):
        if image.reference and image.role == "runtime":
            found.setdefault(("image", f"{image.path}:{image.name}"), Version(image.digest or image.tag or "latest"))
    return found


def _evaluations(facts: Facts) -> Iterator[tuple[str, Version]]:
    """Reports that name what they judged, and the outputs of DVC's stages that evaluate.

    A stage does by its name, or because it has metrics; training has curves of its own.
    """
    for report in facts.get("evaluations").items:
        if report.bound in ("report", "sidecar") and not report.doubt:
            yield report.path, Version(f"git:{facts.source.snapshot.oid(report.path)}")
    steps = [step for step in facts.get("steps").items if not does(step, TRAIN)]
    judging = {(step.path, step.name) for step in steps if step.scores or does(step, EVALUATE)}
    for stage in facts.get("stages").items:
        for out in stage.outs:
            digest = out.now or out.digest
            if digest and (stage.path, stage.name) in judging:
                yield out.path, Version(f"{out.hash_name or 'md5'}:{digest}", None, out.nfiles)

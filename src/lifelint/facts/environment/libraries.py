"""The libraries of environments that train and that serve, with the version each gets there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.environment.locked import versions
from lifelint.facts.environment.nouns import Lock, Manifest, Requirement

_SERVING = lazy(r"(?:^|[-_./])(?:serve|serving|inference|predictor)(?=[-_./]|$)", re.IGNORECASE)
_NAMES = {
    "pytorch": "torch", "tensorflow-gpu": "tensorflow", "tensorflow-cpu": "tensorflow", "py-xgboost": "xgboost",
    "sklearn": "scikit-learn", "opencv-python-headless": "opencv-python",
}  # fmt: skip
"""Other names under which conda, or a variant of a package, has the same library."""


class Library(NamedTuple):
    """One library that an environment asks for directly.

    ``side`` is ``serving`` for what BentoML, Cog and MLflow record or package and for manifests that are named so, else
    ``training``. ``versions`` are those it can get there: one, several where a lock holds one for each kind of
    machine, none where that is open; ``why`` says what decided it. ``manifest`` is the environment it belongs to.
    """

    path: str
    line: int
    name: str
    side: str
    manifest: str
    versions: tuple[str, ...]
    why: str


def libraries(source: Source, manifests: Sequence[Manifest], locks: Sequence[Lock]) -> Iterator[Library]:
    """The libraries of every environment, where one of them serves a model; else none."""
    sides = {manifest.path: _side(manifest) for manifest in manifests}
    if "serving" not in sides.values():
        return
    covering = {path: lock for lock in locks for path in lock.covers}
    for manifest in manifests:
        side = sides[manifest.path]
        if side:
            lock = covering.get(manifest.path)
            held = versions(source, lock) if lock else {}
            seen: set[str] = set()
            for requirement in manifest.dependencies:
                name = _NAMES.get(requirement.name, requirement.name)
                if name not in seen and requirement.role in ("runtime", "model"):
                    seen.add(name)
                    got, why = _got(requirement, tuple(sorted(held.get(requirement.name, ()))), lock)
                    yield Library(requirement.path, requirement.line, name, side, manifest.path, got, why)


def _side(manifest: Manifest) -> str:
    if manifest.role == "model" or manifest.tool in ("cog", "bentoml"):
        return "serving"
    if manifest.role != "runtime" or manifest.library or manifest.dynamic:
        return ""
    return "serving" if _SERVING.search("/".join(manifest.path.rsplit(".", 1)[0].split("/")[-2:])) else "training"


def _got(requirement: Requirement, held: tuple[str, ...], lock: Lock | None) -> tuple[tuple[str, ...], str]:
    if held and lock:
        return held, f"locked in {lock.path}"
    if requirement.exact and not requirement.url:
        pinned = re.search(r"={1,3}\s*([^=,\s*]+)", requirement.specifier)
        if pinned:
            return (pinned[1],), requirement.why
    return (), requirement.why

"""What a model was made from, by the stages that made it: data, and the paths that have a part in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts import Facts
from lifelint.facts.data import places
from lifelint.facts.evaluation.locked import is_data
from lifelint.release.held import Held, consumed, held

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage, StageDep


def trainers(stages: Sequence[Stage], models: Sequence[Held]) -> Sequence[Stage]:
    """The stages that made the models, by the digests that the lock recorded."""
    wanted = {model.digest for model in models}
    return [s for s in stages if any(out.digest and f"{out.hash_name}:{out.digest}" in wanted for out in s.outs)]


def upstream(stages: Sequence[Stage], last: Sequence[Stage]) -> Sequence[Stage]:
    """``last`` and every stage whose output they depend on, nearest first."""
    by_address = {stage.address: stage for stage in stages}
    found = {stage.address: stage for stage in last}
    waiting = list(found.values())
    while waiting:
        for dep in waiting.pop(0).deps:
            before = by_address.get(dep.by)
            if before is not None and before.address not in found:
                found[before.address] = before
                waiting.append(before)
    return list(found.values())


def trained_on(facts: Facts, makers: Sequence[Stage]) -> Sequence[Held]:
    """The data that the stages read, each version once."""
    found: dict[str, Held] = {}
    for stage in makers:
        for dep in stage.deps:
            if dep.digest and _is_dataset(dep):
                each = consumed(facts, stage, dep)
                found.setdefault(each.digest, each)
    return list(found.values())


def _is_dataset(dep: StageDep) -> bool:
    kind = places.kind_of(dep.path)
    if dep.held == "git":  # settings are data by their format too
        return kind == "data" and places.in_data_folder(dep.path)
    return kind == "data" or (kind != "model" and dep.held != "folder" and is_data(dep))


def sources(facts: Facts, stages: Sequence[Stage]) -> Iterator[Held]:
    """What came in from outside: what the stages read that a pointer of its own stands for."""
    for path in dict.fromkeys(dep.path for stage in stages for dep in stage.deps if dep.held == "pointer"):
        found = held(facts, path)
        if found is not None:
            yield found


def affecting(stages: Sequence[Stage]) -> Iterator[str]:
    """The paths that have a part in what ``stages`` make: definition, lock, code, parameters, pointers."""
    for stage in stages:
        yield from (stage.path, stage.lock, *(param.path for param in stage.params), *(use.path for use in stage.uses))
        yield from (dep.path for dep in stage.deps if dep.held in ("git", "folder"))
        yield from (dep.by for dep in stage.deps if dep.held == "pointer")


def code(facts: Facts) -> Sequence[str]:
    """Where no pipeline says what has a part in a model: the topmost files and folders with code of one's own."""
    found = {
        path.partition("/")[0]
        for path in facts.source.suffixed(".py", ".ipynb", ".R", ".jl")
        if not places.is_fixture(path) and not places.is_documentation(path)
    }
    return sorted(found)

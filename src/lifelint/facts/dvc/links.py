"""Edges: what stages consumed, held against what pointers and other stages hold, across all pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from lifelint.facts.dvc.hashing import tree_digest
from lifelint.facts.dvc.pointerfile import Dep
from lifelint.facts.dvc.stage import Edge, Stage, StageDep
from lifelint.facts.dvc.verdict import Producer, agree, short
from lifelint.facts.dvc.workspace import ancestors

_MOST_TRIES = 256


def link(stages: Sequence[Stage], pointed: Mapping[str, Producer]) -> Iterator[Edge]:
    """The edge of every recorded dependency whose holder is known. ``pointed`` are the outputs of ``.dvc`` files."""
    held = dict(pointed)
    for stage in stages:
        for out in stage.outs:
            held[out.path] = Producer("stage", stage.address, out.hash_name, out.digest, out.cache, out.nfiles)
    inside: dict[str, list[tuple[Edge, StageDep]]] = {}
    for stage in stages:
        changes = {change.name: change for change in stage.changes if change.kind == "dep"}
        for dep in stage.deps:
            if not dep.digest:
                continue
            place = next((path for path in (dep.path, *ancestors(dep.path)) if path in held), None)
            if place == dep.path:
                yield _made(stage, dep, held[place])
            elif place is not None:
                why = f"it lies inside {place}, and the list of files there is kept with the data"
                inside.setdefault(place, []).append((_edge(stage, dep, held[place], None, why), dep))
            elif dep.held in ("git", "folder"):
                change = changes.get(dep.path)
                agrees = True if change is None else False if change.certain else None
                tracked = Producer("git", dep.path, dep.hash_name, dep.now, True)
                yield _edge(stage, dep, tracked, agrees, change.why if change else "")
    for place, edges in inside.items():
        yield from _inside(place, held[place], edges)


def _made(stage: Stage, dep: StageDep, producer: Producer) -> Edge:
    agrees = agree(Dep(dep.path, dep.hash_name, dep.digest), producer)
    why = ""
    if not producer.digest:
        why = f"{producer.by} records no digest of it"
    elif agrees is None:
        why = f"{producer.by} holds a digest of another kind ({dep.hash_name} against {producer.hash_name})"
    elif not agrees:
        why = f"{producer.by} holds {short(producer.digest)}"
        if stage.frozen:
            return _edge(stage, dep, producer, None, f"{why}; the stage is frozen, so DVC leaves it as it is")
    return _edge(stage, dep, producer, agrees, why)


def _edge(stage: Stage, dep: StageDep, producer: Producer, agrees: bool | None, why: str) -> Edge:
    return Edge(
        stage.lock,
        dep.lock_line,
        stage.address,
        producer.by,
        producer.kind,
        dep.path,
        dep.digest,
        producer.digest,
        agrees,
        why,
    )


def _inside(place: str, producer: Producer, edges: Sequence[tuple[Edge, StageDep]]) -> Iterator[Edge]:
    """Edges to files of one folder. If all its files were consumed somewhere, their digests make up the folder's."""
    members: dict[str, dict[str, None]] = {}
    for _, dep in edges:
        members.setdefault(dep.path[len(place) + 1 :], {})[dep.digest] = None
    comparable = all(dep.hash_name == producer.hash_name and not dep.digest.endswith(".dir") for _, dep in edges)
    if len(members) != producer.nfiles or not comparable:
        yield from (edge for edge, _ in edges)
        return
    tries = islice(product(*members.values()), _MOST_TRIES)
    choices = (dict(zip(members, chosen, strict=True)) for chosen in tries)
    proven = next((files for files in choices if tree_digest(files.items()) == producer.digest), None)
    for edge, dep in edges:
        if proven is not None:
            now = proven[dep.path[len(place) + 1 :]]
            why = "" if now == dep.digest else f"{producer.by} holds {short(now)}"
            yield edge._replace(held=now, agrees=now == dep.digest, why=why)
            continue
        consumed = {other.artifact for other, _ in edges if other.consumer == edge.consumer}
        if len(consumed) == len(members):
            why = f"what was consumed of {place} is not what {producer.by} holds as {short(producer.digest)}"
            yield edge._replace(agrees=False, why=why)
        else:
            yield edge._replace(why=f"not all that was consumed of {place} is what {producer.by} holds")

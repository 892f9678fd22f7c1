"""Stages of DVC pipelines and the edges between them: what was run with what, and whether that is still so.

Nothing is run and no data is needed: git's blobs, ``dvc.lock`` and ``.dvc`` files hold the evidence. The rules of
comparison are those of ``dvc status`` (dvc 3.67: ``stage/``, ``output.py``, ``dependency/param.py``, ``parsing/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import join, normpath

from lifelint.facts._source import Source
from lifelint.facts.dvc.links import link
from lifelint.facts.dvc.pointerfile import PointerFile
from lifelint.facts.dvc.project import Projects, old_stage
from lifelint.facts.dvc.stage import Change, Edge, Stage, StageDep, StageOut, StageParam, Use
from lifelint.facts.dvc.status import Planned, judge
from lifelint.facts.dvc.uses import Uses
from lifelint.facts.dvc.verdict import Producer
from lifelint.facts.dvc.workspace import Workspace

__all__ = ["Change", "Edge", "Stage", "StageDep", "StageOut", "StageParam", "Use", "edges", "stages"]


def stages(source: Source) -> Iterator[Stage]:
    """Every stage of every pipeline, compared with its record."""
    projects = Projects(source)
    pointers = dict(projects.pointers())
    plans: list[Planned | Stage] = list(projects.defined())
    plans += [old_stage(path, pointer, projects.ignore_of(path)) for path, pointer in pointers.items() if pointer.cmd]
    planned = [plan for plan in plans if isinstance(plan, Planned)]
    workspace = Workspace(source, {**_pointed(pointers), **_planned(planned)}, projects.complete)
    workspace.contents.prime(plan.place(path) for plan in planned for path, _ in plan.draft.deps)
    uses = Uses(source)
    for plan in plans:
        if isinstance(plan, Planned):
            stage = judge(plan, workspace, source)
            yield replace(stage, uses=uses.of(stage))
        else:
            yield plan


def _pointed(pointers: Mapping[str, PointerFile]) -> dict[str, Producer]:
    return {
        normpath(join(path.rpartition("/")[0], pointer.wdir, out.path)): Producer(
            "pointer", path, out.hash_name, out.digest, out.cache, out.nfiles
        )
        for path, pointer in pointers.items()
        if not pointer.cmd
        for out in pointer.outs
    }


def _planned(plans: Sequence[Planned]) -> dict[str, Producer]:
    found = {}
    for plan in plans:
        recorded = plan.recorded_outs()
        for out in plan.draft.outs:
            path = plan.place(out.path)
            held = recorded.get(path)
            name, digest, nfiles = (held.hash_name, held.digest, held.nfiles) if held else ("", "", None)
            found[path] = Producer("stage", plan.address, name, digest, out.cache, nfiles)
    return found


def edges(source: Source, stages: Sequence[Stage]) -> Iterator[Edge]:
    """Every recorded dependency of a stage whose holder is known, across all pipelines of the repository."""
    if stages:
        yield from link(stages, _pointed(dict(Projects(source).pointers())))

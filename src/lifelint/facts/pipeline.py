"""Stages of DVC pipelines and the edges between them: what was run with what, and whether that is still so.

Nothing is run and no data is needed: git's blobs, ``dvc.lock`` and ``.dvc`` files hold the evidence. The rules of
comparison are those of ``dvc status`` (dvc 3.67: ``stage/``, ``output.py``, ``dependency/param.py``, ``parsing/``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.facts._source import Source, Unreadable
from lifelint.facts.dvc.pointerfile import PointerFile, parse_pointer_file

# What follows a pipeline is imported where there is one: for a few pointers it would take longer than all the rest.
if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Edge, Stage, Unfilled
    from lifelint.facts.dvc.status import Planned
    from lifelint.facts.dvc.verdict import Producer


def stages(source: Source) -> Iterator[Stage]:
    """Every stage of every pipeline, compared with its record."""
    if _may_hold(source):
        yield from _followed(source)


def unfilled_stages(source: Source) -> Iterator[Unfilled]:
    """Every stage that a scaffold began and nobody has finished. None of them is among the stages."""
    if source.named("dvc.yaml"):
        from lifelint.facts.dvc.project import unfilled

        yield from unfilled(source)


def _may_hold(source: Source) -> bool:
    """Whether there is a pipeline, or a ``.dvc`` file that is more than a pointer."""
    if source.named("dvc.yaml", "Dvcfile"):
        return True
    paths = source.suffixed(".dvc")
    source.prefetch(paths)
    return any(source.parse(path, is_more) is not False for path in paths)


def is_more(data: bytes) -> bool:
    """Whether a ``.dvc`` file is a stage, or cannot be read."""
    try:
        return bool(parse_pointer_file(data).cmd)
    except Unreadable:
        return True


def _followed(source: Source) -> Iterator[Stage]:
    from lifelint.facts.dvc.project import old_stage, pointing
    from lifelint.facts.dvc.status import Planned, judge
    from lifelint.facts.dvc.uses import Uses
    from lifelint.facts.dvc.workspace import Workspace

    projects, pointers = source.once(pointing)
    plans: list[Planned | Stage] = list(projects.defined())
    plans += [old_stage(path, pointer, projects.ignore_of(path)) for path, pointer in pointers.items() if pointer.cmd]
    planned = [plan for plan in plans if isinstance(plan, Planned)]
    workspace = Workspace(source, {**_pointed(pointers), **_planned(planned)}, projects.complete)
    workspace.contents.prime(plan.place(path) for plan in planned for path, _ in plan.draft.deps)
    uses = Uses(source)
    for plan in plans:
        if isinstance(plan, Planned):
            stage = judge(plan, workspace, source)
            yield stage._replace(uses=uses.of(stage))
        else:
            yield plan


def _pointed(pointers: Mapping[str, PointerFile]) -> dict[str, Producer]:
    from lifelint.facts.dvc.pathnames import placed
    from lifelint.facts.dvc.verdict import Producer

    return {
        placed(folder, out.path): Producer("pointer", path, out.hash_name, out.digest, out.cache, out.nfiles)
        for path, pointer in pointers.items()
        if not pointer.cmd
        for folder in (placed(path.rpartition("/")[0], pointer.wdir),)
        for out in pointer.outs
        if "://" not in out.path
    }


def _planned(plans: Sequence[Planned]) -> dict[str, Producer]:
    from lifelint.facts.dvc.verdict import Producer

    found = {}
    for plan in plans:
        recorded = plan.recorded_outs
        for out in plan.draft.outs:
            path = plan.place(out.path)
            held = recorded.get(path)
            name, digest, nfiles = (held.hash_name, held.digest, held.nfiles) if held else ("", "", None)
            found[path] = Producer("stage", plan.address, name, digest, out.cache, nfiles)
    return found


def edges(source: Source, stages: Sequence[Stage]) -> Iterator[Edge]:
    """Every recorded dependency of a stage whose holder is known, across all pipelines of the repository."""
    if stages:
        from lifelint.facts.dvc.links import link
        from lifelint.facts.dvc.project import pointing

        yield from link(stages, _pointed(source.once(pointing)[1]))
    from lifelint.facts.data.described import described

    yield from described(source)

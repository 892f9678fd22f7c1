"""Declared steps of work, of whatever tool: who trains, who evaluates, and what depends on what.

A step of a tool is worth no more than one of another, and a Makefile is as good as an orchestrator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.facts._source import Source
from lifelint.facts.code import MAKEFILES, candidates
from lifelint.facts.data import places
from lifelint.facts.steps.noun import Step

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.steps.python import Called, Declared
    from lifelint.facts.steps.texts import Found

__all__ = ["Step", "steps"]


def steps(source: Source, stages: Sequence[Stage]) -> Iterator[Step]:
    """Every declared step, DVC's first, then in the order of paths."""
    for stage in stages:
        if stage.state != "orphan" and not places.is_fixture(stage.path):
            runs = tuple(use.path for use in stage.uses if not use.by)
            reads = tuple(dep.path for dep in stage.deps)
            makes = tuple(out.path for out in stage.outs)
            scores = any(out.kind == "metric" for out in stage.outs)
            yield Step(stage.path, stage.line, "dvc", stage.path, stage.name, runs, reads, makes, scores=scores)
    modules: dict[str, Declared] = {}
    for path, data in source.once(candidates).items():
        if path.endswith((".ipynb", ".toml", ".json", "dvc.yaml")) or places.is_fixture(path):
            continue
        if path.endswith(".py"):
            _keep(modules, source, path, data)
        else:
            yield from _of_file(source, path, data)
    if modules:
        from lifelint.facts.steps.catalogs import placed

        yield from placed(source, _of_modules(modules))


def _of_file(source: Source, path: str, data: bytes) -> Iterator[Step]:
    from lifelint.facts.steps import documents

    name = path[path.rfind("/") + 1 :]
    if path.endswith((".yaml", ".yml")):
        made = source.parse(path, documents.pipelines, data) if documents.possible(data) else ()
    elif name == "MLproject":
        made = source.parse(path, documents.mlproject, data)
    else:
        tool, read = _reader(name)
        yield from (Step(path, f.line, tool, path, *f[1:]) for f in source.parse(path, read, data) or ())
        return
    for tool, pipeline, found in made or ():
        ordered = tool != "mlflow"
        yield from (Step(path, one.line, tool, pipeline or path, *one[1:], ordered=ordered) for one in found)


def _reader(name: str) -> tuple[str, Callable[[bytes], Sequence[Found]]]:
    from lifelint.facts.steps import texts

    if name in MAKEFILES:
        return "make", texts.make
    if name.endswith(".nf"):
        return "nextflow", texts.nextflow
    return ("shell", texts.shell) if name.endswith(".sh") else ("snakemake", texts.snakemake)


def _keep(modules: dict[str, Declared], source: Source, path: str, data: bytes) -> None:
    from lifelint.facts.steps import python

    declared = source.parse(path, python.parse, data) if python.possible(data) else None
    if declared is not None:
        modules[path] = declared


def _of_modules(modules: Mapping[str, Declared]) -> Iterator[Step]:
    """Steps of Python pipelines. A call in a pipeline's body is a step if some file declares it as one."""
    known = {name: tool for declared in modules.values() for name, (tool, _) in declared.functions.items()}
    called: set[str] = set()
    for path, declared in modules.items():
        for body in declared.bodies:
            members = [c for c in body.called if body.certain or known.get(c.function, known.get(c.name)) == body.tool]
            called |= {name for c in members for name in (c.function, c.name)}
            for c in members:
                after = c.after if body.name == "assets" else _members(c, body.called, {c.name for c in members})
                yield Step(path, c.line, body.tool, body.name or path, c.name, (c.function,), c.reads, c.makes, after)
    for path, declared in modules.items():
        for name, (tool, line) in declared.functions.items():
            if name not in called:
                yield Step(path, line, tool, path, name, (name,), ordered=False)


def _members(one: Called, called: Sequence[Called], members: set[str]) -> tuple[str, ...]:
    """The steps that ``one`` depends on, directly or through calls that are no steps."""
    by_name = {c.name: c for c in called}
    waiting, seen, found = list(one.after), set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in members:
            found.add(name)
        elif name in by_name and name not in seen:
            seen.add(name)
            waiting += by_name[name].after
    return tuple(sorted(found - {one.name}))

"""Manifests that belong to a model: what MLflow, Cog and BentoML run or package it with."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from lifelint.facts._source import Source
from lifelint.facts.environment import mlflow_files, requirements_tree, roles
from lifelint.facts.environment.conda import parse_conda
from lifelint.facts.environment.mlflow_files import Listed
from lifelint.facts.environment.nouns import Broken, Manifest, Requirement
from lifelint.facts.environment.packaged_files import Packaged, parse_bentofile, parse_cog
from lifelint.facts.environment.pip_files import RequirementsFile, parse_requirements

HISTORY = frozenset({"mlruns", "mlartifacts"})
"""Folders in which MLflow keeps every run: what was once made, not what is used."""

FILES = ("MLproject", "MLmodel", "cog.yaml", "bentofile.yaml", "bentofile.yml", "python_env.yaml", "python_env.yml")


def manifests(source: Source) -> Iterator[Manifest]:
    """The environments of MLflow projects and models, and of packaged models."""
    source.prefetch(source.named(*FILES))
    models = [path for path in source.named("MLmodel") if HISTORY.isdisjoint(path.split("/"))]
    beside = {posixpath.dirname(path) for path in source.named("MLmodel")}
    for path in _environments(source):
        made = source.parse(path, mlflow_files.parse_python_env) if posixpath.dirname(path) not in beside else None
        if made is not None:
            yield _manifest(source, path, "mlflow", made)
    for path in source.named("cog.yaml", "bentofile.yaml", "bentofile.yml"):
        packaged = packaging(source, path)
        if packaged is not None:
            yield _manifest(source, path, "cog" if path.endswith("cog.yaml") else "bentoml", packaged.listed)
    for path in models:
        yield from _model(source, path)


def packaging(source: Source, path: str) -> Packaged | None:
    """What a ``cog.yaml`` or ``bentofile.yaml`` says."""
    return source.parse(path, parse_cog if path.endswith("cog.yaml") else parse_bentofile)


def named_conda(source: Source) -> Iterator[str]:
    """The conda environment files that projects and packages name and that are there."""
    yield from _named_by_projects(source, "conda_env")
    for path in source.named("bentofile.yaml", "bentofile.yml"):
        packaged = packaging(source, path)
        yield from _there(source, path, packaged.conda if packaged else "")


def _there(source: Source, path: str, name: str) -> Iterator[str]:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else ""
    if target and source.is_file(target):
        yield target


def _named_by_projects(source: Source, key: str) -> Iterator[str]:
    for path in source.named("MLproject"):
        project = source.parse(path, mlflow_files.parse_mlproject)
        yield from _there(source, path, getattr(project, key) if project else "")


def _environments(source: Source) -> Collection[str]:
    named = _named_by_projects(source, "python_env")
    return dict.fromkeys(sorted({*source.named("python_env.yaml", "python_env.yml"), *named}))


def _manifest(source: Source, path: str, tool: str, made: Listed) -> Manifest:
    role = roles.of_path(path)
    own = _placed(path, role, made.requirements)
    more = requirements_tree.resolve(source, path, RequirementsFile((), made.includes, (), (), (), ()))
    broken = tuple(Broken(path, bad.line, bad.written, bad.why) for bad in made.broken)
    return Manifest(
        path=path,
        line=made.line,
        tool=tool,
        role=role,
        dependencies=(*own, *more.requirements),
        includes=more.includes,
        broken=(*broken, *more.broken),
        requires_python=made.python,
        requires_python_line=made.python_line,
    )


def _placed(path: str, role: str, found: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(r._replace(path=path, role=role if role != "runtime" else r.role) for r in found)


def _model(source: Source, path: str) -> Iterator[Manifest]:
    model = source.parse(path, mlflow_files.parse_mlmodel)
    if model is None:
        return
    found = list(_placed(path, "model", model.requirements))
    for name in ("requirements.txt", "conda.yaml"):
        beside = posixpath.join(posixpath.dirname(path), name)
        if source.is_file(beside):
            listed = source.parse(beside, parse_requirements if name.endswith(".txt") else parse_conda)
            found += _placed(beside, "model", listed.requirements) if listed else ()
            break
    yield Manifest(
        path=path,
        line=0,
        tool="mlflow",
        role="model",
        dependencies=tuple(found),
        requires_python=model.python,
        requires_python_line=model.python_line,
    )

"""Environments: the manifests that ask for packages, and the locks that freeze them.

Only links: the formats are read by the modules of this package, one each.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.environment import requirements_tree, roles
from lifelint.facts.environment.linking import all_locks
from lifelint.facts.environment.nouns import Broken, Include, Lock, Manifest, Requirement
from lifelint.facts.environment.pip_files import IncludeLine, RequirementsFile

# The parser of a format is imported where there is a file of that format.
if TYPE_CHECKING:
    from lifelint.facts.environment.pixi import Pixi
    from lifelint.facts.environment.setuptools_files import SetupFile

__all__ = ["Broken", "Include", "Lock", "Manifest", "Requirement", "locks", "manifests", "requirements"]

_CONDA_NAME = lazy(r"env|conda|mamba", re.IGNORECASE)


def manifests(source: Source) -> Iterator[Manifest]:
    """Every place that declares Python or conda dependencies, anywhere in the tree."""
    # What lies beside an MLmodel file is the recorded environment of a model, not the project's.
    models = {posixpath.dirname(path) for path in source.named("MLmodel")}
    found = [
        *requirements_tree.manifests(source),
        *_pyprojects(source),
        *_setups(source),
        *_pipfiles(source),
        *_condas(source),
        *_pixis(source),
    ]
    kept = [m for m in found if posixpath.dirname(m.path) not in models] if models else found
    return iter(sorted([*kept, *_described(source)], key=lambda m: (m.path, m.tool)))


def requirements(manifests: Sequence[Manifest]) -> Iterator[Requirement]:
    """Each direct dependency once, at the place where it is written."""
    seen = {}
    for manifest in manifests:
        for requirement in manifest.dependencies:
            key = (requirement.path, requirement.line, requirement.name, requirement.group)
            if key not in seen or requirement.exact:
                seen[key] = requirement
    return iter(seen.values())


def locks(source: Source, manifests: Sequence[Manifest]) -> Iterator[Lock]:
    """Every file that freezes a whole environment, compared with what it was made from where that is known how."""
    return all_locks(source, manifests)


def _placed(path: str, role: str, found: Sequence[Requirement]) -> tuple[Requirement, ...]:
    if role == "runtime":
        return tuple([Requirement(path, *r[1:]) for r in found])
    return tuple([r._replace(path=path, role=role) for r in found])


def _pyprojects(source: Source) -> Iterator[Manifest]:
    paths = source.named("pyproject.toml")
    source.prefetch(paths)
    for path in paths:
        from lifelint.facts.environment.pyproject import parse_pyproject

        parsed = source.parse(path, parse_pyproject)
        if parsed is None or not parsed.tool:
            continue
        role = roles.of_path(path)
        more = _included(source, path, parsed.includes)
        yield Manifest(
            path=path,
            line=parsed.line,
            tool=parsed.tool,
            role=role,
            dependencies=(*_placed(path, role, parsed.requirements), *more.requirements),
            includes=more.includes,
            broken=more.broken,
            name=parsed.name,
            dynamic=parsed.dynamic,
            library=parsed.library,
            requires_python=parsed.requires_python,
            requires_python_line=parsed.requires_python_line,
        )


def _included(source: Source, path: str, files: Sequence[str]) -> requirements_tree.Closure:
    lines = tuple(IncludeLine(0, "-r", name) for name in files)
    return requirements_tree.resolve(source, path, RequirementsFile((), lines, (), (), (), ()))


def _setups(source: Source) -> Iterator[Manifest]:
    paths = source.named("setup.cfg", "setup.py")
    source.prefetch(paths)
    for path in paths:
        from lifelint.facts.environment.pyproject import parse_pyproject
        from lifelint.facts.environment.setuptools_files import parse_setup_cfg, parse_setup_py

        beside = posixpath.join(posixpath.dirname(path), "pyproject.toml")
        pyproject = source.parse(beside, parse_pyproject) if source.is_file(beside) else None
        if pyproject and pyproject.document.get("project") and not pyproject.dynamic:
            continue  # setuptools takes its dependencies from [project] then
        parsed = source.parse(path, parse_setup_cfg if path.endswith(".cfg") else parse_setup_py)
        if parsed is not None and (parsed.requirements or parsed.files or parsed.dynamic):
            yield _setup(source, path, parsed)


def _setup(source: Source, path: str, parsed: SetupFile) -> Manifest:
    known = [
        f for f in parsed.files if posixpath.normpath(posixpath.join(posixpath.dirname(path), f)) in source.entries
    ]
    more = _included(source, path, known)
    role = roles.of_path(path.rpartition("/")[0] + "/setup") if "/" in path else "runtime"
    return Manifest(
        path=path,
        line=parsed.line,
        tool="setuptools",
        role=role,
        dependencies=(*_placed(path, role, parsed.requirements), *more.requirements),
        includes=more.includes,
        broken=more.broken,
        dynamic="" if known else parsed.dynamic,
        library=parsed.library,
        requires_python=parsed.requires_python,
        requires_python_line=parsed.requires_python_line,
    )


def _pipfiles(source: Source) -> Iterator[Manifest]:
    paths = source.named("Pipfile")
    source.prefetch(paths)
    for path in paths:
        from lifelint.facts.environment.pipfile import parse_pipfile

        parsed = source.parse(path, parse_pipfile)
        if parsed is not None:
            role = roles.of_path(path)
            found = _placed(path, role, parsed.requirements)
            python, line = parsed.requires_python, parsed.requires_python_line
            yield Manifest(path, parsed.line, "pipenv", role, found, requires_python=python, requires_python_line=line)


def _condas(source: Source) -> Iterator[Manifest]:
    paths = [p for p in source.suffixed(".yml", ".yaml") if _CONDA_NAME.search("/".join(p.split("/")[-2:]))]
    paths = [p for p in paths if "conda-lock" not in p] + _named_conda(source, paths)
    source.prefetch(paths)
    for path in paths:
        data = source.bytes(path) or b""
        # Most such files belong to other tools (and may be templates): only what can be conda's is parsed.
        if not re.search(rb"^dependencies:", data, re.MULTILINE) or b"{{" in data or b"{%" in data:
            continue
        from lifelint.facts.environment.conda import parse_conda

        parsed = source.parse(path, parse_conda)
        if parsed is None:
            continue
        role = roles.of_path(path)
        lines = RequirementsFile((), parsed.includes, (), (), (), ())
        more = requirements_tree.resolve(source, path, lines)
        broken = tuple(Broken(path, b.line, b.written, b.why) for b in parsed.broken)
        yield Manifest(
            path=path,
            line=parsed.line,
            tool="conda",
            role=role,
            dependencies=(*_placed(path, role, parsed.requirements), *more.requirements),
            includes=more.includes,
            broken=(*broken, *more.broken),
            name=parsed.name,
            requires_python=parsed.python,
            requires_python_line=parsed.python_line,
        )


def _named_conda(source: Source, known: Sequence[str]) -> list[str]:
    """Environment files that an ``MLproject`` or ``bentofile.yaml`` names and whose own names do not tell."""
    if not source.named("MLproject", "bentofile.yaml", "bentofile.yml"):
        return []
    from lifelint.facts.environment import described

    return sorted({*described.named_conda(source)} - {*known})


def _described(source: Source) -> Iterator[Manifest]:
    if source.named("MLproject", "MLmodel", "cog.yaml", "bentofile.yaml", "bentofile.yml", "python_env.yaml"):
        from lifelint.facts.environment import described

        yield from described.manifests(source)
    for path in source.named("renv.lock"):
        beside = posixpath.join(posixpath.dirname(path), "DESCRIPTION")
        if source.is_file(beside):
            from lifelint.facts.environment.renv_lock import parse_description

            parsed = source.parse(beside, parse_description)
            if parsed is not None:
                role = roles.of_path(beside)
                yield Manifest(beside, parsed.line, "renv", role, _placed(beside, role, parsed.requirements))


def _pixis(source: Source) -> Iterator[Manifest]:
    for path in source.named("pixi.toml", "pyproject.toml"):
        from lifelint.facts.environment.pixi import parse_pixi

        parsed = source.parse(path, parse_pixi) if path.endswith("pixi.toml") else _pixi_in_pyproject(source, path)
        if parsed is not None:
            role = roles.of_path(path)
            yield Manifest(
                path,
                parsed.line,
                "pixi",
                role,
                _placed(path, role, parsed.requirements),
                name=parsed.name,
                requires_python=parsed.python,
                requires_python_line=parsed.python_line,
            )


def _pixi_in_pyproject(source: Source, path: str) -> Pixi | None:
    from lifelint.facts.environment.pixi import read
    from lifelint.facts.environment.pyproject import parse_pyproject, table

    parsed = source.parse(path, parse_pyproject)
    document = table(parsed.document, "tool", "pixi") if parsed else {}
    return read(document, parsed.places, ("tool", "pixi")) if parsed and document else None

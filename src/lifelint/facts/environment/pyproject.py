"""``pyproject.toml``: PEP 621, dependency groups (PEP 735), and what tools keep in ``[tool]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts._toml import load
from lifelint.facts.environment import roles
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.places import Places
from lifelint.facts.environment.requirement import exactness, normalise, requirement, revision_exactness


class Pyproject(NamedTuple):
    """What one ``pyproject.toml`` declares. ``document`` is the whole of it, for locks to be compared with."""

    document: Mapping[str, Any]
    tool: str
    name: str
    requirements: tuple[Requirement, ...]
    includes: tuple[str, ...]
    dynamic: str
    library: bool
    requires_python: str
    requires_python_line: int
    line: int
    places: Places


def parse_pyproject(data: bytes) -> Pyproject:
    """The declarations of ``data``; ``tool`` is empty when it only configures tools."""
    document = load(data)
    places = Places(data)
    project, poetry = table(document, "project"), table(document, "tool", "poetry")
    made = [*_standard(document, places), *_poetry(poetry, places), *_build(document, places)]
    dynamic, includes = _dynamic(document, project)
    python = project.get("requires-python") or _python_of(poetry)
    at = places.key("project", "requires-python") if project.get("requires-python") else 0
    declares = bool(project or poetry or any(r.role != "build" for r in made))
    return Pyproject(
        document=document,
        tool=_tool(document, poetry) if declares else "",
        name=normalise(str(project.get("name") or poetry.get("name") or "")),
        requirements=tuple(made),
        includes=includes,
        dynamic=dynamic,
        library=_is_library(document, project, poetry),
        requires_python=python if isinstance(python, str) else "",
        requires_python_line=at or places.key("tool", "poetry", "dependencies", "python"),
        line=places.key("project") or places.key("tool", "poetry") or places.key("dependency-groups"),
        places=places,
    )


def table(document: Any, *keys: str) -> Mapping[str, Any]:
    """A table of a TOML document, empty when it is absent or something else."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def tables(value: Any) -> list[Mapping[str, Any]]:
    """The tables of an array, empty when it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The strings of a list, empty when it is none."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _tool(document: Mapping[str, Any], poetry: Mapping[str, Any]) -> str:
    return "poetry" if poetry.get("dependencies") or (poetry and not document.get("project")) else "pyproject"


def _python_of(poetry: Mapping[str, Any]) -> Any:
    python = table(poetry, "dependencies").get("python")
    return python.get("version") if isinstance(python, dict) else python


def _standard(document: Mapping[str, Any], places: Places) -> Iterator[Requirement]:
    project = table(document, "project")
    yield from _listed(project.get("dependencies"), places, "", "project", "dependencies")
    for extra, items in table(project, "optional-dependencies").items():
        yield from _listed(items, places, extra, "project", "optional-dependencies", extra)
    for group, items in table(document, "dependency-groups").items():
        yield from _listed(items, places, group, "dependency-groups", group)
    uv, pdm = table(document, "tool", "uv"), table(document, "tool", "pdm")
    yield from _listed(uv.get("dev-dependencies"), places, "dev", "tool", "uv", "dev-dependencies")
    for group, items in table(pdm, "dev-dependencies").items():
        kept = [item for item in texts(items) if not item.startswith("-e")]
        yield from _listed(kept, places, group, "tool", "pdm", "dev-dependencies", group)


def _build(document: Mapping[str, Any], places: Places) -> Iterator[Requirement]:
    for made in _listed(table(document, "build-system").get("requires"), places, "", "build-system", "requires"):
        yield made._replace(role="build", group="build-system")


def _listed(items: Any, places: Places, group: str, *key: str) -> Iterator[Requirement]:
    at, role = 0, roles.of_group(group) if group else "runtime"
    for text in texts(items):
        at = places.item(text, *key, after=at)
        try:
            made = requirement(text, line=at, group=group, role=role)
        except ValueError as error:
            raise Unreadable(f"holds a dependency that is not PEP 508: {text!r} {error}", at) from None
        yield made


def _poetry(poetry: Mapping[str, Any], places: Places) -> Iterator[Requirement]:
    yield from _poetry_table(poetry.get("dependencies"), places, "", "dependencies")
    yield from _poetry_table(poetry.get("dev-dependencies"), places, "dev", "dev-dependencies")
    for group, content in table(poetry, "group").items():
        yield from _poetry_table(table(content, "dependencies"), places, group, "group", group, "dependencies")


def _poetry_table(items: Any, places: Places, group: str, *key: str) -> Iterator[Requirement]:
    for name, value in items.items() if isinstance(items, dict) else ():
        if name.lower() == "python" and not group:
            continue
        line = places.key("tool", "poetry", *key, name)
        alternatives = value if isinstance(value, list) else [value]
        for one in alternatives:
            yield keyed_requirement(name, one, line=line, group=group, bare_is_exact=True)


def keyed_requirement(name: str, value: Any, *, line: int, group: str, bare_is_exact: bool) -> Requirement:
    """A requirement written as a key and a value (Poetry, Pipenv, Pixi): a version, or a table that may name a source.

    ``bare_is_exact`` is true where a version without an operator means that version (Poetry).
    """
    fields = value if isinstance(value, dict) else {"version": value}
    specifier = str(fields.get("version") or "*").strip()
    exact, why = _keyed_exactness(fields, specifier, bare_is_exact)
    url = next((str(fields[k]) for k in ("git", "url", "file", "path") if fields.get(k)), "")
    return Requirement(
        path="",
        line=line,
        name=normalise(name),
        written=f"{name} = {url or specifier}",
        specifier="" if specifier == "*" or url else specifier,
        extras=tuple(texts(fields.get("extras"))),
        marker=str(fields.get("markers") or ""),
        url=url,
        group=group,
        role=roles.of_group(group) if group else "runtime",
        exact=exact,
        why=why,
    )


def _keyed_exactness(fields: Mapping[str, Any], specifier: str, bare_is_exact: bool) -> tuple[bool | None, str]:
    if fields.get("git"):
        revision = next((fields[k] for k in ("rev", "ref", "tag", "branch") if fields.get(k)), "")
        return revision_exactness(str(revision)) if revision else (False, "the default branch, whatever it is that day")
    if fields.get("path") or fields.get("workspace"):
        return True, "a path of this repository"
    if fields.get("url") or fields.get("file"):
        return exactness("", str(fields.get("url") or fields.get("file")))
    if bare_is_exact and specifier[:1].isdigit() and not set(specifier) & set("*,|<>~^ "):
        return True, f"one version, {specifier}"
    return exactness("" if specifier == "*" else specifier)


def _dynamic(document: Mapping[str, Any], project: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    names = texts(project.get("dynamic"))
    wanted = [name for name in ("dependencies", "optional-dependencies") if name in names]
    if not wanted:
        return "", ()
    kept = table(document, "tool", "setuptools", "dynamic")
    if "dependencies" in wanted and "dependencies" in kept:
        file = table(kept, "dependencies").get("file")
        files = [file] if isinstance(file, str) else texts(file)
        return ("", tuple(files)) if files else ("its dependencies are set when it is built", ())
    return f"its {' and '.join(wanted)} are set when it is built (project.dynamic)", ()


def _is_library(document: Mapping[str, Any], project: Mapping[str, Any], poetry: Mapping[str, Any]) -> bool:
    # Whoever lists trove classifiers has prepared the project for an index, unless they forbid the upload.
    classifiers = texts(project.get("classifiers")) or texts(poetry.get("classifiers"))
    published = any(not c.startswith("Private ::") for c in classifiers) and not any(
        c.startswith("Private ::") for c in classifiers
    )
    return published and bool(document.get("build-system"))

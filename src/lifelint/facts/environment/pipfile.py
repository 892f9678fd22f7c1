"""``Pipfile``: Pipenv's manifest (pypa/pipfile)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lifelint.facts._toml import load
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.places import Places
from lifelint.facts.environment.pyproject import keyed_requirement, table

SECTIONS = frozenset({"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"})


class Pipfile(NamedTuple):
    document: Mapping[str, Any]
    requirements: tuple[Requirement, ...]
    requires_python: str
    requires_python_line: int
    line: int


def parse_pipfile(data: bytes) -> Pipfile:
    """The packages of every category and the Python version."""
    document, places = load(data), Places(data)
    found = []
    for section, items in document.items():
        if section in SECTIONS - {"packages", "dev-packages"} or not isinstance(items, dict):
            continue
        group = {"packages": "", "dev-packages": "dev"}.get(section, section)
        for name, value in items.items():
            line = places.key(section, name)
            found.append(keyed_requirement(name, value, line=line, group=group, bare_is_exact=False))
    requires = table(document, "requires")
    key = "python_full_version" if requires.get("python_full_version") else "python_version"
    python = str(requires.get(key) or "")
    return Pipfile(document, tuple(found), python, places.key("requires", key), places.key("packages"))

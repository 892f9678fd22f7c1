"""``pixi.toml`` and ``[tool.pixi]``: conda and PyPI dependencies by feature and target (pixi docs)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lifelint.facts._toml import load
from lifelint.facts.environment import roles
from lifelint.facts.environment.conda import conda_exactness
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.places import Places
from lifelint.facts.environment.pyproject import keyed_requirement, table


class Pixi(NamedTuple):
    name: str
    requirements: tuple[Requirement, ...]
    python: str
    python_line: int
    line: int


def parse_pixi(data: bytes) -> Pixi:
    """The dependencies of a ``pixi.toml``."""
    return read(load(data), Places(data), ())


def read(document: Mapping[str, Any], places: Places, prefix: tuple[str, ...]) -> Pixi:
    """The dependencies of a pixi document that stands below ``prefix``."""
    found = list(_tables(document, places, prefix, ""))
    for feature, content in table(document, "feature").items():
        found += _tables(content, places, (*prefix, "feature", feature), feature)
    # A feature's Python (py310, py311 …) is one of several to test with, not the project's.
    python = next((r for r in found if r.name == "python" and not r.group), None)
    workspace = table(document, "workspace") or table(document, "project")
    return Pixi(
        str(workspace.get("name") or ""),
        tuple(r for r in found if r.name != "python"),
        python.specifier if python else "",
        python.line if python else 0,
        places.key(*prefix, "dependencies"),
    )


def _tables(content: Any, places: Places, key: tuple[str, ...], group: str) -> Iterator[Requirement]:
    here = [((), content), *((("target", t), c) for t, c in table(content, "target").items())]
    for more, part in here:
        for section in ("dependencies", "pypi-dependencies", "host-dependencies", "build-dependencies"):
            for name, value in table(part, section).items():
                line = places.key(*key, *more, section, name)
                made = keyed_requirement(name, value, line=line, group=group, bare_is_exact=False)
                if section != "pypi-dependencies" and not made.url:
                    exact, why = conda_exactness(made.specifier)
                    made = made._replace(exact=exact, why=why)
                role = roles.of_group(group) if group else "runtime"
                yield made._replace(role="build" if "build" in section else role)

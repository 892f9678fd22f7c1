"""Projects that are not found by themselves: folders that train with an environment of their own, below one that has
an environment too, which makes the whole look like one project."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint.facts import Facts
from lifelint.projects import Project, detect


def roots(facts: Facts) -> Sequence[str]:
    """The roots to be declared, that of the repository first; none where detection needs no help.

    Two folders at least: a single one is a part of the project around it more often than one of its own.
    """
    if detect(facts) != [Project("")]:
        return ()
    environments = {_folder(one.path) for one in facts.get("manifests").items if one.role == "runtime"} - {""}
    training = [facet.path for facet in facts.get("facets").items if facet.name == "trains"]
    own = {folder for folder in environments if any(path.startswith(f"{folder}/") for path in training)}
    top = sorted(one for one in own if _nameable(one) and not any(one.startswith(f"{other}/") for other in own))
    return (".", *top) if len(top) > 1 else ()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _nameable(path: str) -> bool:
    """Whether a configuration can name a folder: it would read other characters as a glob, or not at all."""
    return path.isprintable() and not set(path) & set("*?[]\"'\\")

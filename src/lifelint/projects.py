"""Which parts of a repository are projects: roots inside it that own an ML lifecycle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lifelint.facts import Facts

LIFECYCLE = ("stages", "pointers", "manifests", "locks")
"""Kinds of facts that make a folder a candidate: a pipeline, versioned data, or a declared environment."""


@dataclass(frozen=True)
class Project:
    """A project's root (``""`` is the repository's) and the roots of the projects nested in it."""

    root: str
    nested: Sequence[str] = ()

    def owns(self, path: str) -> bool:
        """Whether ``path`` belongs to this project and to none nested in it."""
        return _below(path, self.root) and not any(_below(path, other) for other in self.nested)


WHOLE = Project("")
"""The repository as one project."""


def _below(path: str, root: str) -> bool:
    return not root or path == root or path.startswith(f"{root}/")


def declared(roots: Iterable[str]) -> list[Project]:
    """The projects with exactly these roots."""
    return _with_nested(sorted({root.strip("/").removeprefix("./") if root != "." else "" for root in roots}))


def detect(facts: Facts, folder: str = "") -> list[Project]:
    """The projects of a repository, or of one ``folder`` in it, found from what its folders hold.

    A folder with a pipeline of its own *and* an environment of its own stands alone. Where the top has neither, the
    topmost folders that hold a pipeline or an environment are projects, if there are several: that is a monorepo or
    a collection. Everything else belongs to the project around it.
    """
    if folder:
        return [Project(folder)]
    pipelines = {_folder(item.path) for item in facts["stages"].items}
    environments = {_folder(item.path) for item in facts["manifests"].items if item.role == "runtime"}
    roots = {""} | (pipelines & environments)
    if "" not in pipelines | environments:
        top = _topmost(pipelines | environments)
        if len(top) > 1:
            roots |= top
    found = _with_nested(sorted(roots))
    holding = {path for kind in LIFECYCLE for path in {item.path for item in facts[kind].items}}
    kept = [project for project in found if any(project.owns(path) for path in holding)]
    return kept or [Project("")]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _topmost(folders: set[str]) -> set[str]:
    # "a/requirements" and "a/docker" belong to "a": a manifest's own folder is often a drawer, not a project.
    tops: set[str] = set()
    for folder in sorted(folders):
        if not any(_below(folder, top) for top in tops):
            tops.add(folder)
    return tops


def _with_nested(roots: Sequence[str]) -> list[Project]:
    return [Project(root, tuple(other for other in roots if other != root and _below(other, root))) for root in roots]

"""Whether the places that state the Python version agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.environment.nouns import Manifest
    from lifelint.facts.pythons import PythonVersion

_BESIDE = frozenset(
    ("docker", "dockerfiles", "container", "containers", "image", "images", "deploy", "deployment", "build", "ci")
)
"""Folders in which a project keeps its Dockerfiles. One that lies in any other builds something else, as a demo."""

_CONTAINED = ("image", "workflow", "devcontainer", "model")


def consistent(python_versions: Sequence[PythonVersion], manifests: Sequence[Manifest]) -> Iterator[Observation]:
    """In each project, one minor version satisfies all that is declared, and images and CI have that version."""
    projects = {_folder(m.path) for m in manifests if m.role == "runtime"} or {""}
    grouped: dict[str, list[PythonVersion]] = {}
    for stated in python_versions:
        project = _project(stated, projects)
        tests = stated.where == "workflow" and stated.role == "test"
        if project is not None and (stated.role in ("runtime", "model") or tests):
            grouped.setdefault(project, []).append(stated)
    for project in sorted(grouped):
        yield from _agreement(project, grouped[project])


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _project(stated: PythonVersion, projects: set[str]) -> str | None:
    """The nearest folder above with a manifest, if any; CI is that of the root, or of the only project."""
    if stated.where == "workflow":
        return "" if "" in projects else next(iter(projects)) if len(projects) == 1 else None
    folder = _folder(stated.path)
    apart = False
    while folder and folder not in projects:
        apart = apart or folder.rpartition("/")[2].lower().lstrip(".") not in _BESIDE
        folder = _folder(folder)
    return None if apart and stated.where == "image" else folder


def _agreement(project: str, stated: Sequence[PythonVersion]) -> Iterator[Observation]:
    declared = [s for s in stated if s.where not in _CONTAINED]
    images = [s for s in stated if s.where in ("image", "model")]
    tested = [s for s in stated if s.where == "workflow"]
    if len(stated) < 2:
        return
    common = _common(declared)
    wrong = [s for s in declared if not set(s.minors) & common]
    wrong += [s for s in images if declared and not set(s.minors) & common]
    expected = common if declared else {m for s in images for m in s.minors}
    seen: dict[str, Observation] = {}
    for s in wrong:
        observation = _observation(s, _against(s, declared, common))
        seen.setdefault(observation.subject, observation)
    yield from seen.values()
    if tested and expected:
        if any(s.kind == "unknown" for s in tested):
            tested = []
        elif not expected & {m for s in tested for m in s.minors}:
            wrong += tested
            yield _observation(tested[0], _against(tested[0], declared or images, expected))
    if not wrong and len(declared) + len(images) + len(tested) > 1 and expected:
        places = ", ".join(dict.fromkeys(f"{s.path} ({s.text})" for s in (*declared, *images, *tested)))
        shown = " or ".join(sorted(expected, key=lambda m: int(m[2:])))
        yield Observation(True, project or ".", f"Python {shown} satisfies {places}", stated[0].path, stated[0].line)


def _common(declared: Sequence[PythonVersion]) -> set[str]:
    """The versions that the most declarations admit; a fixed one decides between equals."""
    votes: dict[str, tuple[int, int]] = {}
    for s in declared:
        for minor in s.minors:
            count, fixed = votes.get(minor, (0, 0))
            votes[minor] = (count + 1, fixed + (s.kind == "fixed"))
    best = max(votes.values(), default=(0, 0))
    return {minor for minor, vote in votes.items() if vote[0] == best[0] and (vote[0] == len(declared) or vote == best)}


def _against(s: PythonVersion, others: Sequence[PythonVersion], expected: set[str]) -> str:
    agreed = [o for o in others if o is not s and set(o.minors) & expected]
    other = next((o for o in agreed if not set(o.minors) & set(s.minors)), agreed[0] if agreed else None)
    return f"{other.path}:{other.line} says {other.text}" if other else "the others say otherwise"


def _observation(s: PythonVersion, against: str) -> Observation:
    said = " and ".join((", ".join(s.minors[:-1]), s.minors[-1]) if len(s.minors) > 1 else s.minors)
    told = f"it says Python {said}" if [said] == [s.text] else f"{s.text} is Python {said}"
    return Observation(False, f"{s.path}:{s.where}", f"{told}, {against}", s.path, s.line)

"""Whether the parts of a project imply one accelerator stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.accelerators import Accelerator
    from lifelint.facts.environment.nouns import Manifest


def agree(accelerators: Sequence[Accelerator], manifests: Sequence[Manifest]) -> Iterator[Observation]:
    """In each project, one major version of one toolkit is what packages bring and what images hold.

    Majors are compared, because CUDA keeps minor versions compatible. Where a file states several, they are variants
    on purpose and not judged; nor is an image where another image of the project fits, or one whose Dockerfile speaks
    of other files of packages alone.
    """
    projects = {_folder(m.path) for m in manifests if m.role == "runtime"} or {""}
    grouped: dict[str, list[Accelerator]] = {}
    for stated in accelerators:
        if stated.role == "runtime":
            grouped.setdefault(_project(stated.environment, projects), []).append(stated)
    for project, found in sorted(grouped.items()):
        packages = [s for s in found if s.where != "image"]
        images = [s for s in found if s.where == "image" and any(_installs(s, p) for p in packages)]
        certain = [s for s in packages if not s.variant]
        yield from _environments(certain)
        stacks = {_stack(s) for s in packages}
        if len(stacks) == 1 and images:
            yield from _against(project, images, packages[0])


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _project(path: str, projects: set[str]) -> str:
    folder = _folder(path)
    while folder and folder not in projects:
        folder = _folder(folder)
    return folder


def _installs(image: Accelerator, package: Accelerator) -> bool:
    """Whether an image can hold a package: it names a file that asks for it or freezes it, or no such file at all."""
    stem, _, kind = package.environment.rpartition("/")[2].rpartition(".")
    for one in image.installs:
        if kind in ("txt", "in"):
            fits = one.rpartition(".")[0] == stem
        elif kind in ("yml", "yaml"):
            fits = one.startswith("conda-lock") or one.rpartition(".")[0] == stem
        else:
            fits = not one.endswith((".txt", ".in", ".yml", ".yaml"))
        if fits:
            return True
    return not image.installs


def _stack(stated: Accelerator) -> tuple[str, str]:
    return stated.toolkit, stated.major


def _said(stated: Accelerator) -> str:
    name = {"cuda": "CUDA", "rocm": "ROCm"}[stated.toolkit]
    return f"{stated.text} is {name} {stated.major}"


def _environments(certain: Sequence[Accelerator]) -> Iterator[Observation]:
    """All that one environment installs together is built for one stack."""
    by_environment: dict[str, list[Accelerator]] = {}
    for stated in certain:
        by_environment.setdefault(stated.environment, []).append(stated)
    for environment, found in sorted(by_environment.items()):
        first = found[0]
        odd = next((s for s in found if _stack(s) != _stack(first)), None)
        if odd is not None:
            place = f"{first.path}:{first.line}" if first.line else first.path
            detail = f"{_said(odd)}, and {_said(first)} ({place})"
            yield Observation(False, f"{environment}:{odd.toolkit}", detail, odd.path, odd.line)
        elif len(found) > 1:
            detail = f"{len(found)} packages are built for {_said(first).rpartition(' is ')[2]}"
            yield Observation(True, environment, detail, first.path, first.line)


def _against(project: str, images: Sequence[Accelerator], package: Accelerator) -> Iterator[Observation]:
    fitting = [image for image in images if _stack(image) == _stack(package)]
    if fitting:
        detail = f"{_said(fitting[0])}, and so is {package.text}"
        yield Observation(True, f"{project or '.'}:image", detail, fitting[0].path, fitting[0].line)
        return
    seen: set[str] = set()
    for image in images:
        subject = f"{image.path}:{image.text}"
        if subject not in seen:
            seen.add(subject)
            place = f"{package.path}:{package.line}" if package.line else package.path
            yield Observation(False, subject, f"{_said(image)}, and {_said(package)} ({place})", image.path, image.line)

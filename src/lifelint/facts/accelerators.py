"""Which CUDA or ROCm each part of a project implies: wheels, conda packages, indexes and images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._images import Image
from lifelint.facts._source import Source
from lifelint.facts.environment.locked import versions
from lifelint.facts.environment.nouns import Lock, Manifest, Requirement

_LOCAL = lazy(r"\+(?P<kind>cu|rocm)(?P<version>\d{2,3}|\d\.\d+(?:\.\d+)*)\b")
_NAMED = lazy(r"(?:nvidia-[a-z0-9-]+|cupy|cudf|cuml|cugraph|dask-cudf|jax)-cu(?:da)?(1\d)x?(?:-\w+)?")
_CONDA = frozenset({"cudatoolkit", "cuda-toolkit", "cuda-version", "pytorch-cuda", "cuda"})
_EXTRA = lazy(r"cuda(1\d)(?:[-_]\w+)?")
_TAG = lazy(r"(?:^|[-_.])(?P<kind>cuda|cu|rocm)-?(?P<version>1\d[01234589]|1\d\.\d+|\d\.\d+)(?:\.\d+)?(?=$|[-_.])")
_ENVIRONMENT = lazy(
    r"[\w.-]*(?:requirements|environment)[\w.-]*\.(?:txt|in|ya?ml)|pyproject\.toml|setup\.py|Pipfile(?:\.lock)?"
    r"|(?:poetry|uv|pdm|pixi|conda)[.-]lock(?:\.yml)?|pixi\.toml"
)
_VERSION = lazy(r"(\d{1,2})(?:\.(\d+))?")


class Accelerator(NamedTuple):
    """One statement of an accelerator's toolkit, ``cuda`` or ``rocm``, and its ``major`` version.

    ``where`` is ``wheel``, ``conda``, ``image``, ``cog`` or ``bentofile``; ``text`` is what says it. ``variant`` is
    true where it holds only sometimes: in an extra or group, under a marker, or in a lock, which is for all platforms.
    ``environment`` is the manifest it belongs to, for a lock the one that the lock freezes. ``installs`` are the names
    of the manifests and locks that the Dockerfile of an image speaks of.
    """

    path: str
    line: int
    where: str
    text: str
    toolkit: str
    major: str
    variant: bool
    environment: str
    role: str = "runtime"
    installs: tuple[str, ...] = ()


def accelerators(
    source: Source, manifests: Sequence[Manifest], locks: Sequence[Lock], images: Sequence[Image]
) -> Iterator[Accelerator]:
    """Every statement of a CUDA or ROCm version."""
    for manifest in manifests:
        for requirement in manifest.dependencies:
            yield from _required(manifest, requirement)
    for lock in locks:
        yield from _locked(source, lock, images)
    yield from _packaged(source)
    for image in images:
        yield from _image(source, image)


def _major(version: str) -> str:
    """``cu121`` is 12.1, ``cu92`` is 9.2."""
    if version.isdigit() and len(version) > 1:
        return version[:-1] if len(version) == 3 or int(version) > 20 else version
    return version.partition(".")[0]


def _of_package(name: str, version: str, extras: Sequence[str] = ()) -> tuple[str, str] | None:
    local = _LOCAL.search(version)
    if local:
        return ("rocm" if local["kind"] == "rocm" else "cuda"), _major(local["version"])
    named = _NAMED.fullmatch(name) or next(filter(None, map(_EXTRA.fullmatch, extras)), None)
    return ("cuda", named[1]) if named else None


def _required(manifest: Manifest, requirement: Requirement) -> Iterator[Accelerator]:
    stated = _of_package(requirement.name, requirement.specifier, requirement.extras)
    where = "wheel"
    if stated is None and manifest.tool in ("conda", "pixi") and requirement.name in _CONDA:
        version = re.match(r"={0,2}\s*(\d{1,2})(?:\.\d+)*", requirement.specifier)
        where, stated = "conda", ("cuda", version[1]) if version else None
    if stated and manifest.role == requirement.role == "runtime":
        variant = bool(requirement.group not in ("", "pip") or requirement.marker)
        yield Accelerator(
            requirement.path, requirement.line, where, requirement.written, *stated, variant, manifest.path
        )


def _locked(source: Source, lock: Lock, images: Sequence[Image]) -> Iterator[Accelerator]:
    # A lock is only taken apart where something can disagree with it.
    if not any(image.reference for image in images):
        return
    for name, held in versions(source, lock).items():
        for version in sorted(held):
            stated = _of_package(name, version)
            if stated:
                # A lock holds the packages of every platform: what it states is true of some.
                text = f"{name} {version}"
                yield Accelerator(lock.path, 0, "wheel", text, *stated, True, lock.manifest or lock.path)


def _packaged(source: Source) -> Iterator[Accelerator]:
    paths = source.named("cog.yaml", "bentofile.yaml", "bentofile.yml")
    if paths:
        from lifelint.facts.environment.described import packaging

        for path in paths:
            made = packaging(source, path)
            version = _VERSION.match(made.cuda) if made else None
            if made and version:
                where = "cog" if path.endswith("cog.yaml") else "bentofile"
                yield Accelerator(path, made.cuda_line, where, f"CUDA {made.cuda}", "cuda", version[1], False, path)


def _image(source: Source, image: Image) -> Iterator[Accelerator]:
    if image.instruction not in ("FROM", "devcontainer"):
        return
    last = image.name.rsplit("/", 2)[-2:]
    kind, version = "", ""
    if last == ["nvidia", "cuda"]:
        kind, version = "cuda", image.tag.partition("-")[0]
    else:
        match = _TAG.search(image.tag)
        if match:
            kind, version = ("rocm" if match["kind"] == "rocm" else "cuda"), match["version"]
    if kind and _VERSION.match(version):
        said = (source.bytes(image.path) or b"").decode("utf-8", "replace")
        installs = tuple(sorted(set(_ENVIRONMENT.findall(said))))
        major = _major(version)
        yield Accelerator(
            *(image.path, image.line, "image", image.reference, kind, major, False, image.path, image.role), installs
        )

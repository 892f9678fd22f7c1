"""All that is taken from elsewhere, in one list: how firmly each thing is named at each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._images import MOVING

if TYPE_CHECKING:
    from lifelint.facts._images import Image
    from lifelint.facts.ci import Command
    from lifelint.facts.environment.nouns import Lock, Manifest
    from lifelint.facts.installs import Install
    from lifelint.facts.references.noun import Reference

_OF_REFERENCES = {"content": "content", "fixed": "version", "moving": "floating"}
_ACTION = lazy(r"uses: ([\w.-]+/[\w./-]+)@(\S+)")
_COMMIT = lazy(r"[0-9a-f]{40}")
_BY_TAG = "slsa-framework/slsa-github-generator/"
"""Workflows that have to be named by a tag, so that it can be verified (its README, "Referencing SLSA builders")."""
_RELEASE = lazy(r"v\d+\.\d+\.\d+")


class Pin(NamedTuple):
    """How one thing is named at one place.

    ``kind`` is ``package``, ``image``, ``dataset``, ``model`` or ``action``. ``strength``: ``content`` (a digest or a
    commit fixes it), ``locked`` (the file ``by`` freezes it), ``version`` (it is given once), ``floating`` (it may be
    another tomorrow), ``unknown``. ``role`` is that of the place.
    """

    path: str
    line: int
    kind: str
    name: str
    written: str
    strength: str
    by: str = ""
    role: str = "runtime"


def pins(
    manifests: Sequence[Manifest],
    locks: Sequence[Lock],
    images: Sequence[Image],
    run_images: Sequence[Image],
    installs: Sequence[Install],
    references: Sequence[Reference],
    ci_commands: Sequence[Command],
) -> Iterator[Pin]:
    """Every package, image, dataset, model and action that is taken from elsewhere. Ranges of libraries are right."""
    yield from _packages(manifests, locks)
    for image in (*images, *run_images):
        yield Pin(image.path, image.line, "image", image.name, image.written, _of_image(image), role=image.role)
    for one in installs:
        strength = _of_version(one.exact)
        yield Pin(one.path, one.line, "package", one.name, one.written, strength, role=one.role)
    for ref in references:
        kind, strength = "model" if ref.kind == "model" else "dataset", _OF_REFERENCES.get(ref.strength, "unknown")
        written = f"{ref.name}@{ref.version}" if ref.version else f"{ref.name} without a version"
        yield Pin(ref.path, ref.line, kind, ref.name, written, strength, role="example" if ref.fixture else "runtime")
    for command in ci_commands:
        found = _ACTION.fullmatch(command.text.strip())
        if found:
            yield Pin(
                command.path, command.line, "action", found[1], f"{found[1]}@{found[2]}", _of_action(*found.groups())
            )


def _packages(manifests: Sequence[Manifest], locks: Sequence[Lock]) -> Iterator[Pin]:
    covering = {path: lock.path for lock in locks for path in lock.covers}
    for manifest in manifests:
        for one in () if manifest.library else manifest.dependencies:
            by = covering.get(manifest.path, "")
            role = one.role if manifest.role == "runtime" else manifest.role
            strength = "locked" if by else _of_version(one.exact)
            yield Pin(one.path, one.line, "package", one.name, one.written, strength, by, role)


def _of_version(exact: bool | None) -> str:
    return "unknown" if exact is None else "version" if exact else "floating"


def _of_action(name: str, ref: str) -> str:
    if _COMMIT.fullmatch(ref) or (name.startswith(_BY_TAG) and _RELEASE.fullmatch(ref)):
        return "content"
    return "floating" if ref in MOVING else "version"


def _of_image(image: Image) -> str:
    if image.pinned is None:
        return "unknown"
    return "content" if image.pinned else "floating" if image.floating else "version"

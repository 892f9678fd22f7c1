"""References to container images: name, tag, digest."""

from __future__ import annotations

from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.environment import roles

_DIGEST = lazy(r"@sha256:[0-9a-f]{64}$")

MOVING = frozenset({"latest", "stable", "nightly", "edge", "main", "master", "dev", "develop"})
"""Tags and branches that are named for what is newest."""


class Image(NamedTuple):
    """An image that a container is built from or runs (Dockerfile reference; OCI distribution spec for references).

    ``instruction`` is ``FROM``, ``COPY --from``, ``RUN --mount`` or ``devcontainer``; for what runs it is ``container``
    or ``services`` (a job of a workflow), ``compose``, ``kubernetes``, ``mlflow``, ``bentoml`` or ``anyscale``.
    ``reference`` is ``written`` with its ARG defaults resolved, empty when that is not possible. ``pinned`` says
    whether a sha256 digest fixes the content, ``None`` when that depends on a build argument. ``floating``: no tag, or
    one that is named for what is newest. ``role`` is that of the place where it stands.
    """

    path: str
    line: int
    instruction: str
    written: str
    reference: str = ""
    name: str = ""
    tag: str = ""
    digest: str = ""
    pinned: bool | None = None
    floating: bool = False
    stage: str = ""
    role: str = "runtime"
    why: str = ""


class Reference(NamedTuple):
    """An image as one line names it; ``reference`` is empty where a variable of it has no value."""

    line: int
    instruction: str
    written: str
    reference: str
    stage: str


def image_of(path: str, found: Reference, role: str = "") -> Image:
    """The image behind a reference; its role is that of its place where none is given."""
    reference = found.reference
    base, _, digest = reference.partition("@")
    name, colon, tag = base.rpartition(":")
    if not colon or "/" in tag:
        name, tag = base, ""
    pinned: bool | None = bool(_DIGEST.search(reference or found.written))
    floating = bool(reference) and not digest and tag in ("", *MOVING)
    if pinned:
        why = "a sha256 digest"
    elif not reference:
        pinned, why = None, f"{found.written} depends on a build argument without a default"
    elif digest:
        why = f"{digest} is not a sha256 digest"
    elif floating:
        why = f"the tag {tag}, whatever it is that day" if tag else "no tag, which means latest"
    else:
        why = f"the tag {tag}, which can move"
    return Image(
        path,
        found.line,
        found.instruction,
        found.written,
        reference,
        name if reference else "",
        tag,
        digest,
        pinned,
        floating,
        found.stage,
        role or ("dev" if found.instruction == "devcontainer" else roles.of_path(beside(path))),
        why,
    )


def beside(path: str) -> str:
    """A file beside ``path``, whose role its folder alone decides."""
    return f"{path.rpartition('/')[0]}/x"

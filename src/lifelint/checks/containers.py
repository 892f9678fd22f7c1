"""Whether container images are fixed by digest, and what containers install besides manifests and locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.containers import Image, Install


def by_digest(
    images: Sequence[Image],
    *,
    instructions: Sequence[str] = ("FROM", "COPY --from", "RUN --mount"),
    roles: Sequence[str] = ("runtime",),
) -> Iterator[Observation]:
    """Each image from outside is named with its sha256 digest."""
    seen: dict[str, Observation] = {}
    for image in images:
        if image.instruction in instructions and image.role in roles:
            subject = f"{image.path}:{image.instruction} {image.written}"
            detail = f"{image.reference or image.written} is named by {image.why}"
            if image.pinned is None:
                detail = image.why
            seen.setdefault(subject, Observation(image.pinned, subject, detail, image.path, image.line))
    yield from seen.values()


def installs_pinned(
    installs: Sequence[Install],
    *,
    allowed: Sequence[str] = (
        "pip", "setuptools", "wheel", "uv", "poetry", "pipenv", "pdm", "pip-tools", "virtualenv", "build", "hatch",
    ),
    roles: Sequence[str] = ("runtime",),
) -> Iterator[Observation]:  # fmt: skip
    """Each package that a Dockerfile installs by name is installed in one version. Installers themselves are exempt."""
    seen: dict[str, Observation] = {}
    for install in installs:
        if install.role in roles and install.name not in allowed:
            subject = f"{install.path}:{install.tool} install {install.name}"
            detail = f"{install.tool} install {install.written}: {install.why}"
            if subject not in seen or (seen[subject].ok and not install.exact):
                seen[subject] = Observation(install.exact, subject, detail, install.path, install.line)
    yield from seen.values()

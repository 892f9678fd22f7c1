"""Whether container images are fixed by digest, and what containers install besides manifests and locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts._images import Image
    from lifelint.facts.environment.nouns import Manifest
    from lifelint.facts.installs import Install


INSTALLERS = (
    "pip", "setuptools", "wheel", "uv", "poetry", "pipenv", "pdm", "pip-tools", "virtualenv",
    "build", "hatch", "python", "conda", "mamba", "conda-lock", "tox", "nox", "pre-commit",
)  # fmt: skip
"""What installs other packages, or builds and tests with them."""


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
    manifests: Sequence[Manifest],
    *,
    allowed: Sequence[str] = INSTALLERS,
    roles: Sequence[str] = ("runtime",),
) -> Iterator[Observation]:
    """Each package that is installed by name is installed in one version. Installers and the project are exempt."""
    exempt = {*allowed, *(m.name for m in manifests if m.tool in ("pyproject", "poetry"))}
    seen: dict[str, Observation] = {}
    in_notebooks: dict[str, list[Install]] = {}
    for install in installs:
        if install.role not in roles or install.name in exempt:
            continue
        if install.where == "notebook":
            in_notebooks.setdefault(install.path, []).append(install)
            continue
        subject = f"{install.path}:{install.tool} install {install.name}"
        if subject not in seen or (seen[subject].ok and not install.exact):
            seen[subject] = Observation(install.exact, subject, _said(install), install.path, install.line)
    yield from seen.values()
    notebooks = [_notebook(found) for found in in_notebooks.values()]
    for sound, label in ((True, "pinned in "), (None, "open in "), (False, "")):
        for group in folded([n for n in notebooks if n.ok is sound], lambda n: n.path, label):
            more = f" (and {len(group.items) - 1} notebooks more)" if len(group.items) > 1 else ""
            yield group.items[0]._replace(subject=group.subject, detail=group.items[0].detail + more)


def _notebook(found: Sequence[Install]) -> Observation:
    """All that one notebook installs is one thing to say."""
    worst = min(found, key=lambda install: ({False: 0, None: 1, True: 2}[install.exact], install.line))
    names = {install.name for install in found if install.exact is worst.exact}
    more = f"; so is {len(names) - 1} more" if len(names) == 2 else f"; so are {len(names) - 1} more"
    return Observation(worst.exact, worst.path, _said(worst) + (more if len(names) > 1 else ""), worst.path, worst.line)


def _said(install: Install) -> str:
    return f"{install.tool} install {install.written}: {install.why}"

"""Which releases a word on the command line means."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from lifelint._words import suggest
from lifelint.cli._documents import rooted
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.written import NAMES
from lifelint.release import chosen

NONE = "there is none here: no releases/<version>/release.yaml with schema: release-manifest/v1"


def wanted(found: Sequence[Release], word: str, root: str) -> Sequence[Release]:
    """The releases that ``word`` means: a version, a tag or the path of a manifest in the repository at ``root``.

    Raises:
        click.ClickException: no release is called so.
    """
    meant = chosen.called(found, word) or chosen.called(found, rooted(root, word))
    if not meant:
        for name in (rooted(root, word), f"releases/{word}/{NAMES[0]}"):
            if name.rpartition("/")[2] in NAMES and os.path.lexists(f"{root}/{name}"):
                raise click.ClickException(f"{name} is no release manifest that git tracks here: `git add` it first")
        there = ", ".join(release.version for release in found[:10])
        near = suggest(word, [name for release in found for name in (release.version, release.tag)])
        raise click.ClickException(f"there is no release {word!r}{near}; {f'there are: {there}' if there else NONE}")
    return meant

"""``lifelint release``: a group, each command of which is a module here."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {
    "new": "Write the manifest of a release, filled from a commit.",
    "verify": "Verify releases field by field from git.",
    "list": "List the releases.",
    "show": "Show what a release is made of.",
    "export": "Say in the form of another standard what was proven of a release.",
}


@click.group("release", cls=LazyGroup, table=COMMANDS, package="lifelint.cli.release")
def command() -> None:
    """Make releases, verify them field by field from git, list, show and export them.

    A release is what a manifest (`releases/<version>/release.yaml`) says it is made of. Every field is looked up in
    git: verified, refuted, or unknown where git alone cannot tell here.

    \b
    lifelint release new 1.4.0           # writes its manifest, filled from HEAD
    lifelint release verify              # the newest release
    lifelint release verify --all        # every release, in CI
    lifelint release show 1.4.0 --rev v1.4.0
    """

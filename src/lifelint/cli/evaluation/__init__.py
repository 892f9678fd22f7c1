"""``lifelint evaluation``: a group, each command of which is a module here."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {
    "new": "Write a report that names what was evaluated.",
    "verify": "Verify reports field by field from git.",
}


@click.group("evaluation", cls=LazyGroup, table=COMMANDS, package="lifelint.cli.evaluation")
def command() -> None:
    """Write reports of evaluations that name what they judged, and verify them from git.

    \b
    lifelint evaluation new --metrics metrics.json
    lifelint evaluation verify
    """

"""``lifelint github``: a group, each command of which is a module here."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {
    "run": "Check in a workflow, and publish what came out: what the action runs.",
    "comment": "Comment on a pull request from the report of another run.",
}


@click.group("github", cls=LazyGroup, table=COMMANDS, package="lifelint.cli.github")
def command() -> None:
    """Check in a GitHub Actions workflow, and publish what came out.

    The repository's action runs these; with lifelint installed otherwise, a step can run them itself. What the runner
    tells by its environment is not asked for. docs/github.md has whole workflows.
    """

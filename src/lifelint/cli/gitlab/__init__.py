"""``lifelint gitlab``: a group, each command of which is a module here."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {"note": "Write a note on the merge request from a JSON report."}


@click.group("gitlab", cls=LazyGroup, table=COMMANDS, package="lifelint.cli.gitlab")
def command() -> None:
    """Publish on GitLab what a job's check said.

    What the runner tells by its environment is not asked for. docs/gitlab.md has a whole job.
    """

"""``lifelint gates``: a group, each command of which is a module here."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {"check": "Compute gates again from the reports."}


@click.group("gates", cls=LazyGroup, table=COMMANDS, package="lifelint.cli.gates")
def command() -> None:
    """Compute again whether a model is good enough.

    \b
    lifelint gates check
    lifelint gates check --report out/metrics.json
    """

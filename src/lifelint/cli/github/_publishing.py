"""What the two commands share: the option for the token, outputs, and a notice of what became of a comment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from lifelint.forge import commands
from lifelint.forge.sticky import Published
from lifelint.report.escaping import command_data

F = TypeVar("F", bound=Callable[..., Any])

_QUIET = ("created", "updated", "unchanged")


def token_option(command: F) -> F:
    """``--token``."""
    meaning = "The job's token; better in LIFELINT_TOKEN."
    return click.option("--token", default="", envvar="LIFELINT_TOKEN", help=meaning)(command)


def told(published: Published) -> None:
    """One notice of why there is no comment, where somebody may miss it."""
    if published.status not in (*_QUIET, "skipped"):
        text = command_data(f"No comment was written ({published.status}): {published.why}")
        click.echo(f"::notice title=lifelint::{text}")
    elif published.why:
        click.echo(command_data(f"No comment was written: {published.why}"))


def output(values: Mapping[str, str | int]) -> None:
    """Sets outputs of the step."""
    file = os.environ.get("GITHUB_OUTPUT", "")
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(commands.outputs(values))

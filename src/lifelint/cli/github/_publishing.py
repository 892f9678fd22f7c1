"""What the two commands share: the options of a comment, our own rules, and a notice of what became of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lifelint.catalog import load
from lifelint.forge import commands
from lifelint.forge.sticky import Published
from lifelint.report.escaping import command_data

if TYPE_CHECKING:
    from lifelint.model import Rule

F = TypeVar("F", bound=Callable[..., Any])

WHEN = ("auto", "always", "on-failure", "off")
_QUIET = ("created", "updated", "unchanged")
_KEY = re.compile(r"[a-z0-9._-]{1,64}")


def comment_options(command: F) -> F:
    """``--comment-key`` and ``--token``."""
    key = click.option(
        "--comment-key",
        default="default",
        envvar="LIFELINT_COMMENT_KEY",
        callback=_key,
        help="Tells several comments on one pull request apart.",
    )
    token = click.option(
        "--token", default="", envvar="LIFELINT_TOKEN", help="The job's token; better in LIFELINT_TOKEN."
    )
    return key(token(command))


def _key(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _KEY.fullmatch(value):
        raise click.BadParameter("takes at most 64 lower-case letters, digits, dots, dashes and underscores")
    return value


def own_rules() -> Mapping[str, Rule]:
    """The rules that come with lifelint, by id."""
    return {rule.id: rule for rule in load(examples=False).rules}


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

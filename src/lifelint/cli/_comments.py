"""The comment on a change, whatever forge it is for: when it is made, under which key, in whose words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from lifelint._patterns import lazy
from lifelint.cli._formats import MALFORMED, NoReport

if TYPE_CHECKING:
    from lifelint.report.comment import Where

F = TypeVar("F", bound=Callable[..., Any])

WHEN = ("auto", "always", "on-failure", "off")
_KEY = lazy(r"[a-z0-9._-]{1,64}")


class Comment(NamedTuple):
    """What is said of a change, and whether that is worth a comment where there is none yet."""

    body: str
    create: bool


def comment_options(choices: tuple[str, ...] = WHEN) -> Callable[[F], F]:
    """``--comment`` and ``--comment-key``."""
    when = click.option(
        "--comment",
        "when",
        type=click.Choice(choices),
        default="auto",
        envvar="LIFELINT_COMMENT",
        help="When to make a comment (default: auto, when there is something to say).",
    )
    key = click.option(
        "--comment-key",
        default="default",
        envvar="LIFELINT_COMMENT_KEY",
        callback=_key,
        help="Tells several comments on one change apart.",
    )
    return lambda command: when(key(command))


def _key(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _KEY.fullmatch(value):
        raise click.BadParameter("takes at most 64 lower-case letters, digits, dots, dashes and underscores")
    return value


def comment_of(document: Mapping[str, Any], where: Where, when: str, key: str) -> Comment:
    """The comment that a report makes.

    Raises:
        NoReport: the document lacks what a report holds.
    """
    from lifelint.catalog import load
    from lifelint.report import comment

    rules = {rule.id: rule for rule in load(examples=False).rules}
    try:
        create = {"always": True, "auto": comment.worth(document), "on-failure": not document["gate"]["passed"]}[when]
        return Comment(comment.render(document, rules, where, key=key), create)
    except MALFORMED as error:
        raise NoReport(f"does not hold what a report of version 1 holds ({type(error).__name__}: {error})") from None

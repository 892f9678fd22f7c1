"""``lifelint gitlab note``: one note on the merge request, edited as the change goes on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from lifelint.cli import EPILOG, OK
from lifelint.cli._comments import comment_of, comment_options
from lifelint.cli._formats import NoReport, report_at
from lifelint.forge.gitlab import MergeThread, client
from lifelint.forge.gitlab_job import Merge, merge
from lifelint.forge.sticky import Published, publish
from lifelint.report.escaping import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@click.command("note", epilog=EPILOG)
@click.argument("report", type=click.Path())
@comment_options()
@click.option(
    "--token",
    default="",
    envvar="LIFELINT_GITLAB_TOKEN",
    help="A project access token; better in LIFELINT_GITLAB_TOKEN.",
)
def command(report: str, when: str, comment_key: str, token: str) -> int:
    """Write a note on the merge request whose pipeline this is, from a JSON report of the same job.

    The note is created when there is something to say, then edited in place. A note that cannot be written is told,
    and no failure: the exit code is 0.

    \b
    lifelint check --base auto -o json=report.json
    lifelint gitlab note report.json
    """
    published = _published(merge(os.environ), report_at(report), when, comment_key, token)
    why = f": {visible(published.why)}" if published.why else ""
    click.echo(" ".join(filter(None, (f"note {published.status}{why}", published.address))))
    return OK


def _published(at: Merge | None, document: Mapping[str, Any], when: str, key: str, token: str) -> Published:
    from lifelint.report.comment import Where

    if when == "off" or at is None:
        return Published("skipped", why="" if when == "off" else "this is no pipeline of a merge request")
    if not token:
        return Published("denied", why=f"LIFELINT_GITLAB_TOKEN is not set, {_untold(at)}")
    where = Where(at.server, at.path, at.commit, at.job, blob="-/blob")
    try:
        made = comment_of(document, where, when, key)
    except NoReport as error:
        raise click.ClickException(f"the report {error}") from None
    thread = MergeThread(client(at.api, token), at.project, at.number, at.address)
    return publish(thread, at.commit, made.body, create=made.create)


def _untold(at: Merge) -> str:
    """Why a variable of the project may not have come here."""
    if at.forked:
        return "because a fork's pipeline is given no variable of the project that the merge request is made in"
    return "or it is protected, and this pipeline is not of a protected branch"

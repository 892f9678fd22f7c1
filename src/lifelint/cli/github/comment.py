"""``lifelint github comment``: what a run without the right to write could not say, said by one that has it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifelint.cli import EPILOG, OK
from lifelint.cli._comments import WHEN, comment_of, comment_options
from lifelint.cli._formats import NoReport, report_at
from lifelint.cli.github._publishing import output, token_option, told
from lifelint.forge import actions, github
from lifelint.forge.answers import ForgeError
from lifelint.forge.sticky import Published, publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LARGEST = 2 << 20  # bytes: a report of a thousand projects


@click.command("comment", epilog=EPILOG)
@click.argument("report", type=click.Path(), envvar="LIFELINT_REPORT")
@comment_options(WHEN[:-1])
@token_option
def command(report: str, when: str, comment_key: str, token: str) -> int:
    """Comment on a pull request from the report of another run, in a workflow that starts when that one ends.

    A run for a fork's pull request, or for Dependabot's, may not write; its report is kept as an artifact. REPORT is
    that file, and a stranger's: it is read as data, of at most 2 MB, and the comment is made from it anew. Which pull
    request it belongs to is GitHub's word (`workflow_run`), not the report's.
    """
    event = os.environ.get("GITHUB_EVENT_PATH", "")
    try:
        payload = Path(event).read_bytes() if event else b"{}"
        ended, run = actions.ended(payload), actions.run(os.environ, payload)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"GITHUB_EVENT_PATH={event}: {error}") from None
    published = _published(run, ended, report_at(report, _LARGEST), when, comment_key, token)
    told(published)
    output({"comment-status": published.status, "comment-url": published.address})
    return OK


def _published(
    run: actions.Run, ended: actions.Ended, document: Mapping[str, Any], when: str, key: str, token: str
) -> Published:
    from lifelint.report.comment import Where

    if not token:
        return Published("denied", why="there is no token")
    where = Where(run.server, ended.repository, ended.commit, ended.address)
    try:
        made = comment_of(document, where, when, key)
    except NoReport as error:
        return Published("failed", why=f"the report {error}")
    client = run.client(token)
    try:
        pull = github.open_pull(client, ended.repository, ended.owner, ended.branch, ended.commit)
    except ForgeError as error:
        return Published("failed", why=str(error))
    if pull is None:
        return Published("stale", why=f"no open pull request is at {ended.commit[:12]}")
    return publish(github.PullThread(client, pull, run.graphql), ended.commit, made.body, create=made.create)

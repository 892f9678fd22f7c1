"""``lifelint release list``."""

from __future__ import annotations

import click

from lifelint.cli._documents import dumped, facts_of, format_option
from lifelint.cli._inputs import config_option, state_options
from lifelint.cli._look import look
from lifelint.cli.release._meant import NONE
from lifelint.release import chosen
from lifelint.report import releases as report


@click.command("list")
@state_options
@config_option
@format_option
def command(rev: str, staged: bool, config_file: str | None, format_: str) -> None:
    """List the releases, the highest version first, with what git says of each.

    \b
    lifelint release list
    lifelint release list --rev v1.4.0       # those that were known then
    lifelint release list --format json | jq -r '.releases[0].version'
    """
    with facts_of(rev, staged, config_file) as facts:
        found = chosen.releases(facts)
    if format_ == "json":
        click.echo(dumped({"schema_version": 1, "releases": [report.document(release) for release in found]}))
    elif found:
        click.echo(report.table(found, look()), nl=False, color=True)
    else:
        click.echo(NONE[0].upper() + NONE[1:])

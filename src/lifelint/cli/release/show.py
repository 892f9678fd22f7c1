"""``lifelint release show``."""

from __future__ import annotations

import click

from lifelint.cli._documents import dumped, facts_of, format_option
from lifelint.cli._inputs import config_option, state_options
from lifelint.cli._look import look
from lifelint.cli.release._meant import wanted
from lifelint.release import chosen
from lifelint.report import releases as report


@click.command("show")
@click.argument("version")
@state_options
@config_option
@format_option
def command(version: str, rev: str, staged: bool, config_file: str | None, format_: str) -> None:
    """Show what a release is made of: commit, environment, data, models, evaluation, approvals, what it goes back to.

    Each has a mark for what git says of it: verified, refuted or unknown.

    VERSION is a version, a tag, or the path of a manifest.

    \b
    lifelint release show 1.4.0
    lifelint release show v1.4.0 --rev v1.4.0    # as it was released
    lifelint release show 1.4.0 --format json | jq -r '.releases[].models[].digest'
    """
    with facts_of(rev, staged, config_file) as facts:
        meant = wanted(chosen.releases(facts), version, facts.source.snapshot.subject.path)
    if format_ == "json":
        whole = [report.document(release, whole=True) for release in meant]
        click.echo(dumped({"schema_version": 1, "releases": whole}))
    else:
        click.echo("\n".join(report.contents(release, look()) for release in meant), nl=False, color=True)

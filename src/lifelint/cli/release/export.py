"""``lifelint release export``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import facts_of
from lifelint.cli._formats import written
from lifelint.cli._inputs import config_option
from lifelint.cli.release._meant import wanted
from lifelint.facts.releases.document import Release
from lifelint.release import chosen
from lifelint.report.look import safe
from lifelint.report.releases import title

PREDICATES = ("slsa-provenance", "test-result", "svr")
EPILOG = (
    "Exit codes: 0 exported, 1 not exported because a field is refuted or nothing was proven, "
    "2 wrong usage or no such release, 3 internal error."
)


@click.command("export", epilog=EPILOG)
@click.argument("version")
@click.option("--to", "form", type=click.Choice(["in-toto", "cyclonedx"]), required=True, help="The form to export to.")
@click.option(
    "--predicate",
    "predicates",
    type=click.Choice(PREDICATES),
    multiple=True,
    help="Only this predicate of in-toto, and others that are named so.",
)
@click.option("--rev", default="", metavar="REV", help="Export what a revision says, without checking it out.")
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to FILE (default: standard output).")
@config_option
def command(version: str, form: str, predicates: Sequence[str], rev: str, output: str, config_file: str | None) -> int:
    """Say in the form of another standard what was proven of a release.

    VERSION is a version, a tag, or the path of a manifest. Only what git proves is said: a release of which a field is
    refuted is not exported, and what is unknown is left out and told on standard error.

    in-toto gives Statements, one a line, ready to be signed: SLSA provenance, a test result for each evaluation, and a
    simple verification result. cyclonedx gives an ML-BOM. The same commit gives the same bytes.

    \b
    lifelint release export --to in-toto 1.4.0
    lifelint release export --to in-toto --predicate svr v1.4.0 -o svr.json
    lifelint release export --to cyclonedx 1.4.0 -o churn.cdx.json
    """
    from lifelint.exports import cyclonedx, intoto
    from lifelint.exports.claims import claims, refusals

    if predicates and form != "in-toto":
        raise click.UsageError("--predicate belongs to --to in-toto")
    with facts_of(rev, False, config_file) as facts:
        release = _one(wanted(chosen.releases(facts), version, facts.source.snapshot.subject.path), version)
        refused = refusals(release, facts.source)
        proven = None if refused else claims(release, facts.source)
    if proven is None:
        _tell(release, "is not exported", refused)
        click.echo(f"`lifelint release verify {safe(version)}` tells every field of it.", err=True)
        return FINDINGS
    text = intoto.render(proven, predicates) if form == "in-toto" else cyclonedx.render(proven) if proven.models else ""
    if proven.left_out:
        _tell(release, "is exported without what is unknown" if text else "is not exported", proven.left_out)
    if not text:
        click.echo(f"{title(release)}: nothing was proven that could be said.", err=True)
        return FINDINGS
    written(output, text)
    return OK


def _one(meant: Sequence[Release], version: str) -> Release:
    if len(meant) > 1:
        paths = ", ".join(safe(release.path) for release in meant)
        raise click.ClickException(f"{len(meant)} releases are called {version}: name one of {paths}")
    return meant[0]


def _tell(release: Release, what: str, lines: Sequence[str]) -> None:
    click.echo(f"{title(release)} {what}:", err=True)
    for line in lines:
        click.echo(f"  {safe(line)[:1000]}", err=True)

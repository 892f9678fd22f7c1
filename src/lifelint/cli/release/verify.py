"""``lifelint release verify``."""

from __future__ import annotations

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import dumped, facts_of, format_option
from lifelint.cli._inputs import config_option, state_options
from lifelint.cli._look import look
from lifelint.cli.release._meant import NONE, wanted
from lifelint.release import chosen
from lifelint.release.status import REFUTED, UNKNOWN, status
from lifelint.report import releases as report

EPILOG = (
    "Exit codes: 0 nothing refuted (with --strict: everything verified), 1 something refuted, "
    "2 wrong usage or no such release, 3 internal error."
)


@click.command("verify", epilog=EPILOG)
@click.argument("version", required=False, metavar="[VERSION]")
@click.option("--all", "every", is_flag=True, help="Verify every release, not the newest only.")
@click.option("--strict", is_flag=True, help="Exit 1 also when something is unknown.")
@state_options
@config_option
@format_option
def command(
    version: str | None, every: bool, strict: bool, rev: str, staged: bool, config_file: str | None, format_: str
) -> int:
    """Verify releases field by field from git.

    VERSION is a version, a tag, or the path of a manifest; without it the newest release is verified. Nothing is
    believed because it is written: commits, digests, reports and gates are looked up and computed again.

    A field is verified, refuted or unknown. Unknown is what git alone cannot tell here: the clone is shallow or has no
    tags, or nothing in git stands for the artifact. It is never a refutation; --strict demands that there be none.

    \b
    lifelint release verify                      # the newest release
    lifelint release verify 1.4.0                # that one; v1.4.0 if that is its tag
    lifelint release verify --all --strict       # in CI, in a full clone with tags
    lifelint release verify --all --rev v1.4.0 --format json
    """
    if version and every:
        raise click.UsageError("give a VERSION or --all, not both")
    with facts_of(rev, staged, config_file) as facts:
        found = chosen.releases(facts)
        if not found and not version:
            raise click.ClickException(f"nothing to verify: {NONE}")
        root = facts.source.snapshot.subject.path
        meant = wanted(found, version, root) if version else found if every else chosen.newest(found)
    if format_ == "json":
        click.echo(dumped({"schema_version": 1, "releases": [report.document(release) for release in meant]}))
    else:
        click.echo(report.verdicts(meant, look()), nl=False, color=True)
        if len(meant) < len(found) and not version:
            click.echo(f"{len(found) - len(meant)} older releases were not asked for (--all)")
    said = {status(release.verdicts) for release in meant}
    return FINDINGS if REFUTED in said or (strict and UNKNOWN in said) else OK

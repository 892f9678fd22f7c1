"""``lifelint attest``."""

from __future__ import annotations

from contextlib import closing

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._formats import written
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force

EPILOG = (
    "Exit codes: 0 attested, 1 nothing holds that could be attested, 2 wrong usage or configuration, 3 internal error."
)


@click.command("attest", epilog=EPILOG)
@click.option("--rev", default="HEAD", metavar="REV", help="The commit to judge (default: HEAD).")
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to FILE (default: standard output).")
def command(rev: str, output: str) -> int:
    """Say which levels and rules hold at a commit, as an in-toto Statement that is ready to be signed.

    It is a simple verification result (SVR) about the commit. Rules that fail, are waived or could not be judged are
    not in it; the latter are told on standard error. The same commit gives the same bytes.

    \b
    lifelint attest -o svr.json
    cosign attest-blob --statement svr.json --bundle svr.sigstore.json --yes
    """
    from lifelint.exports.attested import attested, unknown
    from lifelint.exports.texts import dumped, from_git, moment
    from lifelint.facts import Source
    from lifelint.facts.proof import of_content
    from lifelint.inspection import inspect

    try:
        state = opened([], rev, False)
        with closing(state.snapshot) as snapshot:
            config = configured(state, None)
            report = inspect(snapshot, config, rules_in_force(state, config, examples=False))
            commit = snapshot.history.commit(report.subject.revision)
            configuration = (of_content(Source(snapshot), config.source) if config.source else None) or ("",)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    time = moment(from_git(commit.committed if commit else 0))
    made = attested(report, time, configuration[0])
    left_out = unknown(report)
    if left_out:
        click.echo(f"Left out, because it could not be told here whether they hold: {', '.join(left_out)}.", err=True)
    if made is None:
        click.echo(f"Nothing holds at {report.subject.revision[:12]} that could be attested.", err=True)
        return FINDINGS
    written(output, f"{dumped(made)}\n")
    return OK

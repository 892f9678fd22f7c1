"""``lifelint evaluation verify``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import dumped, facts_of, format_option, rooted
from lifelint.cli._inputs import config_option, state_options
from lifelint.cli._look import look
from lifelint.facts.evaluation.noun import Evaluation
from lifelint.release.status import REFUTED, UNKNOWN, status
from lifelint.release.subject import judged
from lifelint.report import evaluations as report

EPILOG = (
    "Exit codes: 0 nothing refuted (with --strict: everything verified), 1 something refuted, "
    "2 wrong usage or no such report, 3 internal error."
)


@click.command("verify", epilog=EPILOG)
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--strict", is_flag=True, help="Exit 1 also when something is unknown.")
@state_options
@config_option
@format_option
def command(reports: Sequence[str], strict: bool, rev: str, staged: bool, config_file: str | None, format_: str) -> int:
    """Verify reports field by field from git: is what they say of their subject so, and is it still what is here?

    REPORT is the path of a report in the repository, or the address of a stage (`dvc.yaml:evaluate`); without it all
    reports are verified. A field is verified, refuted or unknown. `current` fields compare with the state that is
    looked at, `held-out` ones with what the model was trained on.

    \b
    lifelint evaluation verify
    lifelint evaluation verify eval-report.json --strict
    lifelint evaluation verify --rev v1.4.0 --format json
    """
    with facts_of(rev, staged, config_file) as facts:
        found = facts["evaluations"].items
        names = [rooted(facts.source.snapshot.subject.path, name) for name in reports]
        meant = _called(found, names) if names else [e for e in found if not e.doubt]
        if not meant:
            raise click.ClickException(
                "nothing to verify: there is no report here (docs/evaluation.md tells what is one)"
            )
    if format_ == "json":
        click.echo(dumped({"schema_version": 1, "evaluations": [report.document(each) for each in meant]}))
    else:
        click.echo(report.verdicts(meant, look()), nl=False, color=True)
    said = {status(judged(each)) for each in meant}
    return FINDINGS if REFUTED in said or (strict and UNKNOWN in said) else OK


def _called(found: Sequence[Evaluation], reports: Sequence[str]) -> Sequence[Evaluation]:
    meant = []
    for name in reports:
        same = [each for each in found if name in (each.path if each.kept else "", each.stage)]
        if not same:
            there = ", ".join(report.title(each) for each in found[:5]) or "none"
            raise click.ClickException(f"{name} is no report that is known here; there are: {there}")
        meant += same
    return list(dict.fromkeys(meant))

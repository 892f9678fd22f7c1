"""``lifelint fix``."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import dumped, format_option
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force

if TYPE_CHECKING:
    from lifelint.cli._disk import Disk
    from lifelint.fix.noun import Edit, Fix, Plan
    from lifelint.fix.plan import Accept
    from lifelint.snapshot._open import Opened

_EPILOG = (
    "Exit codes: 0 nothing is left to a person; 1 something that fails is, as every template that is to be filled in; "
    "2 wrong usage or configuration, or a file was not as it was when the plan was made; 3 internal error."
)


@click.command("fix", epilog=_EPILOG)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option("--apply", "apply_", is_flag=True, help="Write what was planned.")
@click.option("--interactive", is_flag=True, help="Ask of each fix whether to make it, then write those.")
@click.option("--kind", type=click.Choice(("mechanical", "scaffold")), default=None, help="Only fixes of this kind.")
@click.option("--allow-dirty", is_flag=True, help="Also change files with changes that are in no commit.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Templates that come before ours.",
)
@format_option
def command(
    rules: Sequence[str],
    apply_: bool,
    interactive: bool,
    kind: str | None,
    allow_dirty: bool,
    templates: str | None,
    format_: str,
) -> int:
    """Plan what mends the rules that fail, as a patch; write nothing unless told to.

    RULE is the id of a rule; without any, all that fail at or below the target level are looked at. A fix is mechanical
    (the rule was run again on the changed files, and passes) or a scaffold (a template filled with what the repository
    tells; the rule fails until somebody fills in the rest). What no fix mends is listed with what to do instead.

    \b
    lifelint fix                          # the plan, which `git apply` takes too
    lifelint fix tracked-once --apply     # write what mends one rule
    lifelint fix --interactive            # ask of each fix
    """
    if interactive and format_ == "json":
        raise click.UsageError("--interactive asks, and --format json prints only JSON")
    from lifelint.cli._disk import Disk
    from lifelint.cli._edits import Refused, adding, write
    from lifelint.report import fixes as report
    from lifelint.report.look import safe

    try:
        state = opened((), "", False)
        with closing(state.snapshot):
            disk = Disk(state.snapshot, spared=allow_dirty)
            plan = _planned(state, disk, rules, kind or "", templates or "", _asking() if interactive else None)
            written: Sequence[str] = ()
            new = [edit.path for edit in plan.edits if edit.before is None]
            if apply_ or interactive:
                written = write(disk, plan.edits)
    except (*MISTAKES, Refused) as error:
        raise click.ClickException(str(error)) from None
    if format_ == "json":
        click.echo(dumped(report.document(plan, written=written)))
    elif apply_ or interactive:
        click.echo(report.told(plan, written), nl=False)
        if add := adding(disk, state.snapshot, new):
            click.echo(safe(f"Next: {add}"))
    else:
        _print(plan)
    return FINDINGS if plan.left else OK


def _planned(state: Opened, disk: Disk, rules: Sequence[str], kind: str, templates: str, accept: Accept | None) -> Plan:
    from lifelint._words import suggest
    from lifelint.config import ConfigError
    from lifelint.fix.plan import Asked, State, planned
    from lifelint.fix.templates import renderer

    config = configured(state, None)
    loaded = rules_in_force(state, config, examples=False)
    by_name = {name: rule.id for rule in loaded.rules for name in (rule.id, *rule.was)}
    for name in rules:
        if name not in by_name:
            raise ConfigError(f"there is no rule {name!r}{suggest(name, by_name)}; `lifelint rules` lists them")
    today = time.strftime("%Y-%m-%d")
    made = State(state.snapshot, config, loaded, disk.held, renderer(templates), today)
    return planned(made, Asked([by_name[name] for name in rules], kind), accept)


def _print(plan: Plan) -> None:
    """The plan on standard output: a patch whose bytes are those of the files, or on a terminal safe to look at."""
    from lifelint.cli._look import look
    from lifelint.report import fixes as report

    if sys.stdout.isatty():
        click.echo(report.shown(plan, look()), nl=False, color=True)
    else:
        click.echo(report.patches(plan), nl=False)


def _asking() -> Accept:
    """What asks of each fix. After ``q`` nothing more is asked, and nothing more is wanted."""
    from lifelint.cli._look import look
    from lifelint.report import fixes as report

    answer = ""

    def wanted(fix: Fix, edits: Sequence[Edit]) -> bool:
        nonlocal answer
        if answer != "q":
            click.echo(report.proposal(fix, edits, look()), nl=False, color=True)
            answer = click.prompt("Make this change?", type=click.Choice(["y", "n", "q"]), default="n")
        return answer == "y"

    return wanted

"""``lifelint fix``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import dirty_option, dumped, format_option, templates_option
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force

if TYPE_CHECKING:
    from lifelint.catalog import Catalog
    from lifelint.cli._disk import Disk
    from lifelint.config import Config
    from lifelint.fix.noun import Edit, Fix, Plan
    from lifelint.fix.plan import Accept
    from lifelint.snapshot._open import Opened

_EPILOG = (
    "Exit codes: 0 nothing is left to a person; 1 something that fails is, as every template that is to be filled in; "
    "2 wrong usage or configuration, or a file was not as it was when the plan was made; 3 internal error."
)


@click.command("fix", epilog=_EPILOG)
@click.argument("words", nargs=-1, metavar="[RULE]... [PATH]")
@click.option("--apply", "apply_", is_flag=True, help="Write what was planned.")
@click.option("--interactive", is_flag=True, help="Ask of each fix whether to make it, then write those.")
@click.option("--kind", type=click.Choice(("mechanical", "scaffold")), default=None, help="Only fixes of this kind.")
@dirty_option
@templates_option
@format_option
def command(
    words: Sequence[str],
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

    PATH is a folder, as for `lifelint check` (default: the repository around the current folder). One that is called
    like a rule is written ./PATH.

    \b
    lifelint fix                          # the plan, which `git apply` takes too
    lifelint fix tracked-once --apply     # write what mends one rule
    lifelint fix ~/churn-model            # the plan for another repository
    lifelint fix --interactive            # ask of each fix
    """
    if interactive and format_ == "json":
        raise click.UsageError("--interactive asks, and --format json prints only JSON")
    from lifelint.cli._disk import Disk
    from lifelint.cli._edits import Refused, adding, write
    from lifelint.report import fixes as report
    from lifelint.report.look import safe

    try:
        asked = _asked(words)
        with closing(asked.state.snapshot) as snapshot:
            disk = Disk(snapshot, spared=allow_dirty)
            plan = _planned(asked, disk, kind or "", templates or "", _asking() if interactive else None)
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
        if add := adding(disk, snapshot, new):
            click.echo(safe(f"Next: {add}"))
    else:
        _print(plan)
    return FINDINGS if plan.left else OK


class _Asked(NamedTuple):
    """What is to be mended where: the rules that were named, of those that are ``loaded``."""

    state: Opened
    config: Config
    loaded: Catalog
    rules: Sequence[str]


def _asked(words: Sequence[str]) -> _Asked:
    """The rules and the folder that the arguments name. A rule comes before a folder of that name.

    Raises:
        ConfigError: a word is neither.
        SnapshotError: two are folders, or one is a file.
    """
    from lifelint import catalog

    places = [word for word in words if os.path.lexists(word)]
    if places:
        ours = _names(catalog.load(examples=False))
        places = [word for word in places if word not in ours]
    made = _opened(words, places)
    own = [word for word in places if word in _names(made.loaded)]
    if own:  # rules of the repository itself, which are known once it is opened
        made.state.snapshot.close()
        made = _opened(words, [word for word in places if word not in own])
    return made


def _opened(words: Sequence[str], places: Sequence[str]) -> _Asked:
    from lifelint._words import suggest
    from lifelint.config import ConfigError
    from lifelint.snapshot import SnapshotError

    if len(places) > 1:
        raise SnapshotError(f"give one folder: {' and '.join(map(repr, places))} are {len(places)}")
    state = opened(places, "", staged=False)
    with ExitStack() as on_error:
        on_error.callback(state.snapshot.close)
        if state.files:
            raise SnapshotError(f"{places[0]} is a file: give a folder, or the id of a rule")
        config = configured(state, None)
        loaded = rules_in_force(state, config, examples=False)
        names = _names(loaded)
        for word in words:
            if word not in names and word not in places:
                near = suggest(word, names)
                raise ConfigError(f"there is no rule and no folder {word!r}{near}; `lifelint rules` lists the rules")
        on_error.pop_all()
    return _Asked(state, config, loaded, [names[word] for word in words if word in names])


def _names(loaded: Catalog) -> Mapping[str, str]:
    """Every id that a rule has or had → the one that it has."""
    return {name: rule.id for rule in loaded.rules for name in (rule.id, *rule.was)}


def _planned(asked: _Asked, disk: Disk, kind: str, templates: str, accept: Accept | None) -> Plan:
    from lifelint.fix.plan import Asked, State, planned
    from lifelint.fix.templates import renderer

    state, today = asked.state, time.strftime("%Y-%m-%d")
    render = renderer(templates)
    made = State(state.snapshot, asked.config, asked.loaded, disk.held, render, today, state.folder)
    return planned(made, Asked(asked.rules, kind), accept)


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

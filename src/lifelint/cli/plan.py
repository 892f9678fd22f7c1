"""``lifelint plan``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from lifelint.cli import OK
from lifelint.cli._documents import dumped, format_option
from lifelint.cli._inputs import MISTAKES, config_option, configured, opened, rules_in_force

if TYPE_CHECKING:
    from lifelint.config import Config
    from lifelint.fix.ascent import Ascent
    from lifelint.snapshot._open import Opened


@click.command("plan")
@click.argument("path", default=".", type=click.Path())
@click.option("--to", type=click.IntRange(1, 5), help="The level to reach (default: the next one).")
@format_option
@config_option
def command(path: str, to: int | None, format_: str, config_file: str | None) -> int:
    """List the steps to the next level, the cheapest first, with the command for each.

    A step is a rule that has to hold. Some are mended by a fix that is proven, some by a template that is to be filled
    in, and some by hand. Which level that comes to is computed, and where a phase falls short, what is missing is told.

    \b
    lifelint plan                 # to the next level
    lifelint plan --to 3          # and how far it is to level 3
    """
    from lifelint.report import ascents
    from lifelint.snapshot import SnapshotError

    try:
        state = opened([path], "", staged=False)
        with closing(state.snapshot):
            if state.files:
                raise SnapshotError("give a folder: a single file has no level")
            made = _ascents(state, configured(state, config_file), to)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    if format_ == "json":
        click.echo(dumped(ascents.document(made, path)))
        return OK
    from lifelint.cli._look import look

    click.echo(ascents.render(made, look(), path), nl=False, color=True)
    return OK


def _ascents(state: Opened, config: Config, to: int | None) -> Sequence[Ascent]:
    from lifelint.cli._disk import Disk
    from lifelint.fix.ascent import ascent, wanted
    from lifelint.fix.plan import Asked, State, planned
    from lifelint.fix.templates import renderer
    from lifelint.inspection import inspect

    loaded, today = rules_in_force(state, config, examples=False), time.strftime("%Y-%m-%d")
    report = inspect(state.snapshot, config, loaded, folder=state.folder, today=today)
    goals = [(project, to or min(project.scorecard.level + 1, 5)) for project in report.projects if project.scorecard]
    rules = sorted({finding.rule.id for project, goal in goals for finding in wanted(project, goal)})
    disk = Disk(state.snapshot, spared=True)
    made = State(state.snapshot, config, loaded, disk.held, renderer(), today, state.folder)
    plan = planned(made, Asked(rules))
    return [ascent(project, goal, plan) for project, goal in goals]

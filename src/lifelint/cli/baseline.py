"""``lifelint baseline``."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from lifelint.cli import OK
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force
from lifelint.config import BASELINE, ConfigError

if TYPE_CHECKING:
    from lifelint.triage.baseline import Known


@click.group("baseline")
def command() -> None:
    """Accept the problems that an old repository has, so that only new ones fail.

    The baseline is lifelint-baseline.json at the repository's root; commit it. What it holds is marked as known in
    every report, still counts in the level, and does not make `check` exit 1. A change is judged by the baseline of its
    base.

    \b
    lifelint baseline update     # accept what fails today
    lifelint baseline show       # what is accepted, and what of it is gone
    lifelint baseline prune      # take out what is gone
    """


class _State(NamedTuple):
    file: Path
    held: frozenset[Known] | None
    present: frozenset[Known]
    gone: frozenset[Known]


@command.command("update")
def update() -> int:
    """Write a baseline of all that fails now, at or below the target level."""
    state = _state()
    held = state.held or frozenset()
    _written(state.file, state.present)
    added, removed = len(state.present - held), len(held - state.present)
    click.echo(f"{BASELINE}: {_count(len(state.present))} ({added} added, {removed} taken out)")
    return OK


@command.command("prune")
def prune() -> int:
    """Take out of the baseline what does not fail any more. Nothing is added."""
    state = _state()
    held = _held(state)
    left = held - state.gone
    if left != held:
        _written(state.file, left)
    click.echo(f"{BASELINE}: {_count(len(left))} ({len(held) - len(left)} taken out)")
    return OK


@command.command("show")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", help="Default: text.")
def show(format_: str) -> int:
    """List what the baseline holds, by rule, and what of it is gone."""
    state = _state()
    held = _held(state)
    if format_ == "json":
        import json

        rows = [{**one._asdict(), "project": one.project or ".", "gone": one in state.gone} for one in sorted(held)]
        click.echo(json.dumps(rows, indent=1))
        return OK
    from lifelint.report.look import safe

    click.echo(f"{BASELINE}: {_count(len(held))}, {len(state.gone)} of them gone")
    for rule, many in sorted(Counter(one.rule for one in held).items()):
        click.echo(f"\n{rule}: {many}")
        for one in sorted(known for known in held if known.rule == rule):
            project = f"  ({safe(one.project)})" if one.project else ""
            click.echo(f"  {'gone  ' if one in state.gone else ''}{safe(one.subject)}{project}")
    return OK


def _state() -> _State:
    """The baseline of the repository around the current folder, and what fails there."""
    from lifelint.governance import accepted
    from lifelint.inspection import inspect
    from lifelint.triage.baseline import known

    try:
        state = opened((), "", False)
        with closing(state.snapshot):
            config = configured(state, None)._replace(select=(), ignore=())
            loaded = rules_in_force(state, config, examples=False)
            held = accepted(state.snapshot)
            today = time.strftime("%Y-%m-%d")
            report = inspect(state.snapshot, config, loaded, today=today, baseline=held or frozenset())
            file = Path(state.snapshot.subject.path, BASELINE)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    gone = report.baseline.gone if report.baseline else ()
    return _State(file, held, known(report.projects), frozenset(gone))


def _held(state: _State) -> frozenset[Known]:
    if state.held is None:
        raise click.ClickException(f"there is no {BASELINE} here that git tracks; `lifelint baseline update` makes one")
    return state.held


def _written(file: Path, known: Iterable[Known]) -> None:
    from lifelint.triage.baseline import text

    if file.is_symlink():
        raise click.ClickException(f"{file.name} is a symbolic link; it is not written through")
    try:
        file.write_text(text(known), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(str(ConfigError(f"{file.name}: cannot be written ({error.strerror})"))) from None


def _count(number: int) -> str:
    return f"{number} known problem{'s' * (number != 1)}"

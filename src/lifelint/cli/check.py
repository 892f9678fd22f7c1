"""``lifelint check``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

from lifelint.cli import EPILOG, FINDINGS, INTERNAL, OK
from lifelint.cli._formats import FOREIGN, foreign, written
from lifelint.cli._inputs import MISTAKES, config_option, configured, opened, overridden, rules_in_force, state_options
from lifelint.config import FAIL_ON, Config, differences, shown
from lifelint.governance import accepted
from lifelint.inspection import Report, inspect, inspect_change
from lifelint.snapshot._open import Opened
from lifelint.triage import gate

if TYPE_CHECKING:
    from datetime import datetime

FORMATS = ("text", "json", *FOREIGN)
_LONG = 20_000


@click.command("check", epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@state_options
@click.option("--base", default="", metavar="REV", help="Compare with a revision, or where it was left; `auto` in CI.")
@click.option("--changed", is_flag=True, help="With --base: only the files that changed, by rules that need no more.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="What to print (default: text).")
@click.option("-o", "outputs", multiple=True, metavar="FORMAT=FILE", help="Also write a report to a file; repeatable.")
@click.option("--select", multiple=True, metavar="WORD", help="Only these rules, areas, phases, principles or levels.")
@click.option("--ignore", multiple=True, metavar="WORD", help="Not these.")
@click.option("--target", type=click.IntRange(1, 5), help="The level to aim for, instead of the stage's.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="What exits 1 (default: error, or new-error with --base).")
@click.option("--min-level", type=click.IntRange(1, 5), help="Exit 1 when a project is below this level.")
@click.option("--no-level-drop", is_flag=True, help="Exit 1 when the level is lower than at the base.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which waivers lapse.")
@config_option
@click.option("--show-config", is_flag=True, help="Print the configuration in force and where it came from, then stop.")
@click.option("-q", "--quiet", is_flag=True, help="Print failures and the level only.")
@click.option("-v", "--verbose", is_flag=True, help="Print passes with their evidence, and what was left out.")
def command(
    paths: Sequence[str],
    rev: str,
    staged: bool,
    base: str,
    changed: bool,
    format_: str,
    outputs: Sequence[str],
    today: datetime | None,
    config_file: str | None,
    show_config: bool,
    quiet: bool,
    verbose: bool,
    **given: Any,
) -> int:
    """Judge a repository and report its findings and maturity.

    PATH is a folder (default: the repository around the current folder), or one or more files: then only the rules
    that judge single files run, which is what a pre-commit hook wants.

    \b
    lifelint check                                # working tree
    lifelint check --staged                       # what a commit would hold
    lifelint check --rev v1.0.0 ~/churn-model     # a tag of another repository
    lifelint check --base main                    # what this branch makes worse or better
    lifelint check --base main --changed          # in the files that it changed alone: quick, however large the rest
    lifelint check --format markdown -o json=report.json -o sarif=report.sarif
    lifelint check --select data --target 3 --fail-on warning
    """
    targets = [_output(text) for text in outputs]
    try:
        with _opened(paths, rev, staged, base, changed) as (state, before):
            own = configured(state, config_file)
            governing = configured(before, config_file) if before else own
            config = overridden(governing, **given | {key: _words(given[key]) for key in ("select", "ignore")})
            if show_config:
                click.echo(shown(config), nl=False)
                return OK
            report = _judged(state, before, _gated(config, given, state, before), today)
            if report.change:
                report = report._replace(change=report.change._replace(configuration=differences(governing, own)))
            for name, file in targets:
                written(file, _render(report, name))
            for piece in _printed(report, format_, verbose - quiet):
                click.echo(piece, nl=False, color=True)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    if gate.crashed(report.projects):
        return INTERNAL
    return FINDINGS if report.reasons else OK


def _words(given: Sequence[str]) -> Sequence[str]:
    """What an option names that can be repeated, and that takes several words with commas between them."""
    return tuple(",".join(given).split(",")) if given else ()


def _gated(config: Config, given: Mapping[str, Any], state: Opened, before: Opened | None) -> Config:
    """The configuration with what makes a run fail: of a change what it makes worse, unless it is said otherwise."""
    if state.files is not None and (given["min_level"] or given["no_level_drop"]):
        raise click.UsageError("single files have no level: --min-level and --no-level-drop need the whole repository")
    if before and not given["fail_on"] and "fail-on" not in config.lines:
        return config._replace(fail_on="new-error")
    if given["no_level_drop"] and not before:
        raise click.UsageError("--no-level-drop needs a base to compare with: --base REV")
    if config.fail_on.startswith("new-") and not before:
        raise click.UsageError(f"--fail-on {config.fail_on} needs a base to compare with: --base REV")
    return config


def _judged(state: Opened, before: Opened | None, config: Config, today: datetime | None) -> Report:
    """The report on ``state``, compared with ``before`` if there is one."""
    loaded = rules_in_force(before or state, config, examples=False)
    day = today.date().isoformat() if today else time.strftime("%Y-%m-%d")  # a waiver lapses where its owner lives
    where, known = state.folder, accepted((before or state).snapshot)
    with _progress(len(state.snapshot.entries)):
        if before is None:
            return inspect(state.snapshot, config, loaded, folder=where, files=state.files, today=day, baseline=known)
        both = before.snapshot, state.snapshot
        return inspect_change(*both, config, loaded, folder=where, files=state.files, today=day, baseline=known)


def _output(text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    if not (equals and file) or name not in FORMATS:
        legal = ", ".join(FORMATS)
        raise click.BadParameter(f"{text!r} is not FORMAT=FILE with FORMAT one of {legal}", param_hint="-o")
    return name, file


@contextmanager
def _opened(
    paths: Sequence[str], rev: str, staged: bool, base: str, changed: bool
) -> Iterator[tuple[Opened, Opened | None]]:
    """The state that is judged, and the base that it is compared with, if one is named."""
    if changed and not base:
        raise click.UsageError("--changed needs a base to compare with: --base REV")
    if changed and len(paths) > 1:
        raise click.UsageError("--changed finds the files itself: name one folder, or none")
    with ExitStack() as stack:
        if changed:
            from lifelint.cli._base import changed_since

            before, state = changed_since(paths, base, rev=rev, staged=staged)
            for one in (before, state):
                stack.enter_context(closing(one.snapshot))
            yield state, before
            return
        state = opened(paths, rev, staged)
        stack.enter_context(closing(state.snapshot))
        if not base:
            yield state, None
            return
        from lifelint.cli._base import base_of

        before = base_of(state, base)
        stack.enter_context(closing(before.snapshot))
        yield state, before


@contextmanager
def _progress(files: int) -> Iterator[None]:
    """Tells a person who waits what is going on; small repositories are done before it could be read."""
    shown = files >= _LONG and sys.stderr.isatty()
    if shown:
        click.echo(f"checking {files:,} files …", err=True, nl=False)
    try:
        yield
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _printed(report: Report, name: str, verbosity: int) -> Iterator[str | bytes]:
    """The report as it is printed."""
    if name == "json":
        from lifelint.report import json

        yield from json.pieces(report)
    else:
        yield _render(report, name, terminal=True, verbosity=verbosity)


def _render(report: Report, name: str, *, terminal: bool = False, verbosity: int = 0) -> str | bytes:
    """The report in one format."""
    if name != "text":
        from lifelint.report import json

        text_ = json.render(report)
        return text_ if name == "json" else foreign(text_, name)
    from lifelint.report import terminal as text

    if terminal:
        from lifelint.cli._look import look

        return text.render(report, look(verbosity))
    from lifelint.report.look import Look

    return text.render(report, Look())

"""``lifelint init``."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Sequence
from contextlib import closing
from shlex import join
from typing import TYPE_CHECKING

import click

from lifelint.cli import OK
from lifelint.cli._documents import dirty_option, dumped, format_option
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force
from lifelint.facts import Memo

if TYPE_CHECKING:
    from lifelint.cli._disk import Disk
    from lifelint.init.noun import Beginning
    from lifelint.snapshot._open import Opened

_PARTS = ("config", "baseline", "hooks", "workflow")
_EPILOG = (
    "Exit codes: 0 whatever there is to propose; 2 wrong usage or configuration, or a file was not as it was when the "
    "patch was made; 3 internal error."
)


@click.command("init", epilog=_EPILOG)
@click.argument("path", default=".", type=click.Path())
@click.option("--apply", "apply_", is_flag=True, help="Write what is proposed.")
@click.option("--only", multiple=True, type=click.Choice(_PARTS), help="Only this part; repeatable.")
@click.option("--no-baseline", is_flag=True, help="Accept nothing of what fails now.")
@click.option("--hooks", is_flag=True, help="Also make a .pre-commit-config.yaml where there is none.")
@dirty_option
@format_option
def command(
    path: str, apply_: bool, only: Sequence[str], no_baseline: bool, hooks: bool, allow_dirty: bool, format_: str
) -> int:
    """Propose what a repository needs to begin, as a patch; write nothing unless told to.

    Of the repository around PATH, files, tags and remotes tell how far it is, which hooks it uses and where changes to
    it are judged. What is proposed was judged first, in memory: nothing that holds is broken by it, and with the
    baseline `lifelint check` passes. What is there already stays as it is, and applying it twice changes nothing.

    \b
    lifelint init                                   # the patch, which `git apply` takes too
    lifelint init --apply                           # write it
    lifelint init --only config --only workflow     # without baseline and hooks
    """
    if no_baseline and "baseline" in only:
        raise click.UsageError("--no-baseline and --only baseline exclude each other")
    from lifelint.cli._disk import Disk
    from lifelint.cli._edits import Refused, adding, write
    from lifelint.report import beginnings as report
    from lifelint.snapshot._ignored import ignored

    parts = {*(only or _PARTS)} - ({"baseline"} if no_baseline else set())
    try:
        state = opened([path], "", staged=False)
        with closing(state.snapshot):
            disk = Disk(state.snapshot, spared=allow_dirty)
            made = _begun(state, disk, parts, hooks)
            made = made._replace(ignored=ignored(state.snapshot.subject.path, made.new))
            written = write(disk, made.edits) if apply_ else ()
    except (*MISTAKES, Refused) as error:
        raise click.ClickException(str(error)) from None
    if format_ == "json":
        click.echo(dumped(report.document(made, paths=written)))
    elif apply_:
        click.echo(report.told(made, written, adding(disk, state.snapshot, written)), nl=False)
    else:
        flags = {"--no-baseline": no_baseline, "--hooks": hooks, "--allow-dirty": allow_dirty}
        words = [*(("--only", part) for part in only), *((flag,) for flag, given in flags.items() if given)]
        said = [*([path] if path != "." else ()), "--apply", *(word for pair in words for word in pair)]
        _print(made, join(["lifelint", "init", *said]))
    return OK


def _begun(state: Opened, disk: Disk, parts: Collection[str], hooks: bool) -> Beginning:
    from lifelint.fix.texts import Texts
    from lifelint.init.beginning import begun
    from lifelint.init.noun import Ground, Remote
    from lifelint.init.proof import Ruler
    from lifelint.snapshot import SnapshotError
    from lifelint.snapshot._origin import main_branch, origin

    subject = state.snapshot.subject
    if subject.kind == "revision":
        raise SnapshotError(f"{subject.path} is a bare repository: there is no working tree to write to")
    if state.files:
        raise SnapshotError("give a folder: what begins is a repository")
    config = configured(state, None)
    ruler = Ruler(rules_in_force(state, config, examples=False), time.strftime("%Y-%m-%d"), Memo())
    facts = ruler.facts(state.snapshot, config, {})
    remote = Remote(origin(subject.path), main_branch(subject.path) or "main")
    ground = Ground(state.snapshot, facts, config, Texts(disk.held, state.snapshot, {}), remote, hooks)
    return begun(ground, parts, ruler)


def _print(beginning: Beginning, apply_: str) -> None:
    """The patch on standard output: its bytes are those of the files, or on a terminal safe to look at."""
    from lifelint.cli._look import look
    from lifelint.report import beginnings as report

    if sys.stdout.isatty():
        click.echo(report.shown(beginning, apply_, look()), nl=False, color=True)
    else:
        click.echo(report.patches(beginning, apply_), nl=False)

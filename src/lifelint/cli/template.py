"""``lifelint template``."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from shlex import join
from typing import TYPE_CHECKING

import click

from lifelint.cli import FINDINGS, OK
from lifelint.cli._documents import around, dirty_option, dumped, format_option, templates_option
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force
from lifelint.facts import Memo

if TYPE_CHECKING:
    from lifelint.cli._disk import Disk
    from lifelint.init.proof import Ruler
    from lifelint.kit.noun import Made, Site, Template
    from lifelint.snapshot._open import Opened

_EPILOG = (
    "Exit codes: 0 listed, or there is something to write; 1 there is nothing to write, as where it is there already; "
    "2 wrong usage or configuration, or a file was not as it was when the patch was made; 3 internal error."
)


def _complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from lifelint.kit.catalogue import BY_NAME

    return [name for name in BY_NAME if name.startswith(incomplete)]


@click.command("template", epilog=_EPILOG)
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--apply", "apply_", is_flag=True, help="Write it.")
@click.option("--forge", type=click.Choice(["github", "gitlab"]), default=None, help="Default: what the files tell.")
@click.option("--title", default="", metavar="TEXT", help="The title of a decision-record.")
@dirty_option
@templates_option
@format_option
def command(
    name: str | None,
    apply_: bool,
    forge: str | None,
    title: str,
    allow_dirty: bool,
    templates: str | None,
    format_: str,
) -> int:
    """Write a workflow or a form that no rule asks for, as a patch; write nothing unless told to.

    Without NAME, all templates are listed: where each would be written here, by which command, and the rules it serves.
    What the repository tells is filled in, for the project around the current folder; what it does not tell is marked.
    What is there already stays as it is.

    \b
    lifelint template                                  # what there is
    lifelint template pull-request                     # the patch, which `git apply` takes too
    lifelint template decision-record --title "Accept a lower AUC until May" --apply
    """
    if title and name != "decision-record":
        raise click.UsageError("--title is that of a decision-record")
    if name is None and apply_:
        raise click.UsageError("name the template that is to be written")
    from lifelint.cli._disk import Disk
    from lifelint.cli._edits import Refused
    from lifelint.fix.noun import CannotFix

    try:
        state = opened(["."], "", staged=False)
        with closing(state.snapshot):
            disk = Disk(state.snapshot, spared=allow_dirty)
            ruler = _ruler(state)
            site = _site(state, disk, ruler, templates or "", forge or "", title)
            if name is None:
                _list(site, disk, ruler, templates or "", format_)
            else:
                flags = {"--forge": forge or "", "--title": title, "--templates": templates or ""}
                words = [word for flag, value in flags.items() if value for word in (flag, value)]
                words += ["--allow-dirty"] * allow_dirty
                _write(name, site, disk, ruler, format_, join(words), apply_=apply_)
    except CannotFix as error:
        click.echo(f"Nothing to write: {error}.", err=True)
        return FINDINGS
    except (*MISTAKES, Refused) as error:
        raise click.ClickException(str(error)) from None
    return OK


def _ruler(state: Opened) -> Ruler:
    from lifelint.init.proof import Ruler
    from lifelint.snapshot import SnapshotError

    subject = state.snapshot.subject
    if subject.kind == "revision":
        raise SnapshotError(f"{subject.path} is a bare repository: there is no working tree to write to")
    loaded = rules_in_force(state, configured(state, None), examples=False)
    return Ruler(loaded, time.strftime("%Y-%m-%d"), Memo())


def _site(state: Opened, disk: Disk, ruler: Ruler, templates: str, forge: str, title: str) -> Site:
    from lifelint.fix.templates import renderer
    from lifelint.fix.texts import Texts
    from lifelint.init.noun import Ground, Remote
    from lifelint.kit.noun import Site
    from lifelint.projects import Project, Shares
    from lifelint.snapshot._origin import main_branch, origin
    from lifelint.states import projects_of

    config = configured(state, None)
    facts = ruler.facts(state.snapshot, config, {})
    subject = state.snapshot.subject
    remote = Remote(origin(subject.path), main_branch(subject.path) or "main")
    ground = Ground(state.snapshot, facts, config, Texts(disk.held, state.snapshot, {}), remote)
    projects = projects_of(facts, config, "")
    root = around(state.folder, [project.root for project in projects])
    share = Shares(facts, projects).of(Project(root))
    return Site(ground, share, root, renderer(templates, "kit"), disk.names, forge, title)


def _list(site: Site, disk: Disk, ruler: Ruler, templates: str, format_: str) -> None:
    from lifelint.cli._look import look
    from lifelint.fix.plan import Asked, State, planned
    from lifelint.fix.templates import renderer
    from lifelint.kit.catalogue import entries, scaffolds
    from lifelint.report import kit as report

    rules = ruler.loaded.rules
    asked = [rule.id for asking in scaffolds(rules).values() for rule in asking]
    ground = site.ground
    state = State(ground.snapshot, ground.config, ruler.loaded, disk.held, renderer(templates), ruler.today)
    found = list(entries(site, rules, planned(state, Asked(asked))))
    if format_ == "json":
        click.echo(dumped(report.list_document(found)))
    else:
        click.echo(report.listed(found, look()), nl=False, color=True)


def _write(name: str, site: Site, disk: Disk, ruler: Ruler, format_: str, flags: str, *, apply_: bool) -> None:
    from lifelint.cli._edits import adding, write
    from lifelint.kit.making import made
    from lifelint.report import kit as report
    from lifelint.snapshot._ignored import ignored

    found = made(_called(name, ruler), site, ruler)
    snapshot = site.ground.snapshot
    new = [edit.path for edit in found.edits if edit.before is None]
    found = found._replace(ignored=ignored(snapshot.subject.path, new))
    paths = write(disk, found.edits) if apply_ else ()
    if format_ == "json":
        click.echo(dumped(report.document(found, paths=paths)))
    elif apply_:
        click.echo(report.told(found, paths, adding(disk, snapshot, paths)), nl=False)
    else:
        _print(found, f"lifelint template {name} {flags}{' ' * bool(flags)}--apply")


def _called(name: str, ruler: Ruler) -> Template:
    from lifelint._words import suggest
    from lifelint.config import ConfigError
    from lifelint.kit.catalogue import BY_NAME, COMMANDS, scaffolds

    if name in BY_NAME:
        return BY_NAME[name]
    by_rules = scaffolds(ruler.loaded.rules)
    of_rules = by_rules.get(name.partition(".")[0])
    by = f"lifelint fix {' '.join(rule.id for rule in of_rules)}" if of_rules else COMMANDS.get(name, "")
    if by:
        raise ConfigError(f"{name} is written by `{by}`")
    near = suggest(name, [*BY_NAME, *by_rules, *COMMANDS])
    raise ConfigError(f"there is no template {name!r}{near}; `lifelint template` lists them")


def _print(found: Made, apply_: str) -> None:
    """The patch on standard output: its bytes are those of the files, or on a terminal safe to look at."""
    from lifelint.cli._look import look
    from lifelint.report import kit as report

    if sys.stdout.isatty():
        click.echo(report.shown(found, apply_, look()), nl=False, color=True)
    else:
        click.echo(report.patches(found, apply_), nl=False)

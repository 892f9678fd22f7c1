"""The command line. Only this package prints, writes and exits; each command's module is imported when it runs."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click

from lifelint import __version__

COMMANDS = {
    "init": "Propose what a repository needs to begin: configuration, baseline, hooks, workflow.",
    "check": "Judge a repository and report its findings and maturity.",
    "plan": "List the steps to the next level, with the command for each.",
    "fix": "Plan what mends the rules that fail, as a patch, or write it.",
    "template": "Write a workflow or a form that no rule asks for, as a patch, or list what there is.",
    "waive": "Accept the failures of a rule until a day.",
    "baseline": "Accept the problems that an old repository has, so that only new ones fail.",
    "render": "Make another format from an archived JSON report.",
    "explain": "Tell why a rule exists, what it looks at, and how to satisfy it.",
    "rules": "List the rules.",
    "facts": "Print what was understood of a repository, as JSON.",
    "evaluation": "Write reports that name what they judged, and verify them from git.",
    "gates": "Compute gates again from the reports.",
    "release": "Make releases, verify them field by field from git, list and show them.",
    "test-rules": "Run the examples of rule files.",
    "report": "Write the audit report of a commit, as one document, or verify an archived one.",
    "attest": "Say which levels and rules hold at a commit, as an in-toto Statement.",
    "schema": "Print the JSON Schema of a document.",
    "github": "Check in a GitHub Actions workflow, and publish what came out.",
    "gitlab": "Publish on a merge request what a check said.",
    "completion": "Print the shell code that completes lifelint's commands.",
}

OK, FINDINGS, USAGE, INTERNAL = 0, 1, 2, 3
"""Exit codes: nothing at or above the threshold; findings at or above it; wrong usage or configuration; our error."""

EPILOG = (
    "Exit codes: 0 nothing at or above the threshold, 1 findings at or above it, "
    "2 wrong usage or configuration, 3 internal error."
)


class LazyGroup(click.Group):
    """A group whose commands stand in ``table`` (name → short help) and are imported from ``package`` when run."""

    def __init__(self, *, table: Mapping[str, str], package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.table = table
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module = import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def _change_folder(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        try:
            os.chdir(value)
        except OSError as error:
            raise click.BadParameter(f"cannot go to {value!r}: {error.strerror}") from None


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=LazyGroup, table=COMMANDS, package="lifelint.cli", epilog=EPILOG, context_settings=_CONTEXT)
@click.option(
    "-C",
    "folder",
    metavar="PATH",
    callback=_change_folder,
    expose_value=False,
    is_eager=True,
    help="Run as if started in PATH, as git does.",
)
@click.version_option(__version__, "-V", "--version", message="lifelint %(version)s")
def group() -> None:
    """A linter for the machine-learning lifecycle.

    It reads a git repository and verifies what it says about its environments, data, pipelines and models. Nothing of
    the repository is executed, imported or fetched.

    \b
    lifelint check                       # the repository around the current folder
    lifelint check --rev v1.2.0          # a revision, without checking it out
    lifelint explain lock-fresh          # why a rule exists and how to satisfy it
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits with one of the documented codes."""
    # What Python would say of the code that is inspected (from 3.12 on, of each odd escape) is not for this user
    warnings.simplefilter("ignore", SyntaxWarning)
    try:
        code: Any = group.main(args=args, prog_name="lifelint", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:  # noqa: BLE001  (the last resort: a bug must not look like a verdict)
        internal(error)
        sys.exit(INTERNAL)
    sys.exit(code if isinstance(code, int) else OK)


def internal(error: Exception) -> None:
    """Says that a bug was met, and where."""
    import traceback

    click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(f"lifelint {__version__} failed. That is a bug: please report it with the lines above.", err=True)

"""``lifelint report``: a group whose first command is what it does by itself."""

from __future__ import annotations

import click

from lifelint.cli import LazyGroup

COMMANDS = {
    "write": "Write the audit report of a commit. That is what `lifelint report` alone does.",
    "verify": "Compare an archived JSON report with the repository.",
}


class _Report(LazyGroup):
    """A group that writes where no command of it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and args[0] in (*self.table, *ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["write", *args])


@click.group("report", cls=_Report, table=COMMANDS, package="lifelint.cli.report")
def command() -> None:
    """Write the audit report of a commit: one document, for the person who has to defend the project.

    `lifelint report write --help` tells its options; the word `write` may be left out.

    \b
    lifelint report -o audit.html
    lifelint report --rev v1.4.0 -o audit.json
    lifelint report verify audit.json
    """

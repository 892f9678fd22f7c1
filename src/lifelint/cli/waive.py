"""``lifelint waive``."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifelint.cli import OK
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force
from lifelint.config import FILES, ConfigError, parse

if TYPE_CHECKING:
    from datetime import datetime


@click.command("waive")
@click.argument("rule")
@click.argument("subject", default="*")
@click.option("--reason", required=True, help="Why the failure is accepted.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day.")
def command(rule: str, subject: str, reason: str, owner: str, expires: datetime) -> int:
    """Accept the failures of a rule until a day.

    Adds a waiver at the end of the configuration (lifelint.toml, or pyproject.toml if that holds it) and leaves the
    rest of the file as it is. SUBJECT is a glob over what the rule reports, as `check --format csv` shows it; without
    it all is waived.

    \b
    lifelint waive no-raw-binaries 'data/sample.csv' --reason 'public sample' --owner @ml --expires 2027-06-30
    """
    try:
        state = opened((), "", False)
        with closing(state.snapshot):
            config = configured(state, None)
            known = [one.id for one in rules_in_force(state, config, examples=False).rules]
            folder = state.snapshot.subject.path
        if rule not in known:
            from lifelint._words import suggest

            raise ConfigError(f"there is no rule {rule!r}{suggest(rule, known)}")
        name = config.source or FILES[0]
        table = "tool.lifelint.waivers" if name.endswith("pyproject.toml") else "waivers"
        values = {"rule": rule, "subject": subject, "reason": reason, "owner": owner}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        block = "\n".join([f"[[{table}]]", *lines, f"expires = {expires.date().isoformat()}", ""])
        _append(Path(folder, name), name, block)
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name}: {rule} is waived for {subject} until {expires.date().isoformat()}")
    return OK


def _append(file: Path, name: str, block: str) -> None:
    """Writes ``block`` at the end of a file, if what comes out is a configuration.

    Raises:
        ConfigError: it would not be (waivers are an inline list there), or the file cannot be written.
    """
    try:
        with file.open(encoding="utf-8", newline="") as opened_file:
            text = opened_file.read()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: cannot be read ({error})") from None
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else end if text.endswith("\n") else end + end
    added = gap + block.replace("\n", end)
    try:
        parse(name, (text + added).encode())
    except ConfigError as error:
        raise ConfigError(f"a waiver cannot be added at the end: {error}") from None
    try:
        with file.open("a", encoding="utf-8", newline="") as opened_file:
            opened_file.write(added)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be written ({error.strerror})") from None

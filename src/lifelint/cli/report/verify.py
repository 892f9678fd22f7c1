"""``lifelint report verify``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from lifelint.cli import FINDINGS, OK, _frameworks
from lifelint.cli._inputs import MISTAKES, config_option
from lifelint.cli.report.write import audited
from lifelint.snapshot._layout import discover
from lifelint.snapshot.history import COMMIT_ID

EPILOG = "Exit codes: 0 it agrees, 1 it does not, 2 wrong usage, or no such report or commit, 3 internal error."
_SHOWN = 50


class _Asked(NamedTuple):
    """What an archived audit is about."""

    rev: str
    base: str
    folder: str
    frameworks: Sequence[str]


@click.command("verify", epilog=EPILOG)
@click.argument("file", type=click.Path())
@config_option
def command(file: str, config_file: str | None) -> int:
    """Compare an archived JSON report with the repository.

    The commit that FILE is about is judged again, as of the same day, against the same base and for the same
    frameworks, and everything is compared but the title and the address of the forge. What another version of lifelint
    or other rules found may differ for that reason alone, which is told first.

    \b
    lifelint report verify audit.json
    """
    from lifelint.frameworks import reading
    from lifelint.report.audit import json as audits
    from lifelint.report.audit.compared import differences
    from lifelint.report.look import safe

    archived = _read(file)
    try:
        subject, change = archived["report"]["subject"], archived["report"]["change"]
        asked = _Asked(
            _commit(subject["revision"]),
            _commit(change["base"]) if change else "",
            str(subject["path"]),
            [str(one["framework"]["id"]) for one in archived["frameworks"]],
        )
        day = str(archived["today"] or "")
    except (KeyError, TypeError, ValueError) as error:
        raise _unfit(file, error) from None
    layout = discover(".")
    folder = f"{layout.root}/{asked.folder}" if layout and layout.root and asked.folder != "." else ""
    # One that is not known any more is a difference, not a mistake.
    known = [name for name in asked.frameworks if name in reading.load().frameworks]
    chosen = _frameworks.chosen(known)
    try:
        made = audited(folder, asked.rev, asked.base, config_file, title="", today=day, asked=chosen)
        again = json.loads(audits.render(made))
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    try:
        found = list(differences(archived, again))
    except (KeyError, TypeError, AttributeError) as error:
        raise _unfit(file, error) from None
    for line in found[:_SHOWN]:
        click.echo(safe(line))
    if len(found) > _SHOWN:
        click.echo(f"and {len(found) - _SHOWN} more")
    count = sum(len(project["findings"]) for project in again["report"]["projects"])
    many = f"differs in {len(found)} point{'s' * (len(found) > 1)} from" if found else "agrees with"
    click.echo(f"{safe(file)} {many} what is found at {asked.rev[:12]} ({count} findings)")
    return FINDINGS if found else OK


def _read(file: str) -> dict[str, Any]:
    try:
        with click.open_file(file, "rb") as opened:
            archived = json.loads(opened.read())
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise click.ClickException(f"{file} is not JSON") from None
    if not isinstance(archived, dict) or archived.get("schema") != "audit/v1":
        raise click.ClickException(f"{file} is not an audit/v1 (lifelint report --format json)")
    return archived


def _commit(value: Any) -> str:
    if not (isinstance(value, str) and COMMIT_ID.fullmatch(value)):
        raise ValueError(f"{value!r} is not a full commit id")
    return value


def _unfit(file: str, error: Exception) -> click.ClickException:
    return click.ClickException(f"{file} does not hold what an audit/v1 holds ({type(error).__name__}: {error})")

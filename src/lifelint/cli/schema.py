"""``lifelint schema``."""

from __future__ import annotations

from pathlib import Path

import click

from lifelint import _resources


def _names() -> list[str]:
    return sorted(path.stem for path in Path(_resources.directory("schemas")).glob("*.json"))


def _complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in _names() if name.startswith(incomplete)]


@click.command("schema")
@click.argument("name", required=False, shell_complete=_complete)
def command(name: str | None) -> None:
    """Print the JSON Schema of a document: an evaluation report, gates, a release manifest, a report, lifelint.toml.

    Without NAME the schemas are listed.

    \b
    lifelint schema
    lifelint schema gates > gates.schema.json
    lifelint schema release-manifest/v1
    """
    names = _names()
    if name is None:
        click.echo("\n".join(names))
        return
    asked = name.replace("/", "-")
    found = next((known for known in names if asked in (known, known.rpartition("-v")[0] or known)), None)
    if found is None:
        from lifelint._words import suggest

        raise click.ClickException(f"there is no schema {name!r}{suggest(asked, names)}; there are: {', '.join(names)}")
    click.echo(_resources.text("schemas", f"{found}.json"), nl=False)

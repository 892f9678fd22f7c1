"""``lifelint facts``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import click

from lifelint.cli._inputs import MISTAKES, config_option, configured, opened, state_options
from lifelint.facts import KINDS


@click.command("facts")
@click.argument("kind", required=False, type=click.Choice(sorted(KINDS)))
@click.argument("paths", nargs=-1, metavar="[PATH]", type=click.Path())
@state_options
@config_option
def command(kind: str | None, paths: Sequence[str], rev: str, staged: bool, config_file: str | None) -> None:
    """Print what was understood of a repository, as JSON: every fact with its path and line.

    This is what rules are written over; `docs/facts.md` describes each kind.

    \b
    lifelint facts                       # all kinds
    lifelint facts stages --rev v1.0.0   # the pipeline of a revision
    lifelint facts locks | jq '.locks[] | select(.fresh == false)'
    """
    import json

    from lifelint.facts import Facts, Source
    from lifelint.facts._plain import plain

    try:
        state = opened(paths, rev, staged)
        with closing(state.snapshot):
            config = configured(state, config_file)
            facts = Facts(Source(state.snapshot, exclude=config.exclude))
            made = {name: facts[name] for name in ([kind] if kind else KINDS)}
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    unread = dict.fromkeys(u for collected in made.values() for u in collected.unread)
    document = {name: plain(collected.items) for name, collected in made.items()}
    document["unread"] = [{"path": plain(u.path), "line": u.line, "message": plain(u.message)} for u in unread]
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))

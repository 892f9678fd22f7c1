"""``lifelint explain``."""

from __future__ import annotations

from contextlib import closing

import click

from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force


def _complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from lifelint import catalog

    return [rule.id for rule in catalog.load().rules if rule.id.startswith(incomplete)]


@click.command("explain")
@click.argument("rule", shell_complete=_complete)
def command(rule: str) -> None:
    """Tell why a rule exists, what it looks at, and how to satisfy it, with examples.

    \b
    lifelint explain data-chain-consistent
    """
    from lifelint._words import suggest
    from lifelint.report.explain import render

    try:
        state = opened([], "", False)
        with closing(state.snapshot):
            rules = rules_in_force(state, configured(state, None)).rules
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    by_name = {name: r for r in rules for name in (r.id, *r.was)}
    if rule not in by_name:
        raise click.ClickException(f"there is no rule {rule!r}{suggest(rule, by_name)}; `lifelint rules` lists them")
    click.echo(render(by_name[rule]), nl=False)

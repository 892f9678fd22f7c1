"""``lifelint rules``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import click

from lifelint import catalog
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force
from lifelint.model import Rule


@click.command("rules")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def command(words: Sequence[str], format_: str) -> None:
    """List the rules in force here: the built-in ones and those of the repository's configuration.

    WORDs narrow the list to ids, areas, phases, principles, severities or levels.

    \b
    lifelint rules
    lifelint rules data error
    lifelint rules --format json
    """
    try:
        state = opened([], "", False)
        with closing(state.snapshot):
            rules: Sequence[Rule] = rules_in_force(state, configured(state, None), examples=False).rules
        for word in words:
            rules = catalog.select(rules, [word]) if catalog.select(rules, [word]) else []
    except (*MISTAKES, LookupError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(_json(rules) if format_ == "json" else _text(rules))


def _text(rules: Sequence[Rule]) -> str:
    wide = max((len(rule.id) for rule in rules), default=0)
    lines, area = [], ""
    for rule in rules:
        if rule.area != area:
            area = rule.area
            lines += ["", click.style(area, bold=True)]
        lines.append(f"  {rule.id.ljust(wide)}  level {rule.level}  {rule.severity.value.ljust(7)}  {rule.title}")
    lines += ["", f"{len(rules)} rules. `lifelint explain RULE` tells more of one."]
    return "\n".join(lines).lstrip("\n")


def _json(rules: Sequence[Rule]) -> str:
    import json

    from lifelint.facts._plain import plain

    return json.dumps([{k: v for k, v in plain(rule).items() if k != "examples"} for rule in rules], indent=2)

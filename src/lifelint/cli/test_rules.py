"""``lifelint test-rules``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lifelint import catalog
from lifelint.cli import FINDINGS, OK
from lifelint.examples import verdict
from lifelint.model import Rule


@click.command("test-rules")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path), metavar="[DIR]")
def command(folder: Path | None) -> int:
    """Run the examples of rule files: those in DIR, or the built-in ones.

    Every example is a miniature repository; its rule must come to the outcome it states, and the rule's fix must mend
    it if it says so. Exits 1 when one does not.

    \b
    lifelint test-rules
    lifelint test-rules policy/
    """
    from lifelint.fix import examples as fixes

    rules = _rules(folder)
    known = {rule.id: rule for rule in (*catalog.load(examples=False).rules, *rules)}
    loaded = catalog.Catalog([*known.values()], "")
    failed = 0
    for rule in rules:
        for example in rule.examples:
            wrong = verdict(rule, example) or fixes.verdict(rule, example, loaded)
            if wrong:
                failed += 1
                click.echo(f"{click.style('✗', fg='red')} {rule.source}: {example.title}\n    {wrong}")
    ran = sum(len(rule.examples) for rule in rules)
    click.echo(f"{ran} examples of {len(rules)} rules: {ran - failed} as stated, {failed} not")
    return FINDINGS if failed else OK


def _rules(folder: Path | None) -> Sequence[Rule]:
    if folder is None:
        return catalog.load().rules
    files = [folder] if folder.is_file() else sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
    if not files:
        raise click.ClickException(f"there is no rule file (*.yaml) in {folder}")
    try:
        return [catalog.parse(file.as_posix(), file.read_bytes()) for file in files]
    except catalog.RuleError as error:
        raise click.ClickException(str(error)) from None

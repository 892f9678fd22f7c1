"""``lifelint explain``."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from lifelint.cli import _frameworks
from lifelint.cli._inputs import MISTAKES, configured, opened, rules_in_force

if TYPE_CHECKING:
    from lifelint.frameworks.crosswalk import Outcomes

LIST = ""


def _complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from lifelint import catalog

    return [rule.id for rule in catalog.load().rules if rule.id.startswith(incomplete)]


@click.command("explain")
@click.argument("rule", required=False, shell_complete=_complete)
@click.option(
    "--framework",
    is_flag=False,
    flag_value=LIST,
    default=None,
    metavar="[NAME]",
    shell_complete=_frameworks.complete,
    help="Tell which rules answer what a standard, law or guide asks for, and how far. Without NAME: list them.",
)
@click.option(
    "--report",
    type=click.Path(),
    metavar="FILE",
    help="With --framework: tell what became of the rules in a report of `check --format json`; - is standard input.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="What to print.")
def command(rule: str | None, framework: str | None, report: str | None, format_: str) -> None:
    """Tell why a rule exists, what it looks at, and how to satisfy it, with examples; or what rules answer of a
    framework.

    \b
    lifelint explain data-chain-consistent
    lifelint explain --framework                             # the frameworks
    lifelint explain --framework ml-test-score
    lifelint explain --framework eu-ai-act --report report.json
    """
    if (rule is None) is (framework is None):
        raise click.UsageError("name a rule, or ask for a --framework; `lifelint rules` lists the rules")
    if report is not None and not framework:
        raise click.UsageError("--report needs --framework NAME")
    if framework is None:
        click.echo(_rule(str(rule), format_), nl=False)
    else:
        click.echo(_framework(framework, report, format_), nl=False)


def _rule(name: str, format_: str) -> str:
    from lifelint._words import suggest
    from lifelint.frameworks import crosswalk, reading
    from lifelint.report.explain import render

    try:
        state = opened([], "", False)
        with closing(state.snapshot):
            rules = rules_in_force(state, configured(state, None)).rules
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    by_name = {name: r for r in rules for name in (r.id, *r.was)}
    if name not in by_name:
        raise click.ClickException(f"there is no rule {name!r}{suggest(name, by_name)}; `lifelint rules` lists them")
    rule = by_name[name]
    served = tuple(crosswalk.served(reading.load(), rule.id))
    if format_ == "text":
        return render(rule, served)
    from lifelint.facts._plain import plain

    answers = [
        {"framework": framework.id, "item": item.id, "title": item.title, "answered": item.answered}
        for framework, item in served
    ]
    return _json(plain(rule) | {"frameworks": answers})


def _framework(name: str, report: str | None, format_: str) -> str:
    from lifelint.frameworks import reading
    from lifelint.frameworks.crosswalk import answers
    from lifelint.report.frameworks import document, listing, render

    crosswalk = reading.load()
    built = _frameworks.built()
    if name == LIST:
        every = [(one, answers(one, built, crosswalk.planned)) for one in crosswalk.frameworks.values()]
        return listing(every) if format_ == "text" else _json([document(*one) for one in every])
    framework = _frameworks.named(crosswalk, name)
    found = None if report is None else _outcomes(report)
    answered = answers(framework, built, crosswalk.planned, found)
    return (
        render(framework, answered, reported=found is not None)
        if format_ == "text"
        else _json(document(framework, answered))
    )


def _outcomes(report: str) -> Outcomes:
    """The outcomes of a JSON report: project → rule → outcome."""
    from lifelint.cli._formats import MALFORMED, report_at
    from lifelint.model import Outcome

    document = report_at(report)
    try:
        return {
            str(project["root"]): {str(one["rule"]): Outcome(one["outcome"]).value for one in project["findings"]}
            for project in document["projects"]
        }
    except MALFORMED as error:
        told = f"does not hold what a report of version 1 holds ({type(error).__name__}: {error})"
        raise click.ClickException(f"{report}: {told}") from None


def _json(value: Any) -> str:
    import json

    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

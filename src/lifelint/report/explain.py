"""One rule as Markdown: what `explain` prints and what the page of the rule in the docs holds."""

from __future__ import annotations

from lifelint import _resources
from lifelint.model import LEVELS, Rule


def render(rule: Rule) -> str:
    """The rule's page, from ``templates/rule.md.j2``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_resources.directory("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (Markdown for a terminal and for files, not HTML)
    )
    text: str = environment.get_template("rule.md.j2").render(rule=rule, level_name=LEVELS[rule.level])
    return text

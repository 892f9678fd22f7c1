"""One rule as Markdown: what `explain` prints and what the page of the rule in the docs holds."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint.frameworks.nouns import Framework, Item
from lifelint.model import LEVELS, Rule
from lifelint.report.filled import filled

_SHOWN_LINES = 60


def shortened(text: str) -> str:
    """The text of an example's file: the middle of a long one left out and counted, carriage returns made visible."""
    text = text.replace("\r", "␍")
    lines = text.splitlines()
    if len(lines) <= _SHOWN_LINES:
        return text if text.endswith("\n") else f"{text}\n"
    return "\n".join([*lines[:3], f"… {len(lines) - 4} more lines …", lines[-1], ""])


def render(rule: Rule, served: Sequence[tuple[Framework, Item]] = (), *, frameworks: str = "") -> str:
    """The rule's page, from ``templates/rule.md.j2``.

    ``served`` are the items that it has a part in answering; ``frameworks`` is where the pages of frameworks are, if
    links to them lead anywhere.
    """
    return filled(
        "rule.md.j2",
        {"shortened": shortened},
        rule=rule,
        level_name=LEVELS[rule.level],
        served=served,
        frameworks=frameworks,
    )

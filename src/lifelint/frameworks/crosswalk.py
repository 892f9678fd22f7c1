"""What rules answer of a framework, and what became of them in a report."""

from collections.abc import Iterator, Mapping, Sequence

from lifelint.frameworks.nouns import FULLY, NOT, NOT_ASSESSED, PARTLY, Answer, Crosswalk, Framework, Item, Part
from lifelint.model import Outcome

WORST_FIRST = (
    Outcome.FAIL,
    Outcome.BLOCKED,
    Outcome.ERROR,
    Outcome.UNKNOWN,
    Outcome.PREMATURE,
    Outcome.WAIVED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)

Outcomes = Mapping[str, Mapping[str, str]]
"""The findings of a report: project → rule → outcome."""


def answers(
    framework: Framework, built: Mapping[str, str], planned: Mapping[str, str], found: Outcomes | None = None
) -> Sequence[Answer]:
    """Every item of a framework with the rules that answer it, and with their outcomes where some were ``found``.

    ``built`` and ``planned`` are the titles of rules by id; a planned rule that is built counts as built.
    """
    return tuple(_answer(item, built, planned, found) for item in framework.items)


def _answer(item: Item, built: Mapping[str, str], planned: Mapping[str, str], found: Outcomes | None) -> Answer:
    parts = tuple(
        Part(
            rule,
            built.get(rule) or planned[rule],
            rule in built,
            {project: rules[rule] for project, rules in (found or {}).items() if rule in rules and rule in built},
        )
        for rule in item.rules
    )
    outcome = "" if found is None else worst([outcome for part in parts for outcome in part.outcomes.values()])
    return Answer(item, today(item, built), parts, outcome)


def today(item: Item, built: Mapping[str, str]) -> str:
    """How far the rules that are built answer an item."""
    here = [rule for rule in item.rules if rule in built]
    if item.answered == NOT:
        return NOT
    if not here:
        return NOT_ASSESSED
    return FULLY if item.answered == FULLY and len(here) == len(item.rules) else PARTLY


def worst(outcomes: Sequence[str]) -> str:
    """The outcome that says most against an item."""
    return next((outcome.value for outcome in WORST_FIRST if outcome in outcomes), NOT_ASSESSED)


def served(crosswalk: Crosswalk, rule: str) -> Iterator[tuple[Framework, Item]]:
    """The items that a rule has a part in answering."""
    for framework in crosswalk.frameworks.values():
        for item in framework.items:
            if rule in item.rules:
                yield framework, item

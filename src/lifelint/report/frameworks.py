"""What rules answer of a framework: the page that `explain --framework` prints and that the docs hold, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from lifelint import __version__
from lifelint.facts._plain import plain
from lifelint.frameworks.crosswalk import WORST_FIRST
from lifelint.frameworks.nouns import ANSWERED, FULLY, NOT, NOT_ASSESSED, PARTLY, Answer, Framework, Part
from lifelint.report.escaping import visible
from lifelint.report.filled import filled

SCHEMA = "crosswalk/v1"
_NAMED = 3  # projects of an outcome that are named; JSON names all
STATEMENT = (
    "A crosswalk is our reading of the text, made to find evidence in a repository. Passing rules is no certification, "
    "no conformity assessment and no legal advice: a repository proves that its parts are consistent, not that they "
    "are true."
)
MEANING = {
    "fully": "What the item asks for is what these rules decide, as far as anything in git can.",
    "partly": "A part of it; the reason says which, and the rest needs something else or somebody.",
    "not": "No rule, built or planned, looks at it; mostly because nothing that a repository holds tells.",
    NOT_ASSESSED: "A repository can tell, but the rules that will look are not built yet, or were not run.",
}


def render(framework: Framework, answers: Sequence[Answer], *, reported: bool = False, rules: str = "") -> str:
    """The framework's page, from ``templates/framework.md.j2``; ``rules`` is where the pages of rules are, if links
    to them lead anywhere."""
    return filled(
        "framework.md.j2",
        {"groupby_in_order": _groups, "spoken": spoken, "told": told, "judged": _judged},
        framework=framework,
        answers=answers,
        statement=STATEMENT,
        coverage=coverage([answer.today for answer in answers]),
        outcomes=outcomes([answer.outcome for answer in answers if answer.parts]) if reported else None,
        rules=rules,
    )


def counted(answers: Sequence[Answer]) -> Mapping[str, int]:
    """How many items are answered how far today."""
    counts = Counter(answer.today for answer in answers)
    return {word: counts[word] for word in (*ANSWERED, NOT_ASSESSED)}


def coverage(todays: Sequence[str]) -> str:
    """How far the items of a framework are answered today, in words."""
    counts = Counter(todays)
    return (
        f"Of {len(todays)} items, the rules of this version answer {counts[FULLY]} fully, {counts[PARTLY]} partly and "
        f"{counts[NOT]} not at all; {counts[NOT_ASSESSED]} are not assessed yet, because the rules for them are "
        "planned. Reasons speak of all rules of an item: what only a planned one would see is not seen yet."
    )


def outcomes(found: Sequence[str]) -> Mapping[str, int]:
    """How many have which outcome, in words, the worst first."""
    counts = Counter(found)
    order = (*(outcome.value for outcome in WORST_FIRST), NOT_ASSESSED)
    return {spoken(word): counts[word] for word in order if counts[word]}


def document(framework: Framework, answers: Sequence[Answer]) -> dict[str, Any]:
    """The same as JSON values, by the schema in ``docs/schemas/crosswalk-v1.json``."""
    about = {key: value for key, value in plain(framework).items() if key != "items"}
    return {
        "schema": SCHEMA,
        "tool": {"name": "lifelint", "version": __version__},
        "statement": STATEMENT,
        "framework": about,
        "items": [_item(answer) for answer in answers],
    }


def _item(answer: Answer) -> dict[str, Any]:
    more = {"today": answer.today, "outcome": answer.outcome or None, "rules": plain(answer.parts)}
    return {**plain(answer.item), **more}


def listing(frameworks: Sequence[tuple[Framework, Sequence[Answer]]]) -> str:
    """All frameworks, a line each."""
    wide = max(len(framework.id) for framework, _ in frameworks)
    lines = []
    for framework, answers in frameworks:
        counts = ", ".join(f"{count} {spoken(word)}" for word, count in counted(answers).items() if count)
        lines += [f"{framework.id.ljust(wide)}  {framework.title}, {framework.version}", f"{' ' * wide}  {counts}"]
    return "\n".join([*lines, "", STATEMENT]) + "\n"


def _groups(answers: Sequence[Answer]) -> list[list[Answer]]:
    return [list(group) for _, group in groupby(answers, key=lambda answer: answer.item.group)]


def spoken(word: str) -> str:
    """A word of answers and outcomes, as it is read."""
    return word.replace("-", " ")


def _judged(parts: Sequence[Part]) -> str:
    """How many rules of an item stand behind its outcome."""
    return f"{sum(bool(part.outcomes) for part in parts)} of {len(parts)} rule{'s' * (len(parts) > 1)} in the report"


def told(outcomes: Mapping[str, str]) -> str:
    """The outcome of a rule: one word where all projects agree, else with the first projects that have it."""
    if len(set(outcomes.values())) == 1:
        return spoken(next(iter(outcomes.values())))
    parts = []
    for outcome in WORST_FIRST:
        where = sorted(visible(project) for project, found in outcomes.items() if found == outcome)
        more = f" and {len(where) - _NAMED} more" if len(where) > _NAMED else ""
        parts += [f"{spoken(outcome)} in {', '.join(where[:_NAMED])}{more}"] if where else []
    return "; ".join(parts)

"""What the forms of an audit say in words, from its JSON document. Each sentence can be checked by who reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lifelint.model import LEVELS, STAGES

Document = Mapping[str, Any]

VERDICTS = {True: "verified", False: "refuted", None: "not known"}
"""What became of a row of the bill; one that nothing fixes is ``not fixed``."""

SIDES = {
    "both": "both sides",
    "data": "the data side only",
    "model": "the model side only",
    "named": "someone, no side told",
    "default": "the default owner only",
    "nobody": "nobody",
}
STATES = {
    "controlled": "controlled",
    "partly": "partly",
    "uncontrolled": "nothing holds",
    "unknown": "not known",
    "not-assessed": "not assessed",
    "not-applicable": "does not apply",
}
CHANGES = {"nothing": "nothing (the world goes on)"}


def levels(project: Document, answers: Document) -> Iterator[str]:
    """The level, how it was earned, and what keeps the next one away."""
    card = project["scorecard"]
    level, strict, target = (int(card[key]) for key in ("level", "strict_level", "target"))
    aim = f"the target of a project that is {project['stage']}" if STAGES[project["stage"]] == target else "the target"
    yield f"Level {level} ({LEVELS[level]}); {aim} is level {target} ({LEVELS[target]})."
    if strict != level:
        yield f"Without its waivers it would be level {strict}."
    rungs = {rung["level"]: rung for rung in answers["levels"]}
    for number in range(1, level + 1):
        yield _earned(rungs[number])
    if level + 1 in rungs:
        yield _missed(rungs[level + 1])


def _earned(rung: Document) -> str:
    number, passed, waived, apart = (rung["level"], len(rung["passed"]), len(rung["waived"]), rung["not_applicable"])
    if not passed + waived:
        return f"Level {number} has no rule that applies; it is held because a higher one is proven."
    each = f"all {passed + waived} of its error and warning rules that apply hold"
    if passed + waived == 1:
        each = "the one error or warning rule of it that applies holds"
    accepted = f", {waived} of them by waiver" if waived else ""
    return f"Level {number} was earned: {each}{accepted}{f'; {apart} {_do(apart)} not apply' if apart else ''}."


def _missed(rung: Document) -> str:
    open_, phases = rung["open"], rung["unproven_phases"]
    reasons = []
    if open_:
        told: dict[str, list[str]] = {}
        for one in open_:
            told.setdefault(one["outcome"], []).append(one["rule"])
        named = "; ".join(f"{_OUTCOMES.get(outcome, outcome)}: {', '.join(rules)}" for outcome, rules in told.items())
        total = len(rung["passed"]) + len(rung["waived"]) + len(open_)
        many = f"{len(open_)} of its {total} rules that apply {_do(len(open_))} not hold"
        reasons.append(f"{many if total > 1 else 'its only rule that applies does not hold'} ({named})")
    if phases:
        where = f"the phase{'s' * (len(phases) > 1)} {', '.join(phases)}"
        reasons.append(f"in {where} no rule of it applies, and nothing is earned by absence")
    return f"Level {rung['level']} is not reached: {'; and '.join(reasons) or 'no rule of it was proven'}."


_OUTCOMES = {"fail": "failed", "error": "crashed"}


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def verdict(item: Document) -> str:
    """The verdict on a row of the bill in a word."""
    fixed = item["identifier"] and item["strength"] not in ("", "declared")
    return "not fixed" if item["holds"] is False and not fixed else VERDICTS[item["holds"]]


def bill(answers: Document) -> str:
    """What the bill comes to."""
    counts = Counter(verdict(row) for row in answers["bill"])
    told = ", ".join(f"{counts[word]} {word}" for word in (*VERDICTS.values(), "not fixed") if counts[word])
    return f"{_count(len(answers['bill']), 'item')} found: {told}." if told else "Nothing to reproduce was found."


def ownership(answers: Document) -> str:
    """What the ownership of the interfaces comes to."""
    made = answers["ownership"]
    paths = made["interfaces"]
    if not paths:
        return "No path was found at which data and models meet."
    many = f"{_count(len(paths), 'path')} at which data and models meet"
    if made["declared"] is None:
        return f"{many}; who owns them is not known: {made['why']}."
    if not made["declared"]:
        return f"{many}, and no CODEOWNERS file in force: nobody owns any of it."
    counts = Counter(one["verdict"] for one in paths)
    told = ", ".join(f"{counts[key]} by {words}" for key, words in SIDES.items() if counts[key])
    return f"{many}, owned: {told}."


def grid(answers: Document, releases: int) -> str:
    """What the grid comes to, in a repository with so many releases."""
    counts = Counter(one["state"] for one in answers["grid"])
    asked = sum(counts.values()) - counts["not-assessed"] - counts["not-applicable"]
    unsure = f", {counts['unknown']} {_be(counts['unknown'])} not known" if counts["unknown"] else ""
    return (
        f"Of {asked} meetings of a kind of change with a time, {counts['controlled']} {_be(counts['controlled'])} "
        f"controlled, {counts['partly']} partly{unsure}, and at {counts['uncontrolled']} nothing was found that holds. "
        f"{counts['not-assessed']} more are not assessed, because no rule looks at them yet."
        f"{'' if releases else ' There is no release manifest: what is told of release is of one made of this commit.'}"
    )


def weakest(project: Document, answers: Document, rules: Mapping[str, Document]) -> str:
    """The least controlled cell in one sentence."""
    found = answers["weakest"]
    cell = found["cell"]
    blind = ", ".join(f"{one['principle']} of the {one['phase']} phase" for one in found["unauditable"])
    unsure = f" Not auditable, because more than 15 % of the rules there are unknown: {blind}." if blind else ""
    if cell is None:
        return f"Every rule up to the target level {int(project['scorecard']['target'])} that applies holds.{unsure}"
    title = rules.get(cell["rule"], {}).get("title", "")
    place = f"the {cell['principle']} of the {cell['phase']} phase"
    root = f"{cell['rule']} ({title[:1].lower()}{title[1:]})" if title else cell["rule"]
    return f"Least controlled is {place}; at its root is that this does not hold: {root}.{unsure}"


def changed(change: Document) -> Iterator[str]:
    """What a change comes to."""
    new, fixed = len(change["new"]), len(change["fixed"])
    yield f"{new} new problem{'' if new == 1 else 's'}, {fixed} fixed, {int(change['unchanged'])} as before."
    kinds = {one["kind"] for one in change["altered"]}
    if "model" in kinds and "evaluation" not in kinds and change["unchanged_evaluations"]:
        yield "The model changed and its evaluation did not."
    if change["configuration_changed"]:
        yield "The configuration changed; that of the base judges both."
    for root, level in change["after"].items():
        before = change["before"][root]
        if before != level:
            yield f"The level of {root} was {_none(before)} and is {_none(level)}."


def _none(level: int | None) -> str:
    return "none" if level is None else str(level)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

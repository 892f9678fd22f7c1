"""Frameworks as the forms of an audit show them, from its JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from lifelint.frameworks.crosswalk import worst
from lifelint.report.audit.view import anchor
from lifelint.report.frameworks import coverage, outcomes, spoken, told

Document = Mapping[str, Any]


class Rule(NamedTuple):
    """A rule of an item: ``outcome`` is its worst, ``told`` which projects have which where they differ, or why it was
    not assessed; ``anchor`` is the finding on the page, where there is one."""

    rule: str
    title: str
    outcome: str
    told: str
    anchor: str


class Item(NamedTuple):
    """An item, how far the rules answer it and how many of them were run, in words, and its rules."""

    item: Document
    answered: str
    ran: str
    rules: Sequence[Rule]


class Shown(NamedTuple):
    """A framework: what it is, what its rules come to, in two sentences, and its items in groups."""

    number: int
    about: Document
    coverage: str
    became: str
    groups: Sequence[tuple[str, Sequence[Item]]]


def shown(document: Document) -> Iterator[Shown]:
    """Every framework of the audit."""
    alone = len(document["report"]["projects"]) == 1
    for number, one in enumerate(document["frameworks"], 1):
        items = one["items"]
        counts = outcomes([item["outcome"] for item in items if item["rules"]])
        became = ", ".join(f"{count} {word}" for word, count in counts.items())
        groups = [
            (group, [_item(item, alone) for item in some]) for group, some in groupby(items, lambda item: item["group"])
        ]
        yield Shown(number, one["framework"], coverage([item["today"] for item in items]), became, groups)


def _item(item: Document, alone: bool) -> Item:
    today, once = item["today"], item["answered"]
    more = "" if today == once else f"; {once} once all of its rules are built"
    rules = item["rules"]
    many = f"{sum(bool(rule['outcomes']) for rule in rules)} of {len(rules)} rule{'s' * (len(rules) > 1)} ran"
    return Item(item, f"{spoken(today)}{more}", many if rules else "no rule", [_rule(rule, alone) for rule in rules])


def _rule(rule: Document, alone: bool) -> Rule:
    found = rule["outcomes"]
    outcome = worst([*found.values()])
    missing = "not run" if rule["built"] else "planned"
    differ = told(found) if len({*found.values()}) > 1 else ""
    # Of several projects none is meant alone, and not all are on the page.
    there = anchor(1, rule["rule"]) if found and alone else ""
    return Rule(rule["rule"], rule["title"], outcome, differ if found else f"not assessed: {missing}", there)

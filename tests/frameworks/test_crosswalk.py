"""How far rules answer an item, and what became of it in a report."""

from __future__ import annotations

import pytest

from lifelint.frameworks.crosswalk import WORST_FIRST, answers, served, today, worst
from lifelint.frameworks.nouns import Crosswalk, Framework, Item
from lifelint.model import Outcome

BUILT = {"lock-fresh": "Every lock still belongs to its manifest", "data-versioned": "Data is versioned"}
PLANNED = {"staged-rollout": "A new model takes part of the traffic before all of it"}


def item(answered: str, *rules: str) -> Item:
    return Item("A", "Something", "All", answered, "Why.", rules)


def framework(*items: Item) -> Framework:
    return Framework("guide", "A guide", "1", "Somebody", "2024", ("https://example.org",), "Free.", "", items)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (item("fully", "lock-fresh", "data-versioned"), "fully"),
        (item("fully", "lock-fresh", "staged-rollout"), "partly"),
        (item("fully", "staged-rollout"), "not-assessed"),
        (item("partly", "lock-fresh"), "partly"),
        (item("partly", "staged-rollout"), "not-assessed"),
        (item("not"), "not"),
    ],
)
def test_only_what_is_built_answers_today(one: Item, expected: str) -> None:
    assert today(one, BUILT) == expected


def test_an_item_has_the_worst_outcome_of_its_rules_in_all_projects() -> None:
    found = {".": {"lock-fresh": "pass", "data-versioned": "not-applicable"}, "b": {"lock-fresh": "unknown"}}
    [answer] = answers(framework(item("partly", "lock-fresh", "data-versioned")), BUILT, PLANNED, found)

    assert answer.outcome == "unknown"
    assert answer.parts[0].outcomes == {".": "pass", "b": "unknown"}
    assert answer.parts[1].outcomes == {".": "not-applicable"}


def test_a_rule_that_did_not_run_says_nothing() -> None:
    [answer] = answers(framework(item("partly", "lock-fresh")), BUILT, PLANNED, {".": {"data-versioned": "pass"}})

    assert (answer.outcome, answer.parts[0].outcomes) == ("not-assessed", {})


def test_a_rule_of_somebody_else_by_the_name_of_a_planned_one_says_nothing() -> None:
    [answer] = answers(framework(item("partly", "staged-rollout")), BUILT, PLANNED, {".": {"staged-rollout": "pass"}})

    assert (answer.outcome, answer.today, answer.parts[0].built) == ("not-assessed", "not-assessed", False)


def test_without_a_report_there_are_no_outcomes() -> None:
    [answer] = answers(framework(item("partly", "lock-fresh", "staged-rollout")), BUILT, PLANNED)

    assert answer.outcome == ""
    assert [(part.title, part.built) for part in answer.parts] == [
        (BUILT["lock-fresh"], True),
        (PLANNED["staged-rollout"], False),
    ]


def test_every_outcome_has_its_place() -> None:
    assert set(WORST_FIRST) == set(Outcome)
    assert len(WORST_FIRST) == len(Outcome)
    assert worst(["pass", "waived"]) == "waived"
    assert worst(["not-applicable", "pass"]) == "pass"
    assert worst([]) == "not-assessed"


def test_a_rule_serves_the_items_that_name_it() -> None:
    one, other = item("partly", "lock-fresh"), item("fully", "data-versioned")
    guide = framework(one, other)

    assert [*served(Crosswalk({"guide": guide}, PLANNED), "lock-fresh")] == [(guide, one)]

"""Levels are earned in order, and nothing is earned by absence."""

from __future__ import annotations

from lifelint.model import Finding, Outcome, Severity
from lifelint.scorecard import Scorecard, score
from tests.test_engine import RULE

PASS, FAIL, UNKNOWN, NA = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def finding(name: str, level: int, outcome: Outcome, **more: object) -> Finding:
    return Finding(RULE._replace(id=name, level=level, **more), outcome)  # type: ignore[arg-type]


def card(*findings: Finding, target: int = 2) -> Scorecard:
    return score(findings, target)


def test_an_empty_repository_is_level_0_and_proves_nothing() -> None:
    made = card(finding("a", 1, NA), finding("b", 2, NA))

    assert (made.level, made.strict_level, made.proven, made.applicable) == (0, 0, 0, 0)
    assert made.least_controlled is None
    assert made.next_steps == []


def test_a_level_holds_when_every_applicable_rule_up_to_it_holds() -> None:
    assert card(finding("a", 1, PASS), finding("b", 2, PASS), finding("c", 3, FAIL)).level == 2


def test_a_level_is_not_earned_over_a_broken_lower_one() -> None:
    assert card(finding("a", 1, FAIL), finding("b", 2, PASS)).level == 0


def test_a_level_is_not_earned_by_rules_that_do_not_apply() -> None:
    assert card(finding("a", 1, PASS), finding("b", 2, NA)).level == 1


def test_unknown_does_not_hold() -> None:
    assert card(finding("a", 1, PASS), finding("b", 2, UNKNOWN)).level == 1


def test_an_info_rule_never_holds_a_level_back() -> None:
    assert card(finding("a", 1, PASS), finding("b", 1, FAIL, severity=Severity.INFO)).level == 1


def test_an_experimental_rule_counts_for_nothing() -> None:
    made = card(finding("a", 1, PASS), finding("b", 1, FAIL, status="experimental"))

    assert (made.level, made.applicable, made.counts["fail"]) == (1, 1, 0)


def test_a_waived_rule_holds_the_level_but_not_the_strict_level() -> None:
    made = card(finding("a", 1, PASS), finding("b", 2, Outcome.WAIVED))

    assert (made.level, made.strict_level) == (2, 1)


def test_a_project_has_the_level_of_its_least_phase() -> None:
    made = card(finding("a", 2, PASS), finding("b", 1, FAIL, phases=("data",)))

    assert made.level == 0
    assert made.least_controlled is not None
    assert (made.least_controlled.phase, made.least_controlled.rule) == ("data", "b")


def test_a_phase_goes_with_the_others_through_levels_that_no_rule_about_it_could_prove() -> None:
    scoping = finding("a", 1, PASS, phases=("scoping",))
    model = [finding("b", 1, PASS), finding("c", 2, PASS), finding("d", 3, PASS)]
    later = finding("e", 3, NA, phases=("scoping",))

    assert card(scoping, *model).level == 3
    assert card(scoping, *model, later).level == 2
    assert card(scoping, *model, later._replace(outcome=PASS)).level == 3
    assert card(scoping).level == 1


def test_one_broken_cell_breaks_its_phase() -> None:
    assert card(finding("a", 2, PASS), finding("b", 1, FAIL, principle="continuity")).level == 0


def test_a_cell_without_rules_of_a_level_does_not_hold_its_phase_back() -> None:
    assert card(finding("a", 1, PASS, principle="continuity"), finding("b", 1, PASS), finding("c", 2, PASS)).level == 2


def test_a_phase_in_which_only_a_higher_rule_is_broken_holds_what_lies_below_it() -> None:
    made = card(finding("a", 1, PASS), finding("b", 2, PASS), finding("c", 3, FAIL, phases=("operation",)))

    assert made.level == 2
    assert [c.level for c in made.matrix if c.phase == "operation"] == [None] * 4


def test_what_is_not_broken_but_not_proven_either_earns_nothing() -> None:
    assert card(finding("c", 3, FAIL)).level == 0
    assert card(finding("a", 1, PASS), finding("c", 3, FAIL, phases=("operation",))).level == 1


def test_a_rule_counts_in_each_phase_it_names() -> None:
    made = card(finding("a", 1, PASS, phases=("data", "model")))

    assert [(c.phase, c.level) for c in made.matrix if c.level is not None] == [("data", 1), ("model", 1)]


def test_proven_counts_rules_up_to_the_target_and_unknown_is_applicable_but_not_proven() -> None:
    made = card(finding("a", 1, PASS), finding("b", 2, UNKNOWN), finding("c", 3, PASS), finding("d", 1, NA))

    assert (made.proven, made.applicable) == (1, 2)


def test_the_next_step_is_the_lowest_level_then_what_unblocks_most() -> None:
    waiting = finding("w", 2, Outcome.BLOCKED, rests_on=("z",))
    made = card(finding("b", 2, FAIL), finding("a", 1, FAIL), finding("z", 1, FAIL), waiting)

    assert [(s.rule, s.unblocks) for s in made.next_steps] == [("z", 1), ("a", 0), ("b", 0)]


def test_a_cell_in_which_nothing_is_proven_has_level_0() -> None:
    made = card(finding("a", 1, PASS), finding("c", 2, FAIL, phases=("operation",)))

    assert [c.level for c in made.matrix if c.phase == "operation" and c.applicable] == [0]
    assert made.level == 1

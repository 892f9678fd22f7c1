"""From observations to outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from lifelint import engine
from lifelint.engine import Sides, kinds, parameters, resolve, run
from lifelint.facts import Collected, Unread
from lifelint.model import Finding, Outcome, Rule, Severity, Strength


@dataclass(frozen=True)
class Item:
    path: str
    line: int
    good: bool


class Given:
    """Facts that are simply there."""

    def __init__(self, items: Sequence[Any] = (), unread: Sequence[Unread] = (), facets: Sequence[Any] = ()) -> None:
        self._made = {"images": Collected(tuple(items), tuple(unread)), "facets": Collected(tuple(facets), ())}

    def __getitem__(self, kind: str) -> Collected:
        return self._made[kind]


RULE = Rule(
    id="good",
    area="test",
    title="Each item is good",
    phases=("model",),
    principle="reproducibility",
    level=1,
    severity=Severity.ERROR,
    strength=Strength.BOUND,
    check="expression.holds",
    looks_at="items",
    rationale="",
    remediation="",
    params={"each": "images", "expect": "it.good"},
)
GOOD, BAD = Item("a", 1, True), Item("b", 2, False)


def outcome(*items: Any, unread: Sequence[Unread] = (), rule: Rule = RULE) -> Finding:
    [finding] = run([rule], Given(items, unread))  # type: ignore[arg-type]
    return finding


def test_all_good_passes() -> None:
    assert outcome(GOOD).outcome is Outcome.PASS


def test_one_bad_fails_and_the_good_ones_stay_as_evidence() -> None:
    found = outcome(GOOD, BAD)

    assert found.outcome is Outcome.FAIL
    assert [(o.ok, o.path, o.line) for o in found.observations] == [(True, "a", 1), (False, "b", 2)]


def test_nothing_to_look_at_is_not_applicable_and_says_what_was_looked_for() -> None:
    found = outcome()

    assert (found.outcome, found.note) == (Outcome.NOT_APPLICABLE, "no items found")


def test_an_unread_file_turns_a_pass_into_unknown_and_is_named() -> None:
    found = outcome(GOOD, unread=[Unread("c.yaml", 3, "is not valid YAML: x")])

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "c.yaml:3 is not valid YAML: x")


def test_an_unread_file_turns_nothing_found_into_unknown() -> None:
    assert outcome(unread=[Unread("c.yaml", 0, "x")]).outcome is Outcome.UNKNOWN


def test_an_unread_file_does_not_hide_a_failure() -> None:
    assert outcome(BAD, unread=[Unread("c.yaml", 0, "x")]).outcome is Outcome.FAIL


def test_a_thing_that_cannot_be_judged_is_unknown() -> None:
    found = outcome(GOOD, rule=RULE._replace(params={"each": "images", "expect": "it.absent"}))

    assert found.outcome is Outcome.UNKNOWN
    assert "absent" in found.observations[0].detail


def test_a_crashing_check_is_an_error_and_the_other_rules_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(images: Sequence[Any]) -> Any:
        yield 1 / 0

    monkeypatch.setattr(engine, "resolve", lambda address: crash if address == "x.crash" else resolve(address))
    crashing, fine = run([RULE._replace(id="x", check="x.crash"), RULE], Given([GOOD]))  # type: ignore[arg-type]

    assert (crashing.outcome, crashing.note) == (
        Outcome.ERROR,
        "the check x.crash crashed: ZeroDivisionError: division by zero",
    )
    assert fine.outcome is Outcome.PASS


def test_a_failure_that_rests_on_a_failed_rule_is_blocked_and_names_it() -> None:
    above = RULE._replace(id="above", rests_on=("good",))
    _, found = run([RULE, above], Given([BAD]))  # type: ignore[arg-type]

    assert (found.outcome, found.note) == (Outcome.BLOCKED, "rests on good, which failed")


def test_a_pass_that_automates_what_does_not_hold_is_premature() -> None:
    automation = RULE._replace(id="automation", needs=("good",), params={"each": "images", "expect": "true"})
    _, found = run([RULE, automation], Given([BAD]))  # type: ignore[arg-type]

    assert (found.outcome, found.note) == (Outcome.PREMATURE, "automates good, which does not hold yet")


def test_automation_of_what_does_not_apply_still_counts() -> None:
    automation = RULE._replace(id="automation", needs=("good",), params={"each": "images", "expect": "true"})
    nothing = RULE._replace(params={"each": "images", "expect": "true", "where": "false"})
    _, found = run([nothing, automation], Given([GOOD]))  # type: ignore[arg-type]

    assert found.outcome is Outcome.PASS


@dataclass(frozen=True)
class Facet:
    name: str
    path: str
    line: int = 0


def test_a_rule_for_a_facet_that_the_project_lacks_is_not_applicable_and_says_so() -> None:
    [found] = run([RULE._replace(facets=("trains",))], Given([BAD], facets=[Facet("ml", "a")]))  # type: ignore[arg-type]

    assert (found.outcome, found.note) == (Outcome.NOT_APPLICABLE, "applies to projects with the facet trains")


def test_a_rule_for_a_facet_is_unknown_while_a_file_that_may_tell_it_cannot_be_read() -> None:
    facts = Given([BAD])
    facts._made["facets"] = Collected((), (Unread("dvc.yaml", 2, "is not valid YAML"),))
    [found] = run([RULE._replace(facets=("trains",))], facts)  # type: ignore[arg-type]

    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "dvc.yaml:2 is not valid YAML")


@pytest.mark.parametrize(
    "address", ["", "x", "x.y", "expression.nothing", "expression.compiled", "os.system", "..x.y", "_x.y"]
)
def test_only_checks_of_lifelint_can_be_addressed(address: str) -> None:
    with pytest.raises(LookupError):
        resolve(address)


def test_a_positional_name_that_params_give_is_replaced_by_the_kind_they_name() -> None:
    check = resolve("expression.holds")

    assert parameters(check).facts == ("each",)
    assert kinds(check, {"each": "stages"}) == ["stages"]


def test_where_there_is_nothing_a_check_is_asked_once_for_all_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(images: Sequence[Any], *, expect: str, **settings: Any) -> Any:
        asked.append(len(images))
        return iter(())

    question = engine._question(RULE)._replace(check=counted)
    monkeypatch.setattr(engine, "_question", lambda _rule: question)
    shares = [Given(), Given([GOOD]), Given(), Given(unread=[Unread("a", 1, "is broken")]), Given()]
    findings = [finding for [[finding]] in engine.run_each([RULE], [[share] for share in shares])]

    assert asked == [0, 1, 0]
    assert [finding.outcome.value for finding in findings] == [
        "not-applicable", "not-applicable", "not-applicable", "unknown", "not-applicable",
    ]  # fmt: skip
    assert findings[0] is findings[2] is findings[4]


def test_of_a_state_with_the_same_facts_a_check_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(images: Sequence[Any], *, expect: str, **settings: Any) -> Any:
        asked.append(images)
        return iter(())

    question = engine._question(RULE)._replace(check=counted)
    monkeypatch.setattr(engine, "_question", lambda _rule: question)
    state, same, equal, other = Given([GOOD]), Given([GOOD]), Given([Item("a", 1, True)]), Given([BAD])
    [findings] = engine.run_each([RULE], [[state, same, equal, other]])

    assert findings[0][0] is findings[1][0]
    assert [[*map(id, images)] for images in asked] == [[id(GOOD)], [id(equal["images"].items[0])], [id(BAD)]]


def test_the_facts_of_a_change_are_those_of_both_states() -> None:
    here, before = Given([GOOD], [Unread("x", 1, "is broken")]), Given([BAD], [Unread("y", 2, "is odd")])
    sides = Sides(here, before)

    assert sides["images"].items == (GOOD,)
    assert sides["base_images"].items == (BAD,)
    assert [u.message for u in sides["base_images"].unread] == ["is odd (at the base)"]


def test_what_one_state_cannot_read_is_not_compared() -> None:
    sides = Sides(Given([GOOD], [Unread(BAD.path, 1, "is broken")]), Given([BAD, GOOD]))

    assert sides["images"].items == (GOOD,)
    assert sides["base_images"].items == (GOOD,)
    assert sides["images"].unread


def test_a_rule_about_a_change_is_unknown_where_the_base_cannot_be_read() -> None:
    rule = RULE._replace(scope="change", params={**RULE.params, "each": "base_images"})

    [found] = run([rule], Sides(Given(), Given([GOOD], [Unread("y", 2, "is odd")])))
    assert (found.outcome, found.note) == (Outcome.UNKNOWN, "y:2 is odd (at the base)")


def test_what_is_as_unreadable_as_it_was_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    question = engine._question(RULE)._replace(
        check=lambda *_images, **_settings: iter(()), kinds=["images", "base_images"]
    )
    monkeypatch.setattr(engine, "_question", lambda _rule: question)
    odd, broken = Unread("y", 2, "is odd"), Unread("z", 1, "is broken")

    [both] = run([RULE], Sides(Given(unread=[odd]), Given(unread=[odd, broken])))
    [before] = run([RULE], Sides(Given(), Given(unread=[odd])))

    assert (both.outcome, both.note) == (Outcome.UNKNOWN, "y:2 is odd; z:1 is broken (at the base)")
    assert (before.outcome, before.note) == (Outcome.UNKNOWN, "y:2 is odd (at the base)")

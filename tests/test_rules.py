"""Every example of every rule is a test; so is what holds of all rules together."""

from __future__ import annotations

import pytest

from lifelint import catalog, engine
from lifelint.engine import parameters, resolve
from lifelint.examples import given, verdict
from lifelint.model import Example, Outcome, Rule

RULES = catalog.load().rules
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda v: v.id if isinstance(v, Rule) else v.title)
def test_example(rule: Rule, example: Example) -> None:
    assert verdict(rule, example) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestEveryRule:
    def test_shows_a_pass_a_failure_and_where_it_does_not_apply(self, rule: Rule) -> None:
        shown = {example.outcome for example in rule.examples}

        assert {Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE} <= shown

    def test_shows_what_it_cannot_judge(self, rule: Rule) -> None:
        # What is broken there is a failure itself, or a missing blob, which an example cannot leave out.
        cannot = {
            *("pointers-well-formed", "default-remote-declared", "no-raw-binaries", "lfs-tracked-is-pointer"),
            *("run-records-left-out", "manifest-valid"),
        }

        assert rule.id in cannot or Outcome.UNKNOWN in {example.outcome for example in rule.examples}

    def test_says_where_its_failing_examples_fail(self, rule: Rule) -> None:
        assert all(example.at for example in rule.examples if example.outcome is Outcome.FAIL)

    def test_gives_params_that_the_check_takes(self, rule: Rule) -> None:
        contract = parameters(resolve(rule.check))

        known = catalog.known_kinds(rule)

        assert set(rule.params) <= {*contract.settings, *(name for name in contract.facts if name not in known)}

    def test_names_only_rules_that_exist(self, rule: Rule) -> None:
        assert {*rule.needs, *rule.rests_on, *rule.instead_of} <= {other.id for other in RULES}

    def test_has_subjects_that_are_unique(self, rule: Rule) -> None:
        for example in rule.examples:
            [finding] = engine.run([rule], given(example))
            subjects = [o.subject for o in finding.observations]
            assert len(subjects) == len(set(subjects)), example.title


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]

    assert len(ids) == len(set(ids))

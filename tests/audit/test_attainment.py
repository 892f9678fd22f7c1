"""How a level was earned is told so that it can be checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint import catalog
from lifelint.audit.attainment import rungs
from lifelint.engine import HOLDS
from lifelint.model import Finding, Outcome, Rule, Severity
from lifelint.scorecard import score

RULES = [rule for rule in catalog.load(examples=False).rules if rule.scope != "change" and rule.status == "stable"]


def findings(**outcomes: Outcome) -> list[Finding]:
    """All rules pass but those that are named, with ``_`` for ``-``."""
    return [Finding(rule, outcomes.get(rule.id.replace("-", "_"), Outcome.PASS)) for rule in RULES]


def test_what_does_not_hold_is_named_at_its_own_level() -> None:
    made = findings(lock_fresh=Outcome.FAIL, data_versioned=Outcome.WAIVED, lock_hashed=Outcome.UNKNOWN)
    told = {rung.level: rung for rung in rungs(made, score(made, 2).level)}

    assert told[1].waived == ("data-versioned",) and told[1].open_ == ()
    assert told[2].open_ == (("lock-fresh", Outcome.FAIL),)
    assert told[3].open_ == (("lock-hashed", Outcome.UNKNOWN),)
    assert (told[1].reached, told[2].reached, told[3].reached) == (True, False, False)


def test_a_phase_in_which_no_rule_of_the_level_applies_is_named() -> None:
    made = [Finding(rule, Outcome.PASS if rule.level == 1 else Outcome.NOT_APPLICABLE) for rule in RULES]
    told = list(rungs(made, score(made, 2).level))

    strict = [f for f in made if f.rule.severity is not Severity.INFO]
    applying = {phase for f in strict if f.outcome is Outcome.PASS for phase in f.rule.phases}
    assert told[0].reached and not told[1].reached
    assert set(told[1].unproven) == applying & {phase for f in strict if f.rule.level == 2 for phase in f.rule.phases}
    assert told[1].not_applicable == sum(r.level == 2 and r.severity is not Severity.INFO for r in RULES)


@given(st.lists(st.sampled_from(Outcome), min_size=len(RULES), max_size=len(RULES)), st.data())
def test_the_reader_comes_to_the_level_by_counting(outcomes: list[Outcome], data: st.DataObject) -> None:
    kept: list[Rule] = data.draw(st.lists(st.sampled_from(RULES), unique_by=lambda r: r.id, min_size=1))
    made = [Finding(rule, outcome) for rule, outcome in zip(RULES, outcomes, strict=True) if rule in kept]
    level = score(made, 2).level
    told = list(rungs(made, level))

    strict = [f for f in made if f.rule.severity is not Severity.INFO and f.outcome is not Outcome.NOT_APPLICABLE]
    if any(f.outcome in HOLDS for f in strict):
        for rung in told[:level]:
            assert not rung.open_ and not rung.unproven
    if level < len(told) and strict:
        above = told[level]
        assert above.open_ or above.unproven or not any(f.outcome in HOLDS for f in made if f.rule.level > level)


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.PREMATURE, Outcome.ERROR])
def test_what_waits_for_another_rule_does_not_hold(outcome: Outcome) -> None:
    [rung] = [r for r in rungs(findings(lock_fresh=outcome), 1) if r.level == 2]

    assert ("lock-fresh", outcome) in rung.open_

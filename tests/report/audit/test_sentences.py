"""What is said in words is what the numbers say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lifelint.report.audit import sentences as say
from tests.report.audit.conftest import AUDIT


def rung(level: int, **more: Any) -> dict[str, Any]:
    empty = {"passed": [], "waived": [], "open": [], "not_applicable": 0, "unproven_phases": [], "reached": False}
    return {"level": level, **empty, **more}


def said(level: int, *rungs: dict[str, Any], strict: int | None = None, target: int = 2) -> list[str]:
    card = {"level": level, "strict_level": level if strict is None else strict, "target": target}
    return list(say.levels({"scorecard": card, "stage": "exploring"}, {"levels": list(rungs)}))


def test_a_level_that_was_earned_counts_what_holds() -> None:
    told = said(1, rung(1, passed=["a", "b"], waived=["c"], not_applicable=2), rung(2), strict=0)

    assert told[0] == "Level 1 (agreed); the target of a project that is exploring is level 2 (traceable)."
    assert told[1] == "Without its waivers it would be level 0."
    assert told[2] == (
        "Level 1 was earned: all 3 of its error and warning rules that apply hold, 1 of them by waiver; 2 do not apply."
    )
    assert told[3] == "Level 2 is not reached: no rule of it was proven."


def test_a_level_that_was_missed_names_what_does_not_hold() -> None:
    open_ = [{"rule": "a", "outcome": "fail"}, {"rule": "b", "outcome": "unknown"}, {"rule": "c", "outcome": "fail"}]
    [_, told] = said(0, rung(1, passed=["d"], open=open_, unproven_phases=["data"]))

    assert told == (
        "Level 1 is not reached: 3 of its 4 rules that apply do not hold (failed: a, c; unknown: b); and in the phase "
        "data no rule of it applies, and nothing is earned by absence."
    )
    [_, one] = said(0, rung(1, open=open_[:1]))
    assert one == "Level 1 is not reached: its only rule that applies does not hold (failed: a)."


def test_a_target_of_its_own_is_not_told_as_that_of_the_stage() -> None:
    assert said(5, *(rung(n, passed=["a"]) for n in range(1, 6)), target=4)[0] == (
        "Level 5 (continuous); the target is level 4 (automated)."
    )


@pytest.mark.parametrize(
    ("identifier", "strength", "holds", "word"),
    [
        ("sha256:1", "integrity", True, "verified"),
        ("sha256:1", "integrity", False, "refuted"),
        ("", "", False, "not fixed"),
        ("latest", "declared", False, "not fixed"),
        ("", "", None, "not known"),
        ("sha256:1", "integrity", None, "not known"),
    ],
)
def test_a_row_of_the_bill_has_a_verdict(identifier: str, strength: str, holds: bool | None, word: str) -> None:
    item = {"identifier": identifier, "strength": strength, "holds": holds}

    assert say.verdict(item) == word
    assert say.bill({"bill": [item]}) == f"1 item found: 1 {word}."
    assert say.bill({"bill": []}) == "Nothing to reproduce was found."


def test_ownership_is_told_by_who_owns() -> None:
    def told(declared: bool | None, *verdicts: str) -> str:
        interfaces = [{"verdict": verdict} for verdict in verdicts]
        return say.ownership({"ownership": {"declared": declared, "interfaces": interfaces, "why": "it is broken"}})

    assert told(True) == "No path was found at which data and models meet."
    assert told(False, "nobody") == (
        "1 path at which data and models meet, and no CODEOWNERS file in force: nobody owns any of it."
    )
    assert told(None, "nobody").endswith("who owns them is not known: it is broken.")
    assert told(True, "both", "both", "default") == (
        "3 paths at which data and models meet, owned: 2 by both sides, 1 by the default owner only."
    )


def test_the_grid_counts_what_was_asked() -> None:
    [answers] = AUDIT["answers"]
    told = say.grid(answers, 1)

    states = [moment["state"] for moment in answers["grid"]]
    asked = [state for state in states if state not in ("not-assessed", "not-applicable")]
    assert told.startswith(
        f"Of {len(asked)} meetings of a kind of change with a time, {asked.count('controlled')} are "
    )
    assert f"{states.count('not-assessed')} more are not assessed" in told
    assert "no release manifest" in say.grid(answers, 0)


def test_the_least_controlled_part_is_named_with_its_root() -> None:
    [project], [answers] = AUDIT["report"]["projects"], json.loads(json.dumps(AUDIT["answers"]))
    cell = answers["weakest"]["cell"]
    told = say.weakest(project, answers, AUDIT["report"]["rules"])
    assert f"the {cell['principle']} of the {cell['phase']} phase" in told and cell["rule"] in told

    answers["weakest"] |= {"cell": None, "unauditable": [{"phase": "data", "principle": "evaluation"}]}
    told = say.weakest(project, answers, {})
    assert told.startswith("Every rule up to the target level 2 that applies holds.")
    assert told.endswith("more than 15 % of the rules there are unknown: evaluation of the data phase.")


def test_a_change_is_told_in_numbers_and_what_is_alarming_in_words() -> None:
    change = {
        "new": [{}], "fixed": [], "unchanged": 2, "altered": [{"kind": "model"}], "unchanged_evaluations": 1,
        "configuration_changed": True, "before": {".": 2}, "after": {".": 1, "new": 0},
    }  # fmt: skip
    change["before"] = {".": 2, "new": None}

    assert list(say.changed(change)) == [
        "1 new problem, 0 fixed, 2 as before.",
        "The model changed and its evaluation did not.",
        "The configuration changed; that of the base judges both.",
        "The level of . was 2 and is 1.",
        "The level of new was none and is 0.",
    ]

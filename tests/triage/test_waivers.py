"""Waivers: in force until a day, never hidden, and told when they lapse or are not needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from lifelint import catalog
from lifelint.config import ConfigError, parse
from lifelint.governance import rules_of
from lifelint.inspection import inspect
from lifelint.report import json as json_report
from lifelint.report import sarif, terminal
from lifelint.report.look import Look
from lifelint.report.problems import problems
from lifelint.snapshot.memory import MemorySnapshot

FILES = {"requirements.txt": "numpy\npandas\n", "train.py": "import torch\n"}
DAY = "2026-11-25"
RULES = catalog.load()


def waiver(subject: str = "*", expires: str = "2027-06-30", rule: str = "environment-pinned") -> str:
    return (
        f'[[waivers]]\nrule = "{rule}"\nsubject = "{subject}"\nreason = "prototype"\nowner = "@ml"\n'
        f"expires = {expires}\n"
    )


def judged(*waivers: str, today: str = DAY, files: Mapping[str, str] = FILES) -> tuple[Any, dict[str, Any]]:
    config = parse("lifelint.toml", "".join(waivers).encode())
    assert config is not None
    report = inspect(MemorySnapshot(files), config, RULES, today=today)
    return report, json.loads(json_report.render(report))


def outcome(document: Mapping[str, Any], rule: str = "environment-pinned") -> Mapping[str, Any]:
    [finding] = [f for f in document["projects"][0]["findings"] if f["rule"] == rule]
    found: Mapping[str, Any] = finding
    return found


def test_what_is_waived_whole_does_not_fail_and_holds_the_level_but_not_the_strict_one() -> None:
    report, document = judged(waiver())
    card = document["projects"][0]["scorecard"]

    assert outcome(document)["outcome"] == "waived"
    assert outcome(document)["note"] == "waived by @ml until 2027-06-30: prototype"
    assert card["counts"]["waived"] == 1
    assert card["strict_level"] < card["level"] or card["strict_level"] == 0
    assert "environment-pinned" not in {one.rule for one in problems(document)}
    assert report.waivers[0].state == "in-force"


def test_what_is_waived_in_part_still_fails_for_the_rest() -> None:
    _, plain = judged()
    subjects = [seen["subject"] for seen in outcome(plain)["observations"] if seen["ok"] is False]
    assert len(subjects) == 2

    _, document = judged(waiver(subjects[0]))
    assert outcome(document)["outcome"] == "fail"
    assert [one.subject for one in problems(document) if one.rule == "environment-pinned"] == subjects[1:]
    assert [seen.get("waived", "") != "" for seen in outcome(document)["observations"]] == [True, False]


@pytest.mark.parametrize(
    ("expires", "state", "fails"),
    [
        ("2026-11-24", "lapsed", True),
        ("2026-11-25", "lapsing", False),
        ("2026-12-24", "lapsing", False),
        ("2026-12-25", "in-force", False),
    ],
)
def test_the_last_day_is_in_force_and_the_next_is_not(expires: str, state: str, fails: bool) -> None:
    report, document = judged(waiver(expires=expires))

    assert [standing.state for standing in report.waivers] == [state]
    assert document["waivers"][0]["state"] == state
    assert (outcome(document)["outcome"] == "fail") is fails


def test_a_waiver_that_matches_no_failure_is_unused() -> None:
    report, _ = judged(waiver("nothing"), waiver(rule="no-raw-binaries"))

    assert [standing.state for standing in report.waivers] == ["unused", "unused"]


def test_without_a_day_nothing_is_waived() -> None:
    _, document = judged(waiver(), today=None)

    assert outcome(document)["outcome"] == "fail"


def test_unused_and_lapsed_waivers_are_told_where_they_stand() -> None:
    report, _ = judged(waiver("nothing"), waiver(expires="2026-01-01"))
    text = terminal.render(report, Look(120))

    assert "lifelint.toml:1 the waiver of environment-pinned for nothing (@ml) matches no failure" in text
    assert "lifelint.toml:7 the waiver of environment-pinned for * (@ml) lapsed on 2026-01-01" in text


def test_code_scanning_is_told_of_a_suppression() -> None:
    _, document = judged(waiver())
    results = json.loads(sarif.render(document))["runs"][0]["results"]
    waived = [result for result in results if result["ruleId"] == "environment-pinned"]

    assert waived
    assert all(result["suppressions"][0]["status"] == "accepted" for result in waived)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (waiver().replace('owner = "@ml"\n', ""), "lifelint.toml:1: an item of waivers lacks the key 'owner'"),
        (waiver(expires='"soon"'), "lifelint.toml:6: expires is 'soon'; it must be a date such as 2027-01-31"),
        (waiver() + "until = 1\n", "unknown key 'until'"),
    ],
)
def test_a_malformed_waiver_is_an_error_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=None) as raised:
        parse("lifelint.toml", text.encode())
    assert told in str(raised.value)


def test_a_waiver_of_a_rule_that_does_not_exist_is_an_error() -> None:
    config = parse("lifelint.toml", waiver(rule="environment-pined").encode())
    assert config is not None

    with pytest.raises(ConfigError) as raised:
        rules_of(MemorySnapshot({}), config)
    assert str(raised.value).startswith("lifelint.toml:1: there is no rule 'environment-pined' to waive")
    assert "environment-pinned" in str(raised.value)

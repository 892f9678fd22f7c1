"""Statements about a commit say what holds, and nothing else."""

from __future__ import annotations

from typing import Any

from lifelint.config import Config
from lifelint.exports.attested import attested, unknown
from lifelint.inspection import ProjectReport, Report
from lifelint.model import Finding, Outcome, Rule, Severity, Strength, Subject
from lifelint.scorecard import score
from tests.exports.test_intoto import RULES

REVISION, TIME, DIGEST = "1" * 40, "2026-01-01T00:00:00Z", f"sha256:{'2' * 64}"


def finding(name: str, outcome: Outcome, level: int = 1, status: str = "stable") -> Finding:
    rule = Rule(
        name, "data", name, ("data",), "reproducibility", level, Severity.ERROR, Strength.BOUND, "", "", "", "",
        status=status,
    )  # fmt: skip
    return Finding(rule, outcome)


def report(*projects: list[Finding]) -> Report:
    made = [
        ProjectReport(str(number), "", 3, (), findings, score(findings, 3)) for number, findings in enumerate(projects)
    ]
    return Report("0.1.0", DIGEST, Subject(".", "revision", REVISION), "", Config("lifelint.toml"), made, (), ())


def properties(made: Report) -> list[str]:
    document: Any = attested(made, TIME)
    RULES.validate(document)
    assert document["subject"] == [{"digest": {"gitCommit": REVISION}}]
    return list(document["predicate"]["properties"])


def test_levels_and_passing_rules_are_said_and_all_else_is_not() -> None:
    findings = [
        finding("held", Outcome.PASS),
        finding("higher", Outcome.PASS, 2),
        finding("highest", Outcome.FAIL, 3),
        finding("absent", Outcome.NOT_APPLICABLE),
        finding("young", Outcome.PASS, status="experimental"),
    ]

    assert properties(report(findings)) == [
        "LIFELINT_LEVEL_1", "LIFELINT_LEVEL_2", "LIFELINT_RULE_held", "LIFELINT_RULE_higher",
    ]  # fmt: skip


def test_what_fails_or_is_unknown_in_one_project_is_not_said_of_the_commit() -> None:
    first = [finding("a", Outcome.PASS), finding("b", Outcome.PASS), finding("c", Outcome.PASS)]
    second = [finding("a", Outcome.NOT_APPLICABLE), finding("b", Outcome.FAIL), finding("c", Outcome.UNKNOWN)]
    made = report(first, second)

    assert properties(made) == ["LIFELINT_RULE_a"]
    assert unknown(made) == ["c"]


def test_waived_rules_are_not_said_and_hold_no_level() -> None:
    assert properties(report([finding("a", Outcome.PASS), finding("b", Outcome.WAIVED)])) == ["LIFELINT_RULE_a"]


def test_the_rules_and_the_configuration_are_its_policies() -> None:
    document: Any = attested(report([finding("a", Outcome.PASS)]), TIME, f"sha256:{'3' * 64}")

    RULES.validate(document)
    assert document["predicate"]["verifier"]["policies"] == [
        {"name": "rules", "uri": "urn:lifelint:rules:0.1.0", "digest": {"sha256": "2" * 64}},
        {"name": "lifelint.toml", "digest": {"sha256": "3" * 64}},
    ]


def test_nothing_is_said_where_nothing_holds() -> None:
    assert attested(report([finding("a", Outcome.FAIL)]), TIME) is None
    assert attested(report(), TIME) is None

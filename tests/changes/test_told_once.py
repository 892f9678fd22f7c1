"""A problem that a rule about the change tells is not told again by a rule about the state."""

from __future__ import annotations

import pytest

from lifelint import catalog
from lifelint.model import Observation, Rule, Severity
from lifelint.triage.change import Change
from lifelint.triage.gate import Limits, reasons
from lifelint.triage.once import told_once
from lifelint.triage.problem import Problem

RULES = {rule.id: rule for rule in catalog.load(examples=False).rules}
LEAD = RULES["report-edited-by-hand"]
TREE = RULES["stage-outputs-match-lock"]


def problem(rule: Rule, subject: str, path: str = "", line: int = 0, project: str = "") -> Problem:
    return Problem(rule, project, Observation(False, subject, "bad", path, line))


@pytest.mark.parametrize(
    ("other", "again"),
    [
        (problem(TREE, "metrics.json"), True),
        (problem(TREE, "metrics.json:report"), True),
        (problem(TREE, "stage:evaluate:metrics.json"), True),
        (problem(TREE, "another", "metrics.json", 3), True),
        (problem(TREE, "another", "metrics.json", 4), False),
        (problem(TREE, "other-metrics.json"), False),
        (problem(TREE, "metrics.json", project="sub"), False),
        (problem(RULES["lock-fresh"], "metrics.json"), False),
    ],
)
def test_only_the_same_accident_is_told_once(other: Problem, again: bool) -> None:
    lead = problem(LEAD, "metrics.json", "metrics.json", 3)

    kept = told_once([other, lead])
    assert kept == ([lead._replace(also=[other])] if again else [other, lead])


def test_no_line_is_no_place() -> None:
    both = [problem(LEAD, "metrics.json", "metrics.json"), problem(TREE, "another", "metrics.json")]

    assert told_once(both) == both


def test_what_is_told_by_another_fails_as_it_would_by_itself() -> None:
    lead = problem(LEAD._replace(severity=Severity.WARNING), "metrics.json")
    new = told_once([lead, problem(TREE, "metrics.json")])
    change = Change("b", "h", new, [], 0, {}, [], 0)

    assert TREE.severity is Severity.ERROR
    assert reasons([], change, Limits("new-error")) == ["1 new problem of severity error"]


def test_all_that_one_thing_left_behind_is_one_accident() -> None:
    chain = RULES["data-chain-consistent"]
    lead = problem(RULES["model-changed-unexplained"], "model.pkl", "dvc.lock", 9)
    behind = [
        problem(chain, f"stage:evaluate:{what}", "dvc.lock", line) for line, what in enumerate(("a", "model.pkl"))
    ]
    other = problem(chain, "stage:train:data.csv", "dvc.lock", 20)

    assert told_once([*behind, other, lead]) == [other, lead._replace(also=behind)]


def test_of_two_rules_about_the_change_one_leads() -> None:
    model = problem(RULES["model-changed-unexplained"], "model.pkl", "dvc.lock", 9)
    data = problem(RULES["data-changed-evaluation-not"], "train.csv", "dvc.lock", 9)
    chain = problem(RULES["data-chain-consistent"], "stage:evaluate:model.pkl", "dvc.lock", 9)

    assert told_once([chain, data, model]) == [model._replace(also=[chain, data])]

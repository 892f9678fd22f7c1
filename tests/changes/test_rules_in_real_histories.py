"""Each rule about a change, in a repository with a history: its own case, and what looks like it and is harmless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from lifelint import catalog
from tests.changes.conftest import Files, Project

Make = Callable[[Mapping[str, str]], Project]

GATES = """\
schema: gates/v1
gates:
- {metric: auc, op: '>=', threshold: 0.9}
- {metric: rmse, op: '<=', threshold: 2}
"""
A, B, C, D = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)


def report(auc: float, commit: str = "1", model: str = A, data: str = B) -> str:
    return f"""\
{{"schema": "evaluation-report/v1",
 "subject": {{"commit": "{commit * 40}",
  "models": [{{"name": "model.pkl", "pointer": "model.pkl.dvc", "digest": "md5:{model}"}}],
  "datasets": [{{"name": "test", "role": "test", "pointer": "test.csv.dvc", "version": "md5:{data}"}}]}},
 "metrics": [{{"name": "auc", "value": {auc}}}]}}
"""


class Case(NamedTuple):
    """A rule, its base, a change in which it fails (in two steps), and harmless ones."""

    rule: str
    base: Mapping[str, str]
    step: Files
    change: Files
    subjects: list[str]
    harmless: Mapping[str, Files]
    moved: tuple[str, str]


CASES = [
    Case(
        "threshold-loosened",
        {"gates.yaml": GATES},
        {"gates.yaml": GATES.replace("0.9", "0.95")},
        {"gates.yaml": GATES.replace("0.9", "0.8")},
        ["gates.yaml:auc:min"],
        {
            "reformatted": {"gates.yaml": '{"schema": "gates/v1", "gates": [{"metric": "rmse", "op": "<=", '
                            '"threshold": 2.0}, {"metric": "AUC", "op": ">=", "threshold": 0.90}]}'},
            "tightened": {"gates.yaml": GATES.replace("0.9", "0.95").replace("2}", "1.5}")},
            "one more": {"gates.yaml": GATES + "- {metric: f1, op: '>=', threshold: 0.1}\n"},
        },
        ("gates.yaml", "quality/gates.yaml"),
    ),
    Case(
        "report-edited-by-hand",
        {"eval-report.json": report(0.91)},
        {"eval-report.json": report(0.92)},
        {"eval-report.json": report(0.93)},
        ["eval-report.json"],
        {
            "reformatted": {"eval-report.json": report(0.91).replace("\n", "").replace("0.91", "0.910")},
            "another model": {"eval-report.json": report(0.93, model=C)},
            "another commit": {"eval-report.json": report(0.93, commit="2")},
        },
        ("eval-report.json", "reports/eval-report.json"),
    ),
]  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)


def test_every_rule_about_a_change_has_a_case() -> None:
    assert {rule.id for rule in catalog.load().rules if rule.scope == "change"} == {case.rule for case in CASES}


@each_case
def test_it_is_told_once_however_many_commits_made_it_and_also_after_a_squash(project: Make, case: Case) -> None:
    made = project(case.base)
    made.commit(case.step)
    made.commit(case.change)
    on_the_branch = made.told()
    made.squashed()

    assert on_the_branch.new[case.rule] == case.subjects
    assert made.told("main~1").new[case.rule] == case.subjects
    assert case.rule not in made.told("main~1", "--rev", "main~1").new


@each_case
def test_a_rename_an_unrelated_edit_and_the_way_back_are_no_failure(project: Make, case: Case) -> None:
    made = project(case.base)
    made.move(*case.moved)
    assert made.told().finding(case.rule)["outcome"] != "fail"

    made.branch()
    made.commit({"README.md": "Another text.\n", "train.py": "import os\n"})
    assert made.told().finding(case.rule)["outcome"] != "fail"

    made.branch()
    made.commit(case.change)
    made.commit({path: case.base.get(path) for path in case.change})
    assert made.told().finding(case.rule)["outcome"] != "fail"


@pytest.mark.parametrize(
    ("case", "what"), [pytest.param(c, what, id=f"{c.rule}: {what}") for c in CASES for what in c.harmless]
)
def test_what_is_harmless_is_no_failure(project: Make, case: Case, what: str) -> None:
    made = project(case.base)
    made.commit(case.harmless[what])

    assert made.told().finding(case.rule)["outcome"] != "fail"


@each_case
def test_it_is_part_of_no_level_and_not_shown_without_a_base(project: Make, case: Case) -> None:
    made = project(case.base)
    made.commit(case.change)
    compared = made.told().document["projects"][0]
    [alone] = made._run("check", "--target", "5", "--format", "json", cwd=made.folder).json["projects"]

    assert case.rule not in {finding["rule"] for finding in alone["findings"]}
    assert compared["scorecard"] == alone["scorecard"]

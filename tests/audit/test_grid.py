"""What acts on each kind of change at each time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lifelint import catalog
from lifelint.audit import grid as module
from lifelint.audit.grid import CHANGES, TIMES, grid
from lifelint.audit.nouns import Moment
from lifelint.model import Outcome
from tests.audit.conftest import seen
from tests.exports.conftest import FILES

WORKFLOW = ".github/workflows/ci.yml"


def job(run: str, on: str = "pull_request", more: str = "") -> str:
    return f"on: [{on}]\njobs:\n  test:\n    runs-on: ubuntu\n{more}    steps:\n    - run: {run}\n"


def cells(files: Mapping[str, str | bytes]) -> dict[tuple[str, str], Moment]:
    state = seen(files)
    return {(one.change, one.time): one for one in grid(state.share, state.findings)}


def test_every_change_has_every_time() -> None:
    assert list(cells({})) == [(change, time) for change in CHANGES for time in TIMES]


def test_the_rules_that_it_asks_exist() -> None:
    known = {rule.id for rule in catalog.load(examples=False).rules}
    asked = [*module._AT_RELEASE.values(), *module._ON_CHANGE.values(), *module._WAY_BACK.values()]

    assert {name for names in asked for name in names} <= known


def test_a_job_that_runs_tests_acts_on_code_alone() -> None:
    made = cells({WORKFLOW: job("pytest")})

    [control] = made["code", "on a change"].controls
    assert (control.by, control.outcome, control.path, control.line) == ("job", Outcome.PASS, WORKFLOW, 6)
    assert made["code", "on a change"].state == "controlled"
    assert made["training data", "on a change"].state == "uncontrolled"


def test_a_job_that_runs_the_pipeline_acts_on_what_goes_into_it() -> None:
    made = cells({**FILES, WORKFLOW: job("dvc repro")})

    assert {c for c in CHANGES if made[c, "on a change"].state == "controlled"} == set(module._RECORDED)


def test_a_script_that_judges_is_known_to_run_code_and_told_once() -> None:
    run = "steps:\n    - run: python val.py\n    - run: python val.py --again\n"
    made = cells({WORKFLOW: job("true").partition("steps:")[0] + run})

    [control] = made["code", "on a change"].controls
    assert control.text == "python val.py in the job test"
    assert made["training data", "on a change"].controls == []


@pytest.mark.parametrize(
    "workflow",
    [job("pytest", on="schedule"), job("pytest", more="    continue-on-error: true\n"), job("pytest || true")],
)
def test_a_job_whose_failure_has_no_consequence_acts_on_nothing(workflow: str) -> None:
    assert cells({WORKFLOW: workflow})["code", "on a change"].state == "uncontrolled"


@pytest.mark.parametrize("run", ["make ci", "./scripts/run_tests.sh", "hatch run test"])
def test_a_job_that_leads_to_a_check_elsewhere_is_not_taken_for_none(run: str) -> None:
    made = cells({WORKFLOW: job(run)})

    [control] = made["code", "on a change"].controls
    assert (control.outcome, control.text) == (Outcome.UNKNOWN, f"what `{run}` runs is not known here")
    assert {c for c in CHANGES if made[c, "on a change"].state == "unknown"} == set(module._RECORDED)
    assert made["infrastructure", "on a change"].state == "uncontrolled"


def test_what_leads_elsewhere_takes_nothing_from_a_check_that_is_seen() -> None:
    made = cells({WORKFLOW: f"{job('pytest')}    - run: make ci\n"})

    assert made["code", "on a change"].state == "controlled"
    assert made["training data", "on a change"].state == "unknown"


def test_of_many_lines_that_lead_elsewhere_the_first_is_shown_and_the_others_are_counted() -> None:
    made = cells({WORKFLOW: f"{job('make ci')}    - run: ./test.sh {'--long ' * 30}\n    - run: ./eval.sh\n"})

    [control] = made["code", "on a change"].controls
    assert (control.text, control.line) == ("what `make ci` runs is not known here (and 2 more)", 6)


def test_a_job_that_installs_what_tests_need_tests_nothing() -> None:
    assert cells({WORKFLOW: job("make install-test-requirements")})["code", "on a change"].controls == []
    assert cells({WORKFLOW: job("behave features/run.feature")})["code", "on a change"].state == "controlled"


def test_a_workflow_that_cannot_be_read_is_not_taken_for_none() -> None:
    assert cells({WORKFLOW: "on: [\n"})["code", "on a change"].state == "unknown"


def test_rules_that_hold_and_rules_that_fail_are_told_with_their_places() -> None:
    made = cells({**FILES, "params.yaml": "lr: 0.2\n"})["parameters", "at release"]

    by = {control.by: control for control in made.controls}
    assert by["pipeline-lock-fresh"].outcome is Outcome.FAIL
    assert by["pipeline-lock-fresh"].path == "dvc.lock"
    assert made.state in ("partly", "uncontrolled")


def test_nothing_is_said_of_what_no_rule_looks_at() -> None:
    made = cells({**FILES, WORKFLOW: job("pytest")})

    assert {made[change, "after release"].state for change in CHANGES} == {"not-assessed"}

"""Results of Great Expectations: as version 1.24 wrote them, shortened, and as 0.13 and 0.15 documented theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Unreadable
from lifelint.facts.evaluation.expectations import parse_expectations
from lifelint.facts.evaluation.foreign import LARGEST, parse_foreign
from lifelint.facts.evaluation.noun import Evaluation
from tests.conftest import facts_of
from tests.facts.test_evaluations import TEST, pointer


def result(kind: str, success: bool, observed: dict[str, Any], **asked: Any) -> dict[str, Any]:
    config = {"id": "e69ae9f1", "kwargs": {"batch_id": "files-bikes", **asked}, "severity": "critical", "type": kind}
    told = {"exception_message": None, "exception_traceback": None, "raised_exception": False}
    return {"exception_info": told, "expectation_config": config, "meta": {}, "result": observed, "success": success}


MADE: dict[str, Any] = {
    "id": None,
    "meta": {
        "active_batch_definition": {
            "batch_identifiers": {"path": "data.csv"},
            "data_asset_name": "bikes",
            "data_connector_name": "fluent",
            "datasource_name": "files",
        },
        "batch_markers": {
            "ge_load_time": "20261125T142229.817255Z",
            "pandas_data_fingerprint": "890569210f1ffc718eabecfe710da1c9",
        },
        "batch_spec": {"path": "data.csv", "reader_method": "read_csv", "reader_options": {}},
        "great_expectations_version": "1.24.1",
        "run_id": {"run_name": None, "run_time": "2026-11-25T14:22:29.812142+00:00"},
        "validation_time": "2026-11-25T14:22:29.812142+00:00",
    },
    "results": [
        result("expect_column_values_to_be_unique", False, {}, column="nothere"),
        result(
            "expect_column_values_to_not_be_null",
            False,
            {
                "element_count": 4,
                "partial_unexpected_list": [None],
                "unexpected_count": 1,
                "unexpected_percent": 25.0,
            },
            column="age",
        ),
        result("expect_column_values_to_be_unique", True, {"element_count": 4, "unexpected_percent": 0.0}, column="id"),
        result("expect_table_row_count_to_be_between", True, {"observed_value": 4}, min_value=1, max_value=10),
    ],
    "statistics": {
        "evaluated_expectations": 4,
        "success_percent": 50.0,
        "successful_expectations": 2,
        "unsuccessful_expectations": 2,
    },
    "success": False,
    "suite_name": "bikes",
    "suite_parameters": {},
}
OLD: dict[str, Any] = {
    "evaluation_parameters": {},
    "meta": {
        "batch_kwargs": {"datasource": "data__dir", "data_asset_name": "yellow_tripdata"},
        "batch_markers": {"ge_load_time": "20210804T182440.507853Z"},
        "expectation_suite_name": "taxi.demo",
        "great_expectations_version": "0.13.25",
        "run_id": {"run_name": "20210804T182440.545826Z", "run_time": "2021-08-04T18:24:40.545826+00:00"},
        "validation_time": "20210804T182440.551826Z",
    },
    "results": [
        {
            "expectation_config": {
                "expectation_type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "vendor_id"},
                "meta": {},
            },
            "result": {"element_count": 10000, "unexpected_count": 0, "unexpected_percent": 0.0},
            "success": True,
        }
    ],
    "statistics": {
        "evaluated_expectations": 1,
        "success_percent": 100.0,
        "successful_expectations": 1,
        "unsuccessful_expectations": 0,
    },
    "success": True,
}
STORED = "gx/validations/bikes/__none__/20261125T142229.812142Z/files-bikes.json"
FIGURES = {"evaluated_expectations": 4, "successful_expectations": 2, "unsuccessful_expectations": 2}


def report(document: Any, path: str = STORED, **more: str) -> Evaluation:
    [found] = facts_of({path: json.dumps(document, indent=1), **more})["evaluations"].items
    assert isinstance(found, Evaluation)
    return found


def test_a_validation_is_read_from_the_store() -> None:
    found = report(MADE)
    counted = {m.name: (m.value, m.dataset) for m in found.metrics if "." not in m.name}

    assert (found.form, found.judges, found.created) == (
        "great-expectations",
        "data",
        "2026-11-25T14:22:29.812142+00:00",
    )
    assert counted == {**{name: (n, "bikes") for name, n in FIGURES.items()}, "success_percent": (50, "bikes")}
    assert [(m.name, m.slice, m.value, m.n) for m in found.metrics[4:]] == [
        ("expect_column_values_to_not_be_null.element_count", "age", 4, 4),
        ("expect_column_values_to_not_be_null.unexpected_count", "age", 1, 4),
        ("expect_column_values_to_not_be_null.unexpected_percent", "age", 25, 4),
        ("expect_column_values_to_be_unique.element_count", "id", 4, 4),
        ("expect_column_values_to_be_unique.unexpected_percent", "id", 0, 4),
        ("expect_table_row_count_to_be_between.observed_value", "", 4, None),
    ]
    assert all(m.line for m in found.metrics)


def test_a_batch_is_no_version_of_the_data() -> None:
    found = report(MADE)

    assert (found.bound, found.datasets, found.commit) == ("", (), "")


def test_the_form_before_1_0_is_read() -> None:
    found = report(OLD, "reports/data-result.json")

    assert found.created == "2021-08-04T18:24:40.551826Z"
    assert {m.dataset for m in found.metrics} == {"yellow_tripdata"}
    assert found.metrics[3][:2] == ("success_percent", 100)
    assert found.metrics[6][:2] == ("expect_column_values_to_not_be_null.unexpected_percent", 0)


@pytest.mark.parametrize(
    "document",
    [
        {"run_id": {}, "run_results": {"ValidationResultIdentifier::a": {"validation_result": OLD}}, "success": True},
        {"success": False, "statistics": {"evaluated_validations": 1}, "validation_results": [OLD]},
        {"success": False, "validation_results": [{"expectations": OLD["results"], "statistics": OLD["statistics"]}]},
    ],
)
def test_a_checkpoint_holds_validations(document: Any) -> None:
    found = report(document, "checkpoint-result.json")

    assert [m.value for m in found.metrics[:4]] == [1, 1, 0, 100]


def test_gates_name_its_figures() -> None:
    column = "expect_column_values_to_not_be_null.unexpected_percent"
    gates = (
        "schema: gates/v1\ngates:\n"
        "- {metric: success_percent, op: '>=', threshold: 100, dataset: bikes}\n"
        f"- {{metric: {column}, slice: age, op: '<=', threshold: 30}}\n"
        "- {metric: evaluated_expectations, op: '>=', threshold: 1}\n"
    )
    made = facts_of({STORED: json.dumps(MADE), "gates.yaml": gates})["gates"].items

    assert [gate.holds for gate in made] == [False, True, True]


def test_the_newest_of_several_validations_decides() -> None:
    later = json.loads(json.dumps(MADE).replace("2026-11-25T14:22:29", "2026-11-26T00:00:00"))
    later["results"] = later["results"][2:]
    later["statistics"] |= {"evaluated_expectations": 2, "unsuccessful_expectations": 0}
    gates = "schema: gates/v1\ngates:\n- {metric: success_percent, op: '>=', threshold: 100}\n"
    files = {STORED: json.dumps(MADE), STORED.replace("files", "later"): json.dumps(later), "gates.yaml": gates}
    [gate] = facts_of(files)["gates"].items

    assert (gate.holds, gate.value) == (True, 100)


def test_results_of_failures_alone_are_as_complete() -> None:
    short = {**MADE, "results": MADE["results"][:2]}

    assert [m.value for m in report(short).metrics[:4]] == [4, 2, 2, 50]


def test_nothing_evaluated_has_no_percentage() -> None:
    none = {"evaluated_expectations": 0, "unsuccessful_expectations": 0, "success_percent": None}
    gates = "schema: gates/v1\ngates:\n- {metric: success_percent, op: '>=', threshold: 0.5}\n"
    files = {STORED: json.dumps({"results": [], "statistics": none}), "gates.yaml": gates}
    [gate] = facts_of(files)["gates"].items

    assert (gate.holds, gate.why) == (False, f"success_percent in {STORED} is no number")


@pytest.mark.parametrize(
    "statistics",
    [
        {"unsuccessful_expectations": 0, "success_percent": 100.0},
        {"evaluated_expectations": 40},
        {"unsuccessful_expectations": "2"},
        {"evaluated_expectations": None},
    ],
)
def test_statistics_that_are_not_those_of_the_results_are_told(statistics: dict[str, Any]) -> None:
    edited = {**MADE, "statistics": {**MADE["statistics"], **statistics}}
    made = facts_of({STORED: json.dumps(edited, indent=1)})["evaluations"]

    assert not made.items
    assert [(unread.path, "2 of the 4 that it lists are not" in unread.message) for unread in made.unread] == [
        (STORED, True)
    ]


@pytest.mark.parametrize(
    "summary",
    [
        {"evaluated_expectations": 10, "successful_expectations": 7, "unsuccessful_expectations": 3},
        {"evaluated_expectations": 10, "successful_expectations": 7},
    ],
)
def test_a_summary_that_somebody_wrote_in_this_form_is_none(summary: dict[str, int]) -> None:
    files = {"results.json": json.dumps({"success": False, "statistics": summary, "results": []})}
    made = facts_of(files)["evaluations"]

    assert (made.items, made.unread) == ((), ())


def test_a_percentage_that_was_edited_is_counted_again() -> None:
    edited = {**MADE, "statistics": {**MADE["statistics"], "success_percent": 100.0}}

    assert report(edited).metrics[3].value == 50


def test_a_sidecar_binds_it_and_data_that_moved_on_is_told() -> None:
    subject = {
        "commit": "1" * 40,
        "datasets": [{"name": "bikes", "role": "train", "pointer": "bikes.csv.dvc", "version": f"md5:{TEST}"}],
    }
    beside = {f"{STORED}.subject.json": json.dumps(subject)}
    found = report(MADE, **beside, **{"bikes.csv.dvc": pointer("bikes.csv", TEST)})
    moved = report(MADE, **beside, **{"bikes.csv.dvc": pointer("bikes.csv", "c" * 32)})

    assert (found.bound, found.judges, [verdict.holds for verdict in found.fresh]) == ("sidecar", "data", [True])
    assert [verdict.holds for verdict in moved.fresh] == [False]
    assert not found.apart, "training data may be checked"


def test_suites_and_other_files_are_none() -> None:
    suite = {"name": "bikes", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "id"}}]}
    files = {
        "gx/expectations/results.json": json.dumps(suite),
        "validations/notes.json": '{"evaluated_expectations": "see README"}',
        "validations/x.json": "{",
    }

    assert not facts_of(files)["evaluations"].items


def test_a_large_result_is_read_without_lines() -> None:
    large = {**MADE, "suite_parameters": {"text": "x" * LARGEST}}
    found = parse_foreign(json.dumps(large).encode())

    assert isinstance(found, Evaluation)
    assert {m.line for m in found.metrics} == {0}


WORDS = ["statistics", "results", "expectations", "evaluated_expectations", "unsuccessful_expectations", "meta", "type"]
WORDS += ["run_results", "validation_results", "validation_result", "expectation_config", "kwargs", "result", "column"]
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-1, 2) | st.sampled_from(["", "expect_x", "20260101T0Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=4))
def test_hostile_results_break_nothing(value: Any) -> None:
    for document in (value, {**MADE, **value}, {**MADE, "results": [value]}):
        try:
            parse_expectations(document)
        except Unreadable as error:
            assert "expectations as not met" in error.message

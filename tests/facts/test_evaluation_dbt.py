"""``run_results.json`` of dbt: as version 1.11 wrote it (schema v6), shortened."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.evaluation.dbt import parse_dbt
from lifelint.facts.evaluation.noun import Evaluation
from tests.conftest import facts_of
from tests.facts.test_evaluations import TEST

SCHEMA = "https://schemas.getdbt.com/dbt/run-results/v6.json"


def ran(unique_id: str, status: str, failures: int | None = None) -> dict[str, Any]:
    return {
        "status": status, "timing": [{"name": "compile", "started_at": "2026-11-25T14:22:39.631700Z"}],
        "thread_id": "Thread-1 (worker)", "execution_time": 0.0773, "adapter_response": {"_message": "OK"},
        "message": None, "failures": failures, "unique_id": unique_id, "compiled": True, "compiled_code": "select 1",
        "relation_name": None, "batch_results": None,
    }  # fmt: skip


MADE: dict[str, Any] = {
    "metadata": {
        "dbt_schema_version": SCHEMA,
        "dbt_version": "1.11.16",
        "generated_at": "2026-11-25T14:22:39.960478Z",
        "invocation_id": "db314b3e-ba3b-4f29-b4f0-7446bf2fb32f",
        "env": {},
    },
    "results": [
        ran("seed.rides.raw", "success"),
        ran("unit_test.rides.trips.keeps_rows", "pass", 0),
        ran("model.rides.trips", "success"),
        ran("test.rides.not_null_trips_fare.0b4103ddec", "warn", 1),
        ran("test.rides.not_null_trips_id.8b9871c9b1", "pass", 0),
        ran("test.rides.unique_trips_id.5a9fc92fc1", "fail", 2),
        ran("test.rides.fares_add_up", "error"),
    ],
    "elapsed_time": 0.4786686897277832,
    "args": {"which": "build"},
}
PATH = "transform/target/run_results.json"


def report(document: Any, **more: str) -> Evaluation:
    [found] = facts_of({PATH: json.dumps(document, indent=1), **more})["evaluations"].items
    assert isinstance(found, Evaluation)
    return found


def test_what_came_of_the_tests_of_the_data_is_read() -> None:
    found = report(MADE)
    counted = {m.name: m.value for m in found.metrics if not m.slice}

    assert (found.form, found.judges, found.created) == ("dbt", "data", "2026-11-25T14:22:39.960478Z")
    assert counted == {
        "tests": 4, "tests_pass": 1, "tests_warn": 1, "tests_fail": 1, "tests_error": 1, "tests_skipped": 0,
    }  # fmt: skip
    assert [(m.name, m.slice, m.dataset, m.value) for m in found.metrics if m.slice] == [
        ("failures", "not_null_trips_fare", "rides", 1),
        ("failures", "not_null_trips_id", "rides", 0),
        ("failures", "unique_trips_id", "rides", 2),
        ("failures", "fares_add_up", "rides", None),
    ]
    assert all(m.line for m in found.metrics)


def test_it_names_neither_code_nor_data() -> None:
    found = report(MADE)

    assert (found.bound, found.commit, found.datasets) == ("", "", ())


def test_gates_name_its_figures() -> None:
    gates = (
        "schema: gates/v1\ngates:\n- {metric: tests_fail, op: '==', threshold: 0}\n"
        "- {metric: tests, op: '>=', threshold: 4}\n"
        "- {metric: failures, slice: unique_trips_id, op: '<=', threshold: 2}\n"
        "- {metric: failures, slice: fares_add_up, op: '==', threshold: 0}\n"
    )
    made = facts_of({PATH: json.dumps(MADE), "gates.yaml": gates})["gates"].items

    assert [gate.holds for gate in made] == [False, True, True, False]
    assert made[3].why == f"failures of fares_add_up in {PATH} is no number"


def test_a_sidecar_binds_it() -> None:
    subject = {"commit": "1" * 40, "datasets": [{"name": "t", "role": "train", "version": f"md5:{TEST}"}]}
    found = report(MADE, **{f"{PATH}.subject.json": json.dumps(subject)})

    assert (found.bound, found.judges, found.commit, found.apart) == ("sidecar", "data", "1" * 40, ())


@pytest.mark.parametrize("version", ["v1.json", "v4.json", "v5.json", "v6/index.html"])
def test_the_schemas_of_all_versions_are_known(version: str) -> None:
    address = f"https://schemas.getdbt.com/dbt/run-results/{version}"

    assert parse_dbt({**MADE, "metadata": {"dbt_schema_version": address}}) is not None


@pytest.mark.parametrize(
    "document",
    [
        {**MADE, "results": MADE["results"][:3]},
        {**MADE, "results": [ran("test.rides.unique_trips_id.5a9fc92fc1", "success")], "args": {"which": "generate"}},
        {**MADE, "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}},
        {**MADE, "metadata": {"dbt_schema_version": f"see {SCHEMA}"}},
        {**MADE, "metadata": SCHEMA},
        {"note": SCHEMA},
    ],
)
def test_runs_without_tests_and_other_files_are_none(document: Any) -> None:
    assert not facts_of({PATH: json.dumps(document)})["evaluations"].items


VALUES: Any = st.recursive(
    st.none() | st.floats() | st.integers() | st.sampled_from(["test.", "test.a.b", "test", "pass", SCHEMA]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["unique_id", "status", "failures", "results"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_hostile_results_break_nothing(value: Any) -> None:
    parse_dbt({**MADE, "results": value})
    parse_dbt({**MADE, "results": [value, {"unique_id": "test.a.b", "failures": value, "status": value}]})

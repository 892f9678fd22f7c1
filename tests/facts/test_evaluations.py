"""Evaluations and gates in real git histories, and what must not be taken for one."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Facts, Source, Unreadable
from lifelint.facts.evaluation.document import load, parse_gates, parse_report
from lifelint.facts.evaluation.foreign import parse_foreign
from lifelint.facts.evaluation.names import normal, scales_differ, vacuous
from lifelint.facts.evaluation.noun import Evaluation
from lifelint.facts.proof import fingerprint
from lifelint.snapshot._open import open_snapshot
from tests.conftest import facts_of, git, write

ROOT = Path(__file__).parent.parent.parent
OLD, NEW, TEST = "a" * 32, "d" * 32, "b" * 32


def pointer(path: str, md5: str) -> str:
    return f"outs:\n- md5: {md5}\n  size: 10\n  hash: md5\n  path: {path}\n"


def report(commit: str, model: str = OLD, **more: Any) -> str:
    subject = {
        "commit": commit,
        "models": [{"name": "m", "pointer": "m.onnx.dvc", "digest": f"md5:{model}"}],
        "datasets": [{"name": "test", "role": "test", "pointer": "test.csv.dvc", "version": f"md5:{TEST}"}],
        **more,
    }
    metrics = [{"name": "auc", "value": 0.91}]
    return json.dumps({"schema": "evaluation-report/v1", "subject": subject, "metrics": metrics}, indent=1)


def commit(folder: Path, message: str, files: dict[str, str]) -> str:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "-q")
    commit(
        place, "model", {"m.onnx.dvc": pointer("m.onnx", OLD), "test.csv.dvc": pointer("test.csv", TEST), "t.py": ""}
    )
    return place


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD").strip()


def told(folder: Path, path: str = "eval.json") -> Evaluation:
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        [found] = [e for e in Facts(Source(snapshot))["evaluations"].items if e.path == path]
    assert isinstance(found, Evaluation)
    return found


def holds(verdicts: Any) -> dict[str, bool | None]:
    return {verdict.field: verdict.holds for verdict in verdicts}


def test_a_report_of_what_is_committed_holds_in_every_field(folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder))})

    found = told(folder)

    assert holds(found.verdicts) == {"commit": True, "model:m": True, "test:test": True}
    assert holds(found.fresh) == {"model:m": True, "test:test": True}


def test_a_moved_report_still_holds(folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder))})
    git(folder, "mv", "eval.json", "final-report.json")
    git(folder, "commit", "-q", "-m", "move")

    assert set(holds(told(folder, "final-report.json").verdicts).values()) == {True}


def test_a_model_swapped_after_the_evaluation_is_told(folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder))})
    commit(folder, "retrain", {"m.onnx.dvc": pointer("m.onnx", NEW)})

    found = told(folder)

    assert holds(found.verdicts)["model:m"] is True, "it was so then"
    assert holds(found.fresh)["model:m"] is False


def test_an_evaluation_run_again_is_fresh(folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder))})
    retrained = commit(folder, "retrain", {"m.onnx.dvc": pointer("m.onnx", NEW)})
    commit(folder, "report", {"eval.json": report(retrained, NEW)})

    assert set(holds(told(folder).fresh).values()) == {True}


def test_a_digest_of_the_previous_model_is_refuted(folder: Path) -> None:
    retrained = commit(folder, "retrain", {"m.onnx.dvc": pointer("m.onnx", NEW)})
    commit(folder, "report", {"eval.json": report(retrained, OLD)})

    assert holds(told(folder).verdicts)["model:m"] is False


@pytest.mark.parametrize("printed", [True, False])
def test_a_squashed_commit_is_found_by_its_fingerprint_alone(folder: Path, printed: bool) -> None:
    git(folder, "checkout", "-q", "-b", "work")
    worked = commit(folder, "work", {"t.py": "print(1)\n", "m.onnx.dvc": pointer("m.onnx", NEW)})
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        name = fingerprint(snapshot.entries, ["t.py", "m.onnx.dvc"])
    more: dict[str, Any] = {"fingerprint": name, "paths": ["t.py", "m.onnx.dvc"]} if printed else {}
    git(folder, "checkout", "-q", "-")
    commit(folder, "other work", {"README": "hello\n"})
    git(folder, "merge", "-q", "--squash", "work")
    git(folder, "commit", "-q", "-m", "squashed")
    commit(folder, "report", {"eval.json": report(worked, NEW, **more)})

    found = told(folder)

    assert holds(found.verdicts)["commit"] is printed
    assert holds(found.verdicts)["model:m"] is (True if printed else None)


def test_a_shallow_clone_leaves_it_unknown(folder: Path, tmp_path: Path) -> None:
    evaluated = head(folder)
    commit(folder, "report", {"eval.json": report(evaluated)})
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")

    found = told(tmp_path / "shallow")

    assert holds(found.verdicts) == {"commit": None, "model:m": None, "test:test": None}


def test_a_dirty_evaluation_is_of_no_commit(folder: Path) -> None:
    commit(folder, "report", {"eval.json": report(head(folder), dirty=True)})

    assert holds(told(folder).verdicts)["dirty"] is False


def gates(metrics: str, *lines: str) -> list[Any]:
    files = {
        "eval.json": f'{{"schema": "evaluation-report/v1", "metrics": [{metrics}]}}',
        "gates.yaml": "schema: gates/v1\ngates:\n" + "".join(f"- {{{line}}}\n" for line in lines),
    }
    return list(facts_of(files)["gates"].items)


@pytest.mark.parametrize(
    ("metrics", "gate", "expected"),
    [
        ('{"name": "auc", "value": 0.91}', "metric: auc, op: '>=', threshold: 0.9", True),
        ('{"name": "auc", "value": 0.89}', "metric: auc, op: '>=', threshold: 0.9", False),
        ('{"name": "auc", "value": NaN}', "metric: auc, op: '>=', threshold: 0.9", False),
        ('{"name": "mae", "value": -Infinity}', "metric: mae, op: '<=', threshold: 1", False),
        ('{"name": "auc", "value": null}', "metric: auc, op: '>=', threshold: 0.9", False),
        ('{"name": "f1", "value": 0.91}', "metric: auc, op: '>=', threshold: 0.9", False),
        ('{"name": "test/ROC-AUC", "value": 0.91}', "metric: roc_auc, op: '>=', threshold: 0.9", True),
        ('{"name": "accuracy", "value": 91}', "metric: accuracy, op: '>=', threshold: 0.9", None),
        ('{"name": "auc", "slice": "EU", "value": 0.95}', "metric: auc, op: '>=', threshold: 0.9", False),
        ('{"name": "auc", "slice": "EU", "value": 0.95}', "metric: auc, op: '>=', threshold: 0.9, slice: EU", True),
    ],
)
def test_gates_are_computed_again(metrics: str, gate: str, expected: bool | None) -> None:
    [found] = gates(metrics, gate)

    assert found.holds is expected, found.why


@pytest.mark.parametrize(
    ("metric", "op", "threshold", "told"),
    [
        ("accuracy", ">=", 0, True),
        ("accuracy", ">", 0, False),
        ("rmse", ">=", -1, True),
        ("f1", "<=", 1, True),
        ("rmse", "<=", 1, False),
        ("anything", ">=", float("-inf"), True),
        ("anything", ">=", 0, False),
    ],
)
def test_thresholds_that_nothing_can_miss_are_told(metric: str, op: str, threshold: float, told: bool) -> None:
    assert bool(vacuous(metric, op, threshold)) is told


def test_names_are_compared_without_what_tools_spell_differently() -> None:
    assert {normal(name) for name in ("acc,none", "ACC", "test/acc", "val_acc")} == {"acc"}
    assert normal("validity") == "validity"
    assert not scales_differ("rmse", 90, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        '{"metrics": ["accuracy"], "optimizer": "adam"}',
        '{"n_current": 6167, "drift_share": 0.0}',
        '{"loss": [1.0, 0.5], "accuracy": [0.1, 0.2]}',
        '{"epoch": 3, "train_loss": 0.5}',
        "[1, 2]",
        "not json",
        "",
    ],
)
def test_what_is_no_evaluation_is_taken_for_none(text: str) -> None:
    assert parse_foreign(text.encode()) is False


def test_results_of_the_harness_keep_task_and_error() -> None:
    document = {"results": {"sciq": {"acc,none": 0.87, "acc_stderr,none": 0.01}}, "versions": {"sciq": 0}, "config": {}}

    found = parse_foreign(json.dumps(document).encode())

    assert isinstance(found, Evaluation)
    assert [(m.name, m.value, m.dataset, m.spread) for m in found.metrics] == [("acc,none", 0.87, "sciq", "stderr")]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_hostile_bytes_are_told_as_unreadable_or_left_alone(data: bytes) -> None:
    parse_foreign(data)
    for parse in (parse_report, parse_gates):
        try:
            parse(data)
        except Unreadable:
            continue


def test_the_report_of_the_page_can_be_written_and_fits_its_schema(folder: Path) -> None:
    page = (ROOT / "docs/evaluation.md").read_text("utf-8")
    write(folder, {"model.onnx": "m", "test.csv": "t"})
    script = page.partition("```python\n")[2].partition("```")[0]
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)

    written = (folder / "eval-report.json").read_bytes()
    jsonschema.validate(
        json.loads(written), json.loads((ROOT / "docs/schemas/evaluation-report-v1.json").read_text("utf-8"))
    )

    assert parse_report(written).models[0].pointer == "model.onnx.dvc"


def test_the_gates_of_the_page_fit_their_schema() -> None:
    page = (ROOT / "docs/evaluation.md").read_text("utf-8")
    samples = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    schema = json.loads((ROOT / "docs/schemas/gates-v1.json").read_text("utf-8"))
    for sample in samples:
        jsonschema.validate(load(sample.encode()), schema)

    slices = [[demand.slice for demand in parse_gates(sample.encode()) or ()] for sample in samples]
    assert slices == [["", "age", "", "unique_trips_id"], ["", "region=EU"]]


def misspelt(path: str, document: object) -> list[tuple[str, str, str]]:
    [found] = facts_of({path: json.dumps(document)})["spellings"].items
    return [(one.part, one.key, one.meant) for one in found.misspelt]


def test_keys_that_are_nearly_those_of_the_format_are_told_with_their_part() -> None:
    report = {
        "schema": "evaluation-report/v1",
        "baseline": [],
        "subject": {"comit": "1", "datasets": [{"name": "a", "vesion": "md5:1"}], "model": []},
        "metrics": [{"name": "auc", "value": 1, "slices": "EU"}],
    }

    assert misspelt("eval/report.json", report) == [
        ("", "baseline", "baselines"),
        ("subject", "comit", "commit"),
        ("subject.datasets", "vesion", "version"),
        ("subject", "model", "models"),
        ("metrics", "slices", "slice"),
    ]
    assert misspelt("a.json.subject.json", {"comit": "1"}) == [("subject", "comit", "commit")]


@pytest.mark.parametrize(
    "own",
    [
        {"metrics": [{"name": "auc", "value": 0.9, "values": [1], "names": "x", "note": "y", "unit": "%"}]},
        {"runs": 3, "title": "x", "metrics": {"name": 1}},
        {"run": {"n_runs": 3, "seed": 1}, "schemas": 1, "metrics": None},
        {"subject": None, "baselines": 4, "metrics": [[]]},
    ],
)
def test_keys_of_a_team_are_its_own(own: dict[str, object]) -> None:
    assert misspelt("eval/report.json", {"schema": "evaluation-report/v1", **own}) == []


@given(st.recursive(st.none() | st.text(max_size=8), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_any_report_is_looked_through(value: object) -> None:
    for part in ("metrics", "subject", "baselines"):
        misspelt("eval/report.json", {"schema": "evaluation-report/v1", part: value})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("treshold: 0.8, metric: auc", "'treshold', which is no key of one (did you mean 'threshold'?)"),
        ("threshold: 0.8, metrics: auc", "'metrics', which is no key of one (did you mean 'metric'?)"),
        ("threshold: 0.8, name: auc", "without metric"),
        ("metric: auc, limit: 0.8", "without metric"),
    ],
)
def test_a_gate_with_a_misspelt_key_says_which_is_meant(written: str, told: str) -> None:
    lines = written.replace(", ", "\n  ")
    [unread] = facts_of({"gates.yaml": f"schema: gates/v1\ngates:\n- op: '>='\n  {lines}\n"})["gates"].unread
    assert told in unread.message


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("gates.yaml", True),
        ("eval/gates.prod.yaml", True),
        ("release_gates.json", True),
        ("aggregates.yaml", False),
        ("delegate.yaml", False),
    ],
)
def test_a_file_of_gates_is_known_by_a_word_of_its_name(path: str, read: bool) -> None:
    gate = '{"schema": "gates/v1", "gates": [{"metric": "auc", "op": ">=", "threshold": 0.9}]}'

    assert bool(facts_of({path: gate})["gates"].items) is read
    assert bool(facts_of({path: '{"gates/v1": ['})["gates"].unread) is read


@pytest.mark.parametrize(
    ("path", "doubt"),
    [
        ("docs/v1/metrics.json", True),
        ("evaluation_results.yaml", True),
        ("metrics.json", False),
        ("conf/metrics.yaml", None),
        ("docs/examples/metrics.json", None),
    ],
)
def test_numbers_among_documentation_or_in_yaml_are_doubtful(path: str, doubt: bool | None) -> None:
    found = facts_of({path: '{"accuracy": 0.9}'})["evaluations"].items

    assert [bool(report.doubt) for report in found] == ([] if doubt is None else [doubt])


def gate_report(files: dict[str, str]) -> str:
    [gate] = facts_of(files)["gates"].items
    return str(gate.report)


def test_a_gate_is_decided_by_the_reports_of_its_own_project() -> None:
    demand = 'schema: gates/v1\ngates: [{metric: auc, op: ">=", threshold: 0.5}]\n'
    files = {"a/metrics.json": '{"auc": 0.6}', "b/out/metrics.json": '{"auc": 0.6}', "b/ci/gates.yaml": demand}

    assert gate_report(files) == "b/out/metrics.json"
    assert gate_report({"a/metrics.json": '{"auc": 0.6}', "b/ci/gates.yaml": demand}) == "a/metrics.json"


def test_figures_of_training_do_not_decide_where_an_evaluation_does() -> None:
    pipeline = """stages:
  train: {cmd: t, deps: [data/train.csv], outs: [m.onnx], metrics: [a.json: {cache: false}]}
  evaluate: {cmd: e, deps: [data/test.csv, m.onnx], metrics: [b.json: {cache: false}]}
"""
    demand = 'schema: gates/v1\ngates: [{metric: mae, op: "<=", threshold: 50}]\n'
    files = {"dvc.yaml": pipeline, "a.json": '{"mae": 36}', "b.json": '{"mae": 62}', "gates.yaml": demand}

    assert gate_report(files) == "b.json"


def test_parts_of_the_data_below_a_metric_are_its_datasets() -> None:
    files = {"metrics.json": '{"avg_prec": {"train": 0.97, "test": 0.92}, "f1": {"EU": 0.5}}'}
    [report] = facts_of(files)["evaluations"].items

    assert [(m.name, m.slice, m.dataset) for m in report.metrics] == [
        ("avg_prec", "", "train"),
        ("avg_prec", "", "test"),
        ("f1", "EU", ""),
    ]


@pytest.mark.parametrize(
    ("told", "margin"),
    [
        ('"ci": [0.88, 0.92]', 0.02),
        ('"stderr": 0.01', 0.0196),
        ('"ci": [0.88, 0.92], "stderr": 0.5', 0.02),
        ('"ci": [0.92, 0.88]', None),
        ('"ci": [0.88]', None),
        ('"ci": "wide"', None),
        ('"stderr": NaN', None),
        ('"n": 10', None),
    ],
)
def test_the_uncertainty_of_a_metric_is_half_of_its_interval(told: str, margin: float | None) -> None:
    text = f'{{"schema": "evaluation-report/v1", "metrics": [{{"name": "auc", "value": 0.9, {told}}}]}}'

    [metric] = facts_of({"eval-report.json": text})["evaluations"].items[0].metrics
    assert metric.margin == (pytest.approx(margin) if margin is not None else None)


@pytest.mark.parametrize(("tolerance", "read"), [("0.02", 0.02), ("0", 0.0), ("null", None)])
def test_a_gate_may_say_how_much_worse_a_change_may_make_it(tolerance: str, read: float | None) -> None:
    text = f"schema: gates/v1\ngates:\n- {{metric: auc, op: '>=', threshold: 0.8, tolerance: {tolerance}}}\n"

    [gate] = facts_of({"gates.yaml": text})["gates"].items
    assert gate.tolerance == read


@pytest.mark.parametrize("tolerance", ["-1", ".nan", ".inf", "some"])
def test_a_tolerance_that_is_none_is_told(tolerance: str) -> None:
    text = f"schema: gates/v1\ngates:\n- {{metric: auc, op: '>=', threshold: 0.8, tolerance: {tolerance}}}\n"

    made = facts_of({"gates.yaml": text})["gates"]
    assert not made.items
    assert "tolerance" in made.unread[0].message

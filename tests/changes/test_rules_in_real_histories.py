"""Each rule about a change, in a repository with a history: its own case, and what looks like it and is harmless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from lifelint import catalog
from tests.changes.conftest import Files, Project

Make = Callable[..., Project]

GATES = """\
schema: gates/v1
gates:
- {metric: auc, op: '>=', threshold: 0.9}
- {metric: rmse, op: '<=', threshold: 2}
"""
RULES = {rule.id: rule for rule in catalog.load(examples=False).rules}
A, B, C, D = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)


def report(auc: float, commit: str = "1", model: str = A, data: str = B) -> str:
    return f"""\
{{"schema": "evaluation-report/v1",
 "subject": {{"commit": "{commit * 40}",
  "models": [{{"name": "model.pkl", "pointer": "model.pkl.dvc", "digest": "md5:{model}"}}],
  "datasets": [{{"name": "test", "role": "test", "pointer": "test.csv.dvc", "version": "md5:{data}"}}]}},
 "metrics": [{{"name": "auc", "value": {auc}}}]}}
"""


def pointer(digest: str) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest * 2}\nsize 300000\n"


def dvc(path: str, digest: str) -> str:
    return f"outs:\n- md5: {digest}\n  size: 10\n  hash: md5\n  path: {path}\n"


PYPROJECT = """\
[project]
name = "churn"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["numpy>=1.26"]
"""
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "churn"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "numpy" }]

[package.metadata]
requires-dist = [{ name = "numpy", specifier = ">=1.26" }]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://pypi.org/simple" }
"""
PIPELINE = {
    "params.yaml": "epochs: 3\n",
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    params: [epochs]\n    outs: [model.pkl]\n",
    "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    params:\n      params.yaml:\n"
    f"        epochs: 3\n    outs:\n    - path: model.pkl\n      hash: md5\n      md5: {A}\n      size: 10\n",
}
RELEASE = """\
schema: release-manifest/v1
release: {name: churn, version: 1.0.0, tag: v1.0.0}
source:
  commit: "1111111111111111111111111111111111111111"
environment:
- {path: requirements.txt, digest: "sha256:1"}
data:
- {name: train, role: train, pointer: train.csv.dvc, version: "md5:c"}
model:
- {name: model, pointer: model.pkl.dvc, digest: "md5:a"}
evaluation:
- {report: eval-report.json, digest: "sha256:2", gates: gates.yaml, result: pass}
rollback: {previous: none}
"""


CHAIN = {
    "train.csv.dvc": dvc("train.csv", A),
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [train.csv]\n    outs: [model.pkl]\n"
    "  evaluate:\n    cmd: python evaluate.py\n    deps: [model.pkl]\n    metrics: [metrics.json]\n",
}


def lock(train: str, model: str, judged: str, metrics: str) -> str:
    def entry(path: str, digest: str) -> str:
        return f"    - path: {path}\n      hash: md5\n      md5: {digest}\n      size: 10\n"

    return (
        f"schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n{entry('train.csv', train)}"
        f"    outs:\n{entry('model.pkl', model)}  evaluate:\n    cmd: python evaluate.py\n    deps:\n"
        f"{entry('model.pkl', judged)}    outs:\n{entry('metrics.json', metrics)}"
    )


def workflow(run: str, job: str = "test") -> str:
    return f"on: pull_request\njobs:\n  {job}:\n    runs-on: x\n    steps:\n      - run: {run}\n"


class Case(NamedTuple):
    """A rule, its base, a change in which it fails (in two steps), and harmless ones."""

    rule: str
    base: Mapping[str, str]
    step: Files
    change: Files
    subjects: list[str]
    harmless: Mapping[str, Files]
    moved: Mapping[str, str]
    tag: str = ""

    def made(self, project: Make) -> Project:
        return project(self.base, self.tag)


KEPT = "* @acme/all\nCODEOWNERS @acme/all\n/gates.yaml @acme/quality\n"
OWNED = {
    ".github/CODEOWNERS": f"{KEPT}/data/ @acme/data\n",
    "data/train.csv.dvc": dvc("train.csv", A),
    "gates.yaml": GATES,
}

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
        {"gates.yaml": "quality/gates.yaml"},
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
        {"eval-report.json": "reports/eval-report.json"},
    ),
    Case(
        "manifest-changed-lock-not",
        {"pyproject.toml": PYPROJECT, "uv.lock": LOCK},
        {"pyproject.toml": PYPROJECT.replace("1.26", "2")},
        {"pyproject.toml": PYPROJECT.replace('1.26"', '1.26", "scipy"')},
        ["uv.lock"],
        {
            "reformatted": {"pyproject.toml": PYPROJECT.replace('["numpy>=1.26"]', '[\n  "numpy >= 1.26",  # we\n]')},
            "locked again": {"pyproject.toml": PYPROJECT.replace("1.26", "2"),
                             "uv.lock": LOCK.replace('">=1.26"', '">=2"').replace("1.26.4", "2.1.0")},
            "a description": {"pyproject.toml": PYPROJECT + 'description = "Churn"\n'},
        },
        {"pyproject.toml": "app/pyproject.toml", "uv.lock": "app/uv.lock"},
    ),
    Case(
        "params-changed-lock-not",
        PIPELINE,
        {"params.yaml": "epochs: 5\n"},
        {"params.yaml": "epochs: 10\n"},
        ["stage:train"],
        {
            "reformatted": {"params.yaml": "seed: 1\n'epochs': 3  # enough\n"},
            "run again": {"params.yaml": "epochs: 10\n", "dvc.lock": PIPELINE["dvc.lock"].replace(": 3", ": 10")},
        },
        {path: f"model/{path}" for path in PIPELINE},
    ),
    Case(
        "pointer-became-blob",
        {".gitattributes": "*.parquet filter=lfs\n", "data/train.parquet": pointer(A)},
        {"data/train.parquet": "PAR1" * 20_000},
        {"data/train.parquet": "PAR1" * 75_000},
        ["data/train.parquet"],
        {
            "a new version": {"data/train.parquet": pointer(B)},
            "reformatted": {".gitattributes": "# large files\n*.parquet  filter=lfs diff=lfs\n"},
            "removed": {"data/train.parquet": None},
        },
        {"data/train.parquet": "data/2026/train.parquet"},
    ),
    Case(
        "unpinned",
        {"requirements.txt": "numpy==2.1.0\npandas>=2\n", "Dockerfile": f"FROM python:3.11@sha256:{A}{B}\n"},
        {"requirements.txt": "numpy>=2.1\npandas>=2\n"},
        {"requirements.txt": "numpy\npandas>=2\n", "Dockerfile": "FROM python:3.11\n"},
        ["Dockerfile:python", "requirements.txt:numpy"],
        {
            "reformatted": {"requirements.txt": "# what we use\npandas >=2\nnumpy == 2.1.0\n"},
            "updated": {"requirements.txt": "numpy==2.2.0\n", "Dockerfile": f"FROM python:3.12@sha256:{B}{A}\n"},
        },
        {"requirements.txt": "requirements/base.txt", "Dockerfile": "docker/Dockerfile"},
    ),
    Case(
        "released-manifest-edited",
        {"releases/1.0.0/release.yaml": RELEASE},
        {"releases/1.0.0/release.yaml": None},
        {"releases/1.0.0/release.yaml": RELEASE + "# better\n"},
        ["releases/1.0.0/release.yaml:release.tag"],
        {
            "a new version": {"releases/1.1.0/release.yaml": RELEASE.replace("1.0.0", "1.1.0")},
        },
        {"README.md": "docs/README.md"},
        "v1.0.0",
    ),
    Case(
        "metric-regressed",
        {"gates.yaml": GATES, "eval-report.json": report(0.95)},
        {"eval-report.json": report(0.97, commit="2", model=C)},
        {"eval-report.json": report(0.91, commit="3", model=D)},
        ["gates.yaml:auc:min"],
        {
            "better": {"eval-report.json": report(0.96, commit="2", model=C)},
            "within one percent": {"eval-report.json": report(0.945, commit="2", model=C)},
            "on other data": {"eval-report.json": report(0.91, commit="2", model=C, data=D)},
            "reformatted": {"eval-report.json": report(0.95).replace("\n", "")},
        },
        {"eval-report.json": "reports/eval-report.json", "gates.yaml": "reports/gates.yaml"},
    ),
    Case(
        "comparison-broken",
        {"eval-report.json": report(0.95)},
        {"eval-report.json": report(0.96, commit="2", model=C)},
        {"eval-report.json": report(0.97, commit="3", model=C, data=D)},
        ["eval-report.json"],
        {
            "another model": {"eval-report.json": report(0.96, commit="2", model=C)},
            "other data": {"eval-report.json": report(0.96, commit="2", data=D)},
            "reformatted": {"eval-report.json": report(0.95).replace("\n", "")},
        },
        {"eval-report.json": "reports/eval-report.json"},
    ),
    Case(
        "data-changed-evaluation-not",
        {**CHAIN, "dvc.lock": lock(A, B, B, C)},
        {"train.csv.dvc": dvc("train.csv", C)},
        {"train.csv.dvc": dvc("train.csv", D)},
        ["train.csv"],
        {
            "run again": {"train.csv.dvc": dvc("train.csv", D), "dvc.lock": lock(D, C, C, D)},
            "reformatted": {"train.csv.dvc": dvc("train.csv", A).replace("\n  ", "\n    ").replace("- ", "  - ")},
            "data that nothing reads": {"other.csv.dvc": dvc("other.csv", D)},
        },
        {path: f"model/{path}" for path in (*CHAIN, "dvc.lock")},
    ),
    Case(
        "model-changed-unexplained",
        {**CHAIN, "dvc.lock": lock(A, B, B, C)},
        {"dvc.lock": lock(A, C, B, C)},
        {"dvc.lock": lock(A, D, B, C)},
        ["model.pkl"],
        {
            "evaluated": {"dvc.lock": lock(A, D, D, D)},
            "reformatted": {"dvc.lock": lock(A, B, B, C).replace("schema: '2.0'", "# by DVC\nschema: \"2.0\"")},
        },
        {path: f"model/{path}" for path in (*CHAIN, "dvc.lock")},
    ),
    Case(
        "control-removed",
        {"gates.yaml": GATES, ".github/workflows/test.yaml": workflow("pytest"), "dvc.yaml": PIPELINE["dvc.yaml"],
         ".github/workflows/model.yaml": workflow("dvc repro", "evaluate")},
        {"gates.yaml": None},
        {"gates.yaml": GATES.rpartition("- ")[0], ".github/workflows/model.yaml": None,
         ".github/workflows/test.yaml": workflow("pytest || true")},
        [".github/workflows/test.yaml:test:pytest", "ci:the pipeline of dvc", "gates.yaml:rmse:max"],
        {
            "renamed": {".github/workflows/test.yaml": workflow("python -m pytest -q", "unit-tests")},
            "in one file": {".github/workflows/model.yaml": None,
                            ".github/workflows/test.yaml": workflow("pytest\n      - run: dvc repro")},
            "reformatted": {".github/workflows/test.yaml": "# ours\n" + workflow("pytest").replace("on: ", "on:  ")},
            "stricter": {"gates.yaml": GATES.replace("0.9", "0.95")},
        },
        {"gates.yaml": "quality/gates.yaml", ".github/workflows/test.yaml": ".github/workflows/ci.yaml"},
    ),
    Case(
        "ownership-weakened",
        OWNED,
        {".github/CODEOWNERS": f"# who is asked\n{OWNED['.github/CODEOWNERS']}"},
        {".github/CODEOWNERS": KEPT},
        ["data/train.csv.dvc"],
        {
            "reformatted": {".github/CODEOWNERS": KEPT.replace("\n", "\n\n") + "/data/**  @acme/data # raw\n"},
            "another name": {".github/CODEOWNERS": OWNED[".github/CODEOWNERS"].replace("@acme/data", "@acme/tables")},
            "one more": {".github/CODEOWNERS": OWNED[".github/CODEOWNERS"].replace("quality", "quality @bob")},
            "at another place": {".github/CODEOWNERS": None, "docs/CODEOWNERS": OWNED[".github/CODEOWNERS"]},
            "narrower": {".github/CODEOWNERS": OWNED[".github/CODEOWNERS"].replace("/data/", "/data/*.dvc")},
            "gone with its data": {".github/CODEOWNERS": KEPT,
                                   "data/train.csv.dvc": None},
        },
        {"data/train.csv.dvc": "data/raw/train.csv.dvc", ".github/CODEOWNERS": "CODEOWNERS"},
    ),
]  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)


def test_every_rule_about_a_change_has_a_case() -> None:
    assert {rule.id for rule in RULES.values() if rule.scope == "change"} == {case.rule for case in CASES}


@each_case
def test_it_is_told_once_however_many_commits_made_it_and_also_after_a_squash(project: Make, case: Case) -> None:
    made = case.made(project)
    made.commit(case.step)
    made.commit(case.change)
    on_the_branch = made.told()
    made.squashed()

    assert on_the_branch.new[case.rule] == case.subjects
    assert made.told("main~1").new[case.rule] == case.subjects
    assert case.rule not in made.told("main~1", "--rev", "main~1").new
    assert not set(RULES[case.rule].instead_of) & set(on_the_branch.new)


@each_case
def test_a_rename_an_unrelated_edit_and_the_way_back_are_no_failure(project: Make, case: Case) -> None:
    made = case.made(project)
    made.move(case.moved)
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
    made = case.made(project)
    made.commit(case.harmless[what])

    assert made.told().finding(case.rule)["outcome"] != "fail"


@each_case
def test_it_is_part_of_no_level_and_not_shown_without_a_base(project: Make, case: Case) -> None:
    made = case.made(project)
    made.commit(case.change)
    compared = made.told().document["projects"][0]
    [alone] = made._run("check", "--target", "5", "--format", "json", cwd=made.folder).json["projects"]

    assert case.rule not in {finding["rule"] for finding in alone["findings"]}
    assert compared["scorecard"] == alone["scorecard"]

"""``lifelint explain``: rules, and frameworks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from lifelint import catalog
from lifelint.frameworks import reading
from lifelint.report.frameworks import STATEMENT
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
Make = Callable[..., Path]
FRAMEWORKS = reading.load().frameworks
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/crosswalk-v1.json").read_text("utf-8"))


def report(lifelint: Run, folder: Path) -> Path:
    """The archived JSON report of a check."""
    path = folder.parent / "report.json"
    lifelint("check", "-o", f"json={path}", cwd=folder)
    return path


def test_a_rule_tells_which_frameworks_it_serves(lifelint: Run, tmp_path: Path) -> None:
    ran = lifelint("explain", "pipeline-exercised", cwd=tmp_path)

    assert "## Frameworks" in ran.out
    assert "- The ML Test Score:\n  - Infra 3 The whole pipeline is integration tested (fully)\n" in ran.out


def test_a_rule_as_json_has_its_examples_and_frameworks(lifelint: Run, tmp_path: Path) -> None:
    rule = lifelint("explain", "pipeline-exercised", "--format", "json", cwd=tmp_path).json

    assert rule["id"] == "pipeline-exercised"
    assert rule["examples"]
    assert ("ml-test-score", "Infra 3", "fully") in [
        (one["framework"], one["item"], one["answered"]) for one in rule["frameworks"]
    ]


def test_the_list_names_every_framework(lifelint: Run, tmp_path: Path) -> None:
    ran = lifelint("explain", "--framework", cwd=tmp_path)

    assert ran.code == 0
    assert [name for name in FRAMEWORKS if f"{name} " not in ran.out] == []
    assert STATEMENT in ran.out


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_prints_each_item_with_its_rules(lifelint: Run, tmp_path: Path, name: str) -> None:
    out = lifelint("explain", "--framework", name, cwd=tmp_path).out
    document = lifelint("explain", "--framework", name, "--format", "json", cwd=tmp_path).json

    assert STATEMENT in out
    for item in FRAMEWORKS[name].items:
        assert f"### {item.id} {item.title}\n" in out
        assert item.because in out
    assert "\n\n\n" not in out
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [item["id"] for item in document["items"]] == [item.id for item in FRAMEWORKS[name].items]
    assert {item["outcome"] for item in document["items"]} == {None}


def test_planned_rules_are_marked(lifelint: Run, tmp_path: Path) -> None:
    built = {rule.id for rule in catalog.load(examples=False).rules}
    document = lifelint("explain", "--framework", "ml-test-score", "--format", "json", cwd=tmp_path).json

    parts = [part for item in document["items"] for part in item["rules"]]
    assert {part["rule"] for part in parts if part["built"]} <= built
    assert {part["rule"] for part in parts if not part["built"]} & built == set()
    assert [
        item for item in document["items"] if item["today"] == "fully" and not all(p["built"] for p in item["rules"])
    ] == []


def test_a_report_is_joined(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy\n", "train.py": "import torch\n"})
    archived = report(lifelint, folder)
    told = lifelint("explain", "--framework", "ml-test-score", "--report", str(archived)).out
    document = lifelint("explain", "--framework", "ml-test-score", "--report", str(archived), "--format", "json").json

    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    training = next(item for item in document["items"] if item["id"] == "Infra 1")
    pinned = next(part for part in training["rules"] if part["rule"] == "environment-pinned")
    assert (training["outcome"], pinned["outcomes"]) == ("fail", {".": "fail"})
    assert (
        "- `environment-pinned`: Every declared environment is frozen by a lock or by exact versions: **fail**" in told
    )
    assert "- `unpinned`: What was pinned is pinned as firmly as before: not in the report" in told
    failing = sum(item["outcome"] == "fail" for item in document["items"])
    assert f"In the report: {failing} fail, " in told


def test_projects_that_differ_are_named(lifelint: Run, repository: Make) -> None:
    folder = repository(
        {
            "a/requirements.txt": "numpy\n", "a/train.py": "import torch\n", "a/dvc.yaml": "stages: {}\n",
            "b/requirements.txt": "numpy==2.1.0\n", "b/train.py": "import torch\n", "b/dvc.yaml": "stages: {}\n",
        }
    )  # fmt: skip
    told = lifelint("explain", "--framework", "ml-test-score", "--report", str(report(lifelint, folder))).out

    assert "by exact versions: **fail in a; pass in b**\n" in told


def test_few_projects_are_named_and_harmlessly(lifelint: Run, tmp_path: Path) -> None:
    outcomes = {"\x1b]0;owned\x07": "fail", **{f"p{number}": "pass" for number in range(5)}}
    projects = [
        {"root": root, "findings": [{"rule": "lock-fresh", "outcome": outcome}]} for root, outcome in outcomes.items()
    ]
    (tmp_path / "report.json").write_text(json.dumps({"schema_version": 1, "projects": projects}))
    told = lifelint("explain", "--framework", "ml-test-score", "--report", "report.json", cwd=tmp_path).out

    assert "manifest: **fail in \ufffd]0;owned\ufffd; pass in p0, p1, p2 and 2 more**" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "name a rule, or ask for a --framework"),
        (["lock-fresh", "--framework=ml-test-score"], "name a rule, or ask for a --framework"),
        (["lock-fresh", "--report", "x"], "--report needs --framework NAME"),
        (["--report", "x", "--framework"], "--report needs --framework NAME"),
        (["--framework", "ml-test-scor"], "there is no framework 'ml-test-scor' (did you mean 'ml-test-score'?)"),
        (["--framework", "ml-test-score", "--report", "none.json"], "none.json: cannot be read"),
        (["lock-frsh"], "there is no rule 'lock-frsh' (did you mean 'lock-fresh'?)"),
    ],
)
def test_wrong_usage_is_told(lifelint: Run, tmp_path: Path, args: list[str], told: str) -> None:
    ran = lifelint("explain", *args, cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not a JSON report"),
        ('{"schema_version": 2}', "version 2"),
        ('{"schema_version": 1, "projects": 3}', "does not hold"),
        ('{"schema_version": 1, "projects": [{"root": ".", "findings": [{"rule": "a", "outcome": "nice"}]}]}', "nice"),
    ],
)
def test_what_is_no_report_is_refused(lifelint: Run, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "report.json").write_text(text)

    ran = lifelint("explain", "--framework", "ml-test-score", "--report", "report.json", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_names_of_frameworks_are_completed() -> None:
    from lifelint.cli._frameworks import complete

    assert complete(None, None, "ml-") == ["ml-test-score"]  # type: ignore[arg-type]

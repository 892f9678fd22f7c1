"""Entries for update bots: only what nothing watches, in files that the bots take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import pytest
from ruamel.yaml import YAML

from lifelint.fix.noun import Plan
from lifelint.snapshot.memory import MemorySnapshot
from tests.fix.conftest import plan_in_memory

WORKFLOW = "on: push\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n"
ENTRY = "  - package-ecosystem: pip\n    directory: /\n    schedule: {interval: weekly}\n"


def planned(files: Mapping[str, str]) -> Plan:
    return plan_in_memory(MemorySnapshot({"requirements.txt": "torch==2.4.0\n", **files}), "dependency-changes-noticed")


def valid(document: Any, name: str) -> Any:
    """The document, once it follows the schema that SchemaStore or Renovate publishes."""
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas/vendor"
    schema = json.loads((folder / f"{name}.json").read_text("utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(document)
    return document


def test_a_new_file_names_each_ecosystem_and_folder_once() -> None:
    files = {
        "services/a/requirements.txt": "flask==3.0\n",
        "services/b/Dockerfile": "FROM a:1\n",
        "services/b/gpu.Dockerfile": "FROM a:1\n",
        "services/c/Dockerfile": "FROM a:1\n",
        "examples/x/Dockerfile": "FROM a:1\n",
        ".github/workflows/a.yml": WORKFLOW,
    }
    [edit] = planned(files).edits
    document = valid(YAML(typ="safe").load(edit.after), "dependabot")

    assert edit.path == ".github/dependabot.yml"
    assert [
        (entry["package-ecosystem"], entry.get("directory") or entry["directories"]) for entry in document["updates"]
    ] == [("pip", ["/", "/services/a"]), ("docker", ["/services/b", "/services/c"]), ("github-actions", "/")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_entries_are_added_and_all_else_stays(end: str) -> None:
    text = f"# renewed on Mondays\nversion: 2\nupdates:\n{ENTRY}    # grouped later\n".replace("\n", end)
    [edit] = planned({".github/dependabot.yml": text, "api/Dockerfile": "FROM a:1\n"}).edits
    after = edit.after.decode()
    document = valid(YAML(typ="safe").load(after), "dependabot")

    assert [entry["package-ecosystem"] for entry in document["updates"]] == ["pip", "docker"]
    new = f"  - package-ecosystem: docker{end}    directory: /api{end}    schedule:{end}      interval: weekly{end}"
    assert after.replace(new, "") == text


def test_where_only_gitlab_runs_jobs_it_is_renovate() -> None:
    [edit] = planned({".gitlab-ci.yml": "test: {script: [pytest]}\n", "reqs/base.txt": "a==1\n"}).edits
    document = valid(json.loads(edit.after), "renovate")

    assert edit.path == "renovate.json"
    assert document["extends"] == ["config:recommended"]
    assert document["pip_requirements"] == {"managerFilePatterns": ["reqs/base.txt"]}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"renovate.json": '{"enabled": false}'}, "only who wrote it knows why"),
        ({".github/dependabot.yml": "version: 2\nupdates:\n- package-ecosystem: ''\n"}, "has to be put right first"),
        (
            {".github/dependabot.yml": f"version: 2\nupdates:\n{ENTRY}    open-pull-requests-limit: 0\n"},
            "is switched off there",
        ),
        (
            {
                ".github/dependabot.yml": "version: 2\nupdates: [{package-ecosystem: docker, directory: /, "
                "schedule: {interval: daily}}]\n"
            },
            "is written in brackets",
        ),
    ],
)
def test_what_somebody_decided_is_left_to_them(files: Mapping[str, str], why: str) -> None:
    plan = planned(files)

    assert plan.edits == []
    assert [why in left.why for left in plan.left] == [True], plan.left


def test_all_projects_are_mended_by_one_change() -> None:
    files = {f"{name}/requirements.txt": "torch==2.4.0\n" for name in ("a", "b")}
    files |= {f"{name}/dvc.yaml": "stages: {train: {cmd: python train.py}}\n" for name in ("a", "b")}
    plan = planned(files)
    [edit] = plan.edits

    assert plan.left == []
    assert b"directories:\n      - /\n      - /a\n      - /b\n" in edit.after

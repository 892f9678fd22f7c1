"""The way back: the release before is there, takes and gives the same, and its models can be fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import git
from tests.facts.test_evaluations import OLD, commit, head, pointer, report
from tests.facts.test_releases import PATH, folder, manifest, release, sign, verdicts

__all__ = ["folder"]

NEXT = "releases/1.1.0/release.yaml"
REMOTE = {".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://bucket/churn\n"}
COLUMNS = [{"name": "age", "type": "long"}, {"name": "plan", "type": "string"}]


def mlmodel(columns: Any) -> str:
    said = json.dumps(columns)
    return f"flavors: {{}}\nsignature:\n  inputs: '{said}'\n  outputs: '[{{\"type\": \"double\"}}]'\n"


def second(folder: Path, files: dict[str, str], interface: str = "") -> dict[str, bool | None]:
    """Makes a release after the first one, with changed files; gives what is told of the way back."""
    commit(folder, "better", {**files, "notes.md": "better\n"})
    judged = report(head(folder))
    text = manifest(head(folder), judged, version="1.1.0", previous="1.0.0") + interface
    commit(folder, "release", {"eval.json": judged, NEXT: text})
    sign(folder, "v1.1.0")
    return back(folder)


def back(folder: Path) -> dict[str, bool | None]:
    told = verdicts(folder, NEXT)
    assert all(verdict.holds for verdict in told if not verdict.field.startswith("rollback."))
    return {verdict.field: verdict.holds for verdict in told if verdict.field.startswith("rollback.")}


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        (COLUMNS, COLUMNS, True),
        (COLUMNS, COLUMNS[::-1], True),
        (COLUMNS, COLUMNS[:1], False),
        (COLUMNS, [COLUMNS[0], {"name": "plan", "type": "long"}], False),
        ([{"type": "long"}, {"type": "string"}], [{"type": "string"}, {"type": "long"}], False),
    ],
)
def test_signatures_in_mlmodel_files_are_compared(folder: Path, before: Any, after: Any, holds: bool) -> None:
    commit(folder, "signature", {"MLmodel": mlmodel(before)})
    release(folder)

    assert second(folder, {"MLmodel": mlmodel(after)}) == {"rollback.previous": True, "rollback.interface": holds}


@pytest.mark.parametrize(("after", "holds"), [('{"b": 1, "a": [2]}', True), ('{"a": [3], "b": 1}', False)])
def test_schemas_that_the_manifest_names_are_compared(folder: Path, after: str, holds: bool) -> None:
    commit(folder, "schema", {"api/schema.json": '{"a": [2], "b": 1}'})
    release(folder)

    told = second(folder, {"api/schema.json": after}, "interface: {schema: api/schema.json}\n")

    assert told == {"rollback.previous": True, "rollback.interface": holds}


@pytest.mark.parametrize(("first", "last"), [("", COLUMNS), (COLUMNS, "")])
def test_where_only_one_of_them_can_be_read_nothing_is_told(folder: Path, first: Any, last: Any) -> None:
    commit(folder, "signature", {"MLmodel": mlmodel(first) if first else "flavors: {}\n"})
    release(folder)

    assert second(folder, {"MLmodel": mlmodel(last) if last else "flavors: {a: {}}\n"}) == {"rollback.previous": True}


@pytest.mark.parametrize(("first", "last"), [("", COLUMNS), (COLUMNS, "")])
def test_a_signature_that_cannot_be_read_hides_no_break(folder: Path, first: Any, last: Any) -> None:
    commit(folder, "signature", {"MLmodel": mlmodel(first) if first else "signature: [\n"})
    release(folder)
    told = second(folder, {"MLmodel": mlmodel(last) if last else "signature: [\n"})

    assert told == {"rollback.previous": True, "rollback.interface": None}


def test_a_file_that_has_nothing_to_do_with_it_makes_no_missing_target_unknown(folder: Path) -> None:
    commit(folder, "broken", {"metrics.yaml": "{", "MLmodel": "{", "data/a.dvc": "{", ".dvc/config": "[["})
    release(folder, previous="0.9.0")
    told = {verdict.field: verdict.holds for verdict in verdicts(folder, PATH)}

    assert told["rollback.previous"] is False


@pytest.mark.parametrize(
    ("procedure", "holds"),
    [
        ("", False),
        ("docs/runbook.md#rollback", True),
        ("docs/gone.md", False),
        ("https://wiki.example.org/rollback", True),
    ],
)
def test_a_break_is_announced_with_the_way_back(folder: Path, procedure: str, holds: bool) -> None:
    commit(folder, "signature", {"MLmodel": mlmodel(COLUMNS)})
    release(folder)
    files = {"MLmodel": mlmodel(COLUMNS[:1]), "docs/runbook.md": "# Rollback\n"}
    commit(folder, "better", files)
    judged = report(head(folder))
    text = manifest(head(folder), judged, version="1.1.0", previous="1.0.0")
    text = text.replace("previous: 1.0.0", f"previous: 1.0.0, procedure: '{procedure}'")
    commit(folder, "release", {"eval.json": judged, NEXT: f"{text}interface: {{breaking: true}}\n"})
    sign(folder, "v1.1.0")

    assert back(folder) == {"rollback.previous": True, "rollback.interface": holds}


@pytest.mark.parametrize(
    ("config", "holds"),
    [
        (REMOTE[".dvc/config"], True),
        (REMOTE[".dvc/config"].replace("s3://bucket", "s3://other"), True),
        (REMOTE[".dvc/config"].replace("store", "new"), None),
        ("[core]\n    analytics = false\n", False),
        (None, False),
    ],
)
def test_the_remote_of_its_models_is_still_configured(folder: Path, config: str | None, holds: bool | None) -> None:
    commit(folder, "remote", REMOTE)
    release(folder)
    assert second(folder, {"a.txt": "a"}) == {"rollback.previous": True, "rollback.remote": True}

    if config is None:
        git(folder, "rm", "-q", ".dvc/config")
        git(folder, "commit", "-q", "-m", "no remote")
    else:
        commit(folder, "remote", {".dvc/config": config + "# \n"})

    assert back(folder) == {"rollback.previous": True, "rollback.remote": holds}


def test_a_deleted_target_is_told_once(folder: Path) -> None:
    commit(folder, "remote", {**REMOTE, "MLmodel": mlmodel(COLUMNS)})
    release(folder)
    second(folder, {"MLmodel": mlmodel(COLUMNS[:1])}, "interface: {breaking: false}\n")
    git(folder, "rm", "-q", "releases/1.0.0/release.yaml", ".dvc/config")
    git(folder, "commit", "-q", "-m", "delete")

    assert back(folder) == {"rollback.previous": False}


def test_a_model_that_its_pointer_never_had_cannot_be_gone_back_to(folder: Path) -> None:
    release(folder, model="d" * 32)

    assert second(folder, {"m.onnx.dvc": pointer("m.onnx", OLD) + "\n"})["rollback.previous"] is False

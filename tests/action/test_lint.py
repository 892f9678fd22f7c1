"""The action, its shell part and the workflows of the docs, held against the linters of their formats and our own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.action.conftest import BIN, ROOT, WORKFLOWS
from tests.conftest import git, write

ACTIONS = [ROOT / "action.yml", ROOT / "comment" / "action.yml"]


@pytest.fixture
def workflows(tmp_path: Path) -> list[Path]:
    assert sorted(WORKFLOWS) == ["lifelint-comment.yml", "lifelint.yml"]
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in WORKFLOWS.items():
        (folder / name).write_text(text)
    return [folder / name for name in WORKFLOWS]


def linted(*command: str | Path) -> str:
    """What a linter says of what it does not accept."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_schemas_of_actions_and_workflows_hold(workflows: list[Path]) -> None:
    check = BIN / "check-jsonschema"

    assert linted(check, "--builtin-schema", "vendor.github-actions", *ACTIONS) == ""
    assert linted(check, "--builtin-schema", "vendor.github-workflows", *workflows) == ""


def test_actionlint_has_nothing_to_say(workflows: list[Path]) -> None:
    assert linted(BIN / "actionlint", "-shellcheck", BIN / "shellcheck", *workflows) == ""


def test_zizmor_has_nothing_to_say(workflows: list[Path]) -> None:
    assert linted(BIN / "zizmor", "--offline", "--pedantic", *ACTIONS, *workflows) == ""


def test_shellcheck_has_nothing_to_say() -> None:
    assert linted(BIN / "shellcheck", ROOT / "action" / "run.sh") == ""


def test_lifelint_has_nothing_to_say_of_a_project_with_the_workflows(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    subprocess.run([sys.executable, ROOT / "examples" / "replay.py", "bike-demand", folder], check=True)
    before = problems(folder)
    write(folder, {f".github/workflows/{name}": text for name, text in WORKFLOWS.items()})
    git(folder, "add", "-A")

    assert before
    assert problems(folder) == before


def problems(folder: Path) -> list[tuple[str, str]]:
    command = [BIN / "lifelint", "check", "--format", "json", folder]
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    return [
        (finding["rule"], seen["subject"])
        for project in report["projects"]
        for finding in project["findings"]
        for seen in finding["observations"]
        if seen["ok"] is False
    ]


@pytest.mark.parametrize("part", ["inputs", "outputs"])
def test_the_docs_tell_of_all_that_goes_in_and_comes_out(part: str) -> None:
    described = YAML(typ="safe").load(ACTIONS[0])[part]
    docs = (ROOT / "docs" / "github.md").read_text("utf-8")
    table = docs.partition(f"## {part.capitalize()}\n")[2].partition("\n## ")[0]

    assert [name for name in described if f"`{name}`" not in table] == []


def test_no_input_is_pasted_into_a_shell() -> None:
    for file in ACTIONS:
        document = YAML(typ="safe").load(file)

        assert document["runs"]["using"] == "composite"
        assert [step for step in document["runs"]["steps"] if "${{" in step["run"]] == []

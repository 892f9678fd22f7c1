"""The schemas fit what the documentation shows and what the commands write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from lifelint.facts.releases.document import parse
from tests.cli.conftest import Ran, lifelint
from tests.cli.test_evaluation import new
from tests.cli.test_release_new import made, project, released
from tests.facts.test_evaluations import commit

__all__ = ["lifelint", "project"]

Run = Callable[..., Ran]
DOCS = Path(__file__).parent.parent / "docs"
DOCUMENTS = ["evaluation-report", "gates", "release-manifest"]


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DOCS / f"schemas/{name}-v1.json").read_text("utf-8"))
    return loaded


def check(document: object, name: str) -> None:
    jsonschema.Draft202012Validator(schema(name)).validate(document)


def shown(page: str, name: str) -> list[Any]:
    """The YAML documents of a form in a page; what stands in angle brackets is filled in."""
    text = (DOCS / page).read_text("utf-8")
    blocks = [b for b in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if f"schema: {name}/v1" in b]
    filled = [b.replace("<full commit id>", "0" * 40).replace("<hex>", "0" * 64) for b in blocks]
    return [YAML(typ="safe", pure=True).load(block) for block in filled]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["properties"]["schema"] == {"const": f"{name}/v1"}


@pytest.mark.parametrize(("page", "name"), [("evaluation.md", "gates"), ("releases.md", "release-manifest")])
def test_the_examples_of_the_documentation_fit(page: str, name: str) -> None:
    found = shown(page, name)

    assert found
    for document in found:
        check(document, name)


def test_what_the_commands_write_fits(lifelint: Run, project: Path) -> None:
    new(lifelint, project, "--created", "2026-01-01T00:00:00Z")
    check(json.loads((project / "eval-report.json").read_text("utf-8")), "evaluation-report")
    commit(project, "evaluate", {})
    released(lifelint, project, "1.0.0")
    check(made(project, "1.0.0"), "release-manifest")
    lifelint("evaluation", "new", "--metrics", "metrics.json", "--sidecar", cwd=project)

    sidecar = json.loads((project / "metrics.json.subject.json").read_text("utf-8"))
    check(
        {"schema": "evaluation-report/v1", "metrics": [{"name": "auc", "value": 0.9}], **sidecar}, "evaluation-report"
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("rollback"),
        lambda d: d["source"].update(commit="abc"),
        lambda d: d.update(environment=[]),
        lambda d: d["data"][0].update(role="training"),
        lambda d: d["model"][0].pop("pointer"),
        lambda d: d["evaluation"][0].update(result="passed"),
    ],
)
def test_what_does_not_follow_the_format_does_not_fit(change: Callable[[Any], object]) -> None:
    [document] = shown("releases.md", "release-manifest")
    change(document)

    with pytest.raises(jsonschema.ValidationError):
        check(document, "release-manifest")


def test_what_the_schema_demands_is_what_is_read() -> None:
    [document] = shown("releases.md", "release-manifest")
    release = parse(json.dumps(document).encode())

    assert release is not None
    assert (release.version, len(release.data), len(release.models)) == (
        document["release"]["version"], len(document["data"]), len(document["model"]),
    )  # fmt: skip


def test_the_command_prints_them(lifelint: Run, tmp_path: Path) -> None:
    for name in DOCUMENTS:
        for asked in (name, f"{name}/v1", f"{name}-v1"):
            assert lifelint("schema", asked, cwd=tmp_path).json == schema(name)
    assert set(lifelint("schema").out.split()) == {path.stem for path in (DOCS / "schemas").glob("*.json")}
    assert lifelint("schema", "config").json == json.loads((DOCS / "schemas/config.json").read_text("utf-8"))
    assert [lifelint("schema", name).code for name in ("", "v1", "-v1")] == [2, 2, 2]
    wrong = lifelint("schema", "gate")
    assert wrong.code == 2
    assert "did you mean" in wrong.err

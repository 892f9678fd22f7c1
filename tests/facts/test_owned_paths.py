"""What somebody has to answer for, on which side, and who does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lifelint import config
from lifelint.facts.owners import owned
from lifelint.facts.owners.noun import OwnedPath
from tests.conftest import facts_of

POINTER = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: {}\n"
GATES = "schema: gates/v1\ngates:\n- {metric: auc, op: '>=', threshold: 0.8}\n"


def found(files: Mapping[str, str]) -> set[tuple[str, str, str]]:
    return {(one.path, one.side, one.what) for one in facts_of(files)["owned_paths"].items}


def one(path: str, files: Mapping[str, str]) -> OwnedPath:
    [only] = [each for each in facts_of(files)["owned_paths"].items if each.path == path]
    return only  # type: ignore[no-any-return]


def test_pointers_are_of_the_side_of_what_they_point_at() -> None:
    files = {"data/a.csv.dvc": POINTER.format("a.csv"), "models/m.pkl.dvc": POINTER.format("m.pkl")}

    assert found(files) == {
        ("data/a.csv.dvc", "data", "data pointer"),
        ("models/m.pkl.dvc", "model", "model pointer"),
    }


def test_a_pipeline_is_of_models_where_a_step_of_it_trains() -> None:
    dvc = "stages:\n  {name}:\n    cmd: python src/{name}.py\n    deps: [src/{name}.py]\n    outs: [out]\n"
    files = {
        "a/dvc.yaml": dvc.format(name="prepare"),
        "a/src/prepare.py": "",
        "b/dvc.yaml": dvc.format(name="train"),
        "b/src/train.py": "",
    }

    assert found(files) == {
        ("a/dvc.yaml", "data", "pipeline"),
        ("b/dvc.yaml", "model", "pipeline"),
        ("b/src/train.py", "model", "code"),
    }


def test_a_makefile_is_no_pipeline_that_asks_for_an_owner() -> None:
    assert found({"Makefile": "train: data.csv\n\tpython train.py\n", "train.py": ""}) == set()


def test_gates_and_releases_are_controls_too() -> None:
    assert found({"gates.yaml": GATES}) == {("gates.yaml", "model", "gates"), ("gates.yaml", "control", "gates")}


def test_what_decides_how_changes_are_judged_is_a_control() -> None:
    files = {
        ".github/workflows/test.yml": "on: push\njobs: {a: {steps: [{run: pytest}]}}\n",
        ".github/CODEOWNERS": "* @a\n",
        "CODEOWNERS": "* @b\n",
        "lifelint.toml": "",
    }

    assert found(files) == {
        (".github/workflows/test.yml", "control", "workflow"),
        (".github/CODEOWNERS", "control", "owners file"),
        ("lifelint.toml", "control", "configuration of lifelint"),
    }


def test_the_files_of_this_tool_are_those_that_it_reads() -> None:
    assert set(owned.SETTINGS) == {config.FILES[0], config.BASELINE}


@pytest.mark.parametrize("folder", ["tests", "examples/churn", "docs", "tutorial"])
def test_what_only_shows_something_asks_for_no_owner(folder: str) -> None:
    assert found({f"{folder}/m.pkl.dvc": POINTER.format("m.pkl"), f"{folder}/gates.yaml": GATES}) == set()


def test_owners_are_those_of_the_line_that_decides() -> None:
    owners = "* @acme/all\n/data/ @acme/data\n"
    files = {"CODEOWNERS": owners, "data/a.csv.dvc": POINTER.format("a.csv"), "b.csv.dvc": POINTER.format("b.csv")}

    specific, default = one("data/a.csv.dvc", files), one("b.csv.dvc", files)
    assert (specific.owners, specific.rule_line, specific.default) == (("@acme/data",), 2, False)
    assert (default.owners, default.rule_line, default.default) == (("@acme/all",), 1, True)


def test_a_line_without_owners_is_told_as_the_one_that_decides() -> None:
    files = {"CODEOWNERS": "* @acme/all\n/data/\n", "data/a.csv.dvc": POINTER.format("a.csv")}
    path = one("data/a.csv.dvc", files)

    assert (path.owners, path.rule_line, path.default) == ((), 2, False)


def test_an_owners_file_that_cannot_be_read_leaves_open_who_owns_what() -> None:
    for files in (
        {"CODEOWNERS": ".*\\.py @a\n", ".gitea/x": "", "a.csv.dvc": POINTER.format("a.csv")},
        {"CODEOWNERS": b"* @a\n\xff\xfe\x00", "a.csv.dvc": POINTER.format("a.csv").encode()},
    ):
        made = facts_of(files)["owned_paths"]

        assert made.items == ()
        assert [unread.path for unread in made.unread] == ["CODEOWNERS"]


def test_more_lines_than_can_be_compared_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owned, "MOST", 5)
    made = facts_of({"CODEOWNERS": "* @a\n" * 3, "a.csv.dvc": POINTER.format("a.csv")})["owned_paths"]

    assert made.items == ()
    assert "too many to compare" in made.unread[0].message

"""Lines of CODEOWNERS that later ones undo, and lines that look as if."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lifelint import engine
from lifelint.catalog import load
from lifelint.model import Finding
from tests.conftest import facts_of

RULES = {rule.id: rule for rule in load(examples=False).rules}


def judged(rule: str, files: dict[str, str]) -> Finding:
    [finding] = engine.run([RULES[rule]], facts_of(files))
    return finding


def undone(text: str, forge: str) -> Sequence[int]:
    marks = {"github": {".github/x": ""}, "gitlab": {".gitlab-ci.yml": ""}}
    finding = judged("codeowners-valid", {"CODEOWNERS": text, **marks[forge]})
    return [seen.line for seen in finding.observations if seen.ok is False]


@pytest.mark.parametrize(
    ("lines", "github", "gitlab"),
    [
        ("/data/ @a\n* @b", [1], [1]),
        ("/data/ @a\n** @b", [1], [1]),
        ("/data/ @a\n/data/ @b", [1], [1]),
        ("/data/ @a\n/data @b", [1], []),
        ("/data @a\n/data/ @b", [], []),
        ("data/raw @a\n/data/ @b", [1], []),
        ("data/ @a\n/data/ @b", [], []),
        ("/data/raw/*.csv @a\n/data/ @b", [1], [1]),
        ("/data/*.csv @a\n/data/raw/ @b", [], []),
        ("*.csv @a\n/data/ @b", [], []),
        ("/data/ @a\n/*/ @b", [], []),
        ("/data/ @a\n/data/** @b", [], []),
        ("/database @a\n/data @b", [], []),
        ("* @a\n/data/ @b", [], []),
        ("/data/ @a\n* @a @b", [], []),
        ("/data/\n* @a", [], []),
        ("/data/ @a\n/data/ @b\n/data/ @a", [2], [2]),
        ("/data/ @a\n/data/", [1], [1]),
    ],
)
def test_a_line_is_undone_by_one_that_matches_all_that_it_can(
    lines: str, github: Sequence[int], gitlab: Sequence[int]
) -> None:
    assert undone(lines, "github") == github
    assert undone(lines, "gitlab") == gitlab


def test_a_line_that_the_forge_passes_over_undoes_nothing() -> None:
    assert undone("/data/ @a\n* nobody", "github") == [2]


def test_sections_and_exclusions_undo_nothing_of_others() -> None:
    assert undone("/data/ @a\n[Other]\n* @b\n!/data/\n", "gitlab") == []


def test_a_comment_behind_owners_on_gitlab_is_no_owner() -> None:
    assert undone("/data/ @a # who imports\n/src/ @b notan.owner\n", "gitlab") == [2]


def test_repeated_lines_have_subjects_of_their_own() -> None:
    finding = judged("codeowners-valid", {"CODEOWNERS": "/a/ x\n/a/ x\n/a/ x\n"})

    assert [seen.subject for seen in finding.observations] == [
        "CODEOWNERS:/a/",
        "CODEOWNERS:/a/#2",
        "CODEOWNERS:/a/#3",
    ]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("/data", None),
        ("/data/raw.csv", None),
        ("/Data", "/Data is not there"),
        ("data/old.csv", "data/old.csv is not there"),
        ("./data/", "./data/ matches nothing"),
    ],
)
def test_paths_that_are_named_are_looked_for(pattern: str, said: str | None) -> None:
    finding = judged("codeowners-current", {"CODEOWNERS": f"{pattern} @a\n", "data/raw.csv": "1\n"})

    bad = [seen.detail for seen in finding.observations if not seen.ok]
    assert [detail.partition(",")[0].partition(":")[0] for detail in bad] == ([said] if said else [])


@pytest.mark.parametrize("pattern", ["*.tf", "Dockerfile", "/build/*", "**/raw", "docs/", r"/a\ b"])
def test_what_may_come_yet_is_not_looked_for(pattern: str) -> None:
    assert judged("codeowners-current", {"CODEOWNERS": f"{pattern} @a\n"}).observations == ()


POINTER = f"outs:\n- md5: {'a1' * 16}\n  size: 4\n  hash: md5\n  path: {{}}\n"
SIDES = {
    "data/a.csv.dvc": POINTER.format("a.csv"),
    "models/m.onnx.dvc": POINTER.format("m.onnx"),
    "gates.yaml": "schema: gates/v1\ngates:\n- {metric: auc, op: '>=', threshold: 0.8}\n",
}


@pytest.mark.parametrize(
    ("data", "models", "gates", "ok"),
    [
        ("@a/data", "@a/ml", "@a/data @a/ml", True),
        ("@a/data @a/ml", "@a/ml", "@a/ml", True),
        ("@a/data", "@a/ml", "@a/quality", True),
        ("@a/data", "@a/ml", "@ada", True),
        ("@a/data", "@a/ml", "@a/ml", False),
        ("@a/data", "@a/ml", "@a/data", False),
        ("@ada", "@bob", "@bob", False),
        ("ada@x.org", "bob@x.org", "bob@x.org", False),
        ("@a/data", "@bob", "@bob", None),
        ("@a/data", "@a/ml", "@a/ml @bob", None),
        ("ada@x.org", "@bob", "@bob", None),
    ],
)
def test_both_sides_are_asked_where_they_meet(data: str, models: str, gates: str, ok: bool | None) -> None:
    lines = f"/data/ {data}\n/models/ {models}\n/gates.yaml {gates}\n"
    finding = judged("data-and-model-ownership-meet", {**SIDES, "CODEOWNERS": lines})

    assert [(one.subject, one.ok) for one in finding.observations] == [("gates.yaml", ok)]


@pytest.mark.parametrize(
    "lines",
    [
        "* @a/ml\n/data/ @a/data\n",
        "/data/ @a/data\n/models/ @a/ml\n",
        "/data/ @a/data\n/gates.yaml @a/ml\n",
        "/models/ @a/ml\n/gates.yaml @a/ml\n",
        "/data/ @a/ml\n/models/ @a/ml\n/gates.yaml @a/data\n",
        "/data/ @a/data @a/ml\n/models/ @a/ml @a/data\n/gates.yaml @a/data\n",
    ],
)
def test_one_side_has_nobody_to_meet_and_a_line_for_everything_is_told_elsewhere(lines: str) -> None:
    assert judged("data-and-model-ownership-meet", {**SIDES, "CODEOWNERS": lines}).observations == ()


def test_each_section_of_gitlab_adds_owners() -> None:
    lines = "[Data]\n/data/ @a/data\n/gates.yaml @a/data\n[Models]\n/models/ @a/ml\n/gates.yaml @a/ml\n"
    files = {**SIDES, "CODEOWNERS": lines, ".gitlab-ci.yml": ""}

    assert [one.ok for one in judged("data-and-model-ownership-meet", files).observations] == [True]

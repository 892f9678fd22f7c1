"""Plans: proven before they are shown, and what they leave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lifelint.fix import plan as planning
from lifelint.fix.noun import Case, Change
from lifelint.fix.texts import appended
from lifelint.snapshot.memory import MemorySnapshot
from tests.fix.conftest import plan_in_memory

DATA = "outs:\n- md5: 14d187e749ee5614e105741c719fa185\n  size: 4\n  hash: md5\n  path: {}\n"
THREE = {f"{name}.dvc": DATA.format(name) for name in ("a.csv", "b.csv", "c.csv")}


def with_fixer(monkeypatch: pytest.MonkeyPatch, fixer: object) -> None:
    monkeypatch.setattr(planning, "_fixer", lambda remedy: fixer)


def test_several_fixes_of_one_file_are_one_edit() -> None:
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once")

    assert len(plan.fixes) == 3
    [edit] = plan.edits
    assert (edit.path, edit.before, edit.after) == (".gitignore", None, b"/a.csv\n/b.csv\n/c.csv\n")
    assert plan.left == []


def test_what_does_not_help_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        yield appended(".gitignore", case.texts[".gitignore"], "/a.csv")

    with_fixer(monkeypatch, fixer)
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once")

    assert [fix.key.subject for fix in plan.fixes] == ["a.csv"]
    assert [(left.key.subject, left.why) for left in plan.left] == [
        ("b.csv", "it would still fail"),
        ("c.csv", "it would still fail"),
    ]


def test_what_makes_another_rule_fail_is_not_shown_and_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        name = case.seen.subject
        yield appended(".gitignore", case.texts[".gitignore"], f"/{name}")
        if name == "b.csv":
            yield Change("Dockerfile", 0, 0, "FROM python\nRUN pip install numpy\n")

    with_fixer(monkeypatch, fixer)
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once")

    assert [fix.key.subject for fix in plan.fixes] == ["a.csv", "c.csv"]
    [left] = plan.left
    assert "it would make" in left.why and "Dockerfile" in left.why
    assert [edit.path for edit in plan.edits] == [".gitignore"]


def test_what_breaks_a_file_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        yield Change(case.seen.path, 0, 0, "outs: [\n")

    with_fixer(monkeypatch, fixer)
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once")

    assert plan.steps == [] and len(plan.left) == 3


def test_what_takes_away_all_that_is_judged_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        yield Change(case.seen.path, 0, len(case.texts[case.seen.path]), "outs: []\n")

    with_fixer(monkeypatch, fixer)
    plan = plan_in_memory(MemorySnapshot({"a.csv.dvc": THREE["a.csv.dvc"]}), "tracked-once")

    assert plan.steps == []
    assert [left.why for left in plan.left] == ["the rule would have nothing to judge any more"]


def test_a_document_of_a_project_asks_for_what_only_one_above_it_tells() -> None:
    files = {"README.md": "# Rides\n\n## Overview\n\nIt predicts how long a ride takes, for those who wait for it.\n"}
    for name in ("a", "b"):
        files |= {f"{name}/requirements.txt": "torch==2.4.0\n", f"{name}/m.onnx.dvc": DATA.format("m.onnx")}
        files |= {f"{name}/dvc.yaml": "stages: {train: {cmd: python train.py}}\n"}
    plan = plan_in_memory(MemorySnapshot(files), "intent-stated")

    assert [edit.path for edit in plan.edits] == ["a/docs/scoping.md", "b/docs/scoping.md"]
    assert all(b"## Use\n" in edit.after and b"## Out of scope\n" in edit.after for edit in plan.edits)


def test_a_template_that_would_pass_unedited_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    files = MemorySnapshot({"a.csv.dvc": THREE["a.csv.dvc"]})
    monkeypatch.setattr("lifelint.model.Remedy.kind", "scaffold")
    plan = plan_in_memory(files, "tracked-once")

    assert plan.steps == []
    assert [left.why for left in plan.left] == ["a template that nobody has filled in would make it pass"]


def test_what_overlaps_is_made_in_a_later_round(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        text = case.texts[".gitignore"]
        yield Change(".gitignore", 0, len(text), f"{text}/{case.seen.subject}\n")

    with_fixer(monkeypatch, fixer)
    plan = plan_in_memory(MemorySnapshot({**THREE, ".gitignore": "x\n"}), "tracked-once")

    assert [edit.after for edit in plan.edits] == [b"x\n/a.csv\n/b.csv\n/c.csv\n"]
    assert [[fix.key.subject for fix in step.fixes] for step in plan.steps] == [["a.csv"], ["b.csv"], ["c.csv"]]
    assert [edit.before for step in plan.steps for edit in step.edits] == [
        b"x\n", b"x\n/a.csv\n", b"x\n/a.csv\n/b.csv\n",
    ]  # fmt: skip


def test_rules_above_the_target_are_looked_at_when_they_are_named() -> None:
    image = MemorySnapshot({"Dockerfile": "FROM python:3.11\n"})

    assert plan_in_memory(image).left == []
    assert [left.key.rule for left in plan_in_memory(image, "base-image-by-digest").left] == ["base-image-by-digest"]


def test_what_is_waived_is_let_be() -> None:
    waiver = "  # lifelint: waive[tracked-once] kept by hand; until 2027-01-31\n"
    files = MemorySnapshot({**THREE, "a.csv.dvc": THREE["a.csv.dvc"].replace("\n  size", f"{waiver}  size")})

    plan = plan_in_memory(files, "tracked-once", today="2026-05-05")

    assert [fix.key.subject for fix in plan.fixes] == ["b.csv", "c.csv"]
    assert len(plan_in_memory(files, "tracked-once", today="2027-05-05").fixes) == 3


def test_only_one_kind_of_fix() -> None:
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once", kind="scaffold")

    assert plan.steps == []
    assert {left.why for left in plan.left} == {"its fix is mechanical"}


def test_what_is_declined_is_left() -> None:
    plan = plan_in_memory(MemorySnapshot(THREE), "tracked-once", accept=lambda fix, _: fix.key.subject == "b.csv")

    assert [edit.after for edit in plan.edits] == [b"/b.csv\n"]
    assert [(left.key.subject, left.why) for left in plan.left] == [
        ("a.csv", "it was declined"),
        ("c.csv", "it was declined"),
    ]


def test_of_one_folder_what_breaks_elsewhere_is_not_shown_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def fixer(case: Case) -> Iterator[Change]:
        yield appended("a/.gitignore", case.texts["a/.gitignore"], "/b.csv")
        yield Change("Dockerfile", 0, 0, "FROM python\nRUN pip install numpy\n")

    with_fixer(monkeypatch, fixer)
    files = {"a/b.csv.dvc": DATA.format("b.csv"), "c.csv.dvc": DATA.format("c.csv")}
    plan = plan_in_memory(MemorySnapshot(files), "tracked-once", folder="a")

    assert not plan.edits
    assert [(left.key.subject, "Dockerfile" in left.why) for left in plan.left] == [("a/b.csv", True)]

"""``lifelint release`` in real git histories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.conftest import git
from tests.facts.test_evaluations import NEW, commit, head, report
from tests.facts.test_releases import OTHER, PATH, folder, manifest, release, sign

__all__ = ["folder"]

Run = Callable[..., Ran]


@pytest.fixture
def released(folder: Path) -> Path:
    """1.0.0, and 1.1.0 that goes back to it."""
    built = head(folder)
    release(folder)
    judged = (folder / "eval.json").read_text()
    second = manifest(built, judged, version="1.1.0", previous="1.0.0")
    commit(folder, "release", {"releases/1.1.0/release.yaml": second})
    sign(folder, "v1.1.0")
    return folder


def test_the_newest_release_is_verified_unless_another_is_named(lifelint: Run, released: Path) -> None:
    newest = lifelint("release", "verify", cwd=released)
    named = lifelint("release", "verify", "v1.0.0")

    assert (newest.code, named.code) == (0, 0)
    assert newest.out.startswith("✓ churn 1.1.0 is verified\n")
    assert "1 older releases were not asked for (--all)" in newest.out
    assert "✓ churn 1.0.0 is verified\n" in named.out
    assert "1.1.0" not in named.out


def test_a_refuted_field_is_told_with_its_line_and_exits_1(lifelint: Run, folder: Path) -> None:
    release(folder, train=OTHER)
    ran = lifelint("release", "verify", "--all", cwd=folder)

    assert ran.code == 1
    [line] = [line for line in ran.out.splitlines() if line.startswith("  refuted ")]
    assert line.startswith("  refuted   data:train: train.csv.dvc had md5:cccccccc…, not md5:dddddddd…")
    assert f"({PATH}:6)" in ran.out


def test_all_releases_are_verified_at_the_revision_that_is_named(lifelint: Run, released: Path) -> None:
    commit(released, "edit", {PATH: (released / PATH).read_text() + "# better\n"})
    now = lifelint("release", "verify", "--all", "--format", "json", cwd=released)
    then = lifelint("release", "verify", "--all", "--format", "json", "--rev", "v1.1.0")

    assert (now.code, then.code) == (1, 0)
    assert [(r["version"], r["status"]) for r in now.json["releases"]] == [("1.1.0", "verified"), ("1.0.0", "refuted")]
    refuted = [field for r in now.json["releases"] for field in r["fields"] if field["status"] == "refuted"]
    assert [(f["field"], f["path"], f["line"]) for f in refuted] == [("release.tag", PATH, 2)]
    assert {r["status"] for r in then.json["releases"]} == {"verified"}


def test_what_is_unknown_fails_only_when_it_must_not_be(lifelint: Run, released: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{released}", "shallow")
    ran = lifelint("release", "verify", "--all", "--format", "json", cwd=tmp_path / "shallow")

    assert ran.code == 0
    assert {release["status"] for release in ran.json["releases"]} == {"unknown"}
    assert lifelint("release", "verify", "--all", "--strict").code == 1


def test_a_manifest_that_was_broken_does_not_pass(lifelint: Run, released: Path) -> None:
    commit(released, "break", {PATH: "schema: release-manifest/v1\nrelease: [\n"})
    ran = lifelint("release", "verify", "1.0.0", cwd=released)

    assert ran.code == 1
    assert "refuted   manifest: the manifest is not valid YAML" in ran.out


def test_a_release_that_is_not_there_is_a_mistake_and_the_near_one_is_named(lifelint: Run, released: Path) -> None:
    ran = lifelint("release", "verify", "1.1.1", cwd=released)

    assert ran.code == 2
    assert "there is no release '1.1.1' (did you mean '1.1.0'?); there are: 1.1.0, 1.0.0" in ran.err


def test_nothing_to_verify_is_no_success(lifelint: Run, folder: Path) -> None:
    assert lifelint("release", "verify", "--all", cwd=folder).code == 2
    listed = lifelint("release", "list")
    assert listed.code == 0
    assert "There is none here" in listed.out


def test_list_has_a_line_for_each_release(lifelint: Run, released: Path) -> None:
    lines = lifelint("release", "list", cwd=released).out.splitlines()

    assert [line.split()[1:3] + line.split()[-2:] for line in lines[1:]] == [
        ["1.1.0", "v1.1.0", "1.0.0", "verified"],
        ["1.0.0", "v1.0.0", "none", "verified"],
    ]


def test_show_tells_what_a_release_is_made_of(lifelint: Run, folder: Path) -> None:
    release(folder, report(head(folder)).replace("0.91", "0.8"))
    ran = lifelint("release", "show", "1.0.0", cwd=folder)

    assert ran.code == 0
    assert "✓ data         train (train) md5:cccccccc… at train.csv.dvc\n" in ran.out
    assert "✗ evaluation   eval.json, gates.yaml, pass\n" in ran.out
    assert "✓ approval     owner: @acme/ml, bob@example.org by signed-tag\n" in ran.out


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ({}, set()),
        ({"tag": "v9"}, {"✗ version      1.0.0"}),
        ({"by": "@acme/docs"}, {"✗ approval     owner: @acme/docs, bob@example.org by signed-tag"}),
        ({"previous": "0.9.0"}, {"✗ previous     0.9.0"}),
    ],
)
def test_show_marks_what_is_refuted_wherever_it_is(
    lifelint: Run, folder: Path, more: dict[str, str], lines: set[str]
) -> None:
    release(folder, **more)
    out = lifelint("release", "show", "1.0.0", cwd=folder).out.splitlines()

    assert {line for line in out[:-1] if line.startswith("✗")} == lines


def test_show_as_json_holds_the_whole_manifest(lifelint: Run, folder: Path) -> None:
    release(folder)
    [shown] = lifelint("release", "show", "1.0.0", "--format", "json", cwd=folder).json["releases"]

    assert [part["place"] for part in shown["data"]] == ["train.csv.dvc", "test.csv.dvc"]
    assert shown["evaluations"][0]["gates"] == "gates.yaml"
    assert shown["approvals"][0]["by"] == "@acme/ml"
    assert shown["status"] == "verified"


def test_the_path_of_a_manifest_is_as_it_is_written_in_the_current_folder(lifelint: Run, released: Path) -> None:
    below = released / "releases/1.0.0"

    for name in ("release.yaml", "../../releases/1.0.0/release.yaml", PATH):
        assert lifelint("release", "show", name, cwd=below).out.startswith("churn 1.0.0\n")
    assert lifelint("release", "show", "../1.1.0/release.yaml").out.startswith("churn 1.1.0\n")


@pytest.mark.parametrize("command", [["verify", "--all"], ["list"], ["show", "1.0.0"]])
def test_text_is_readable_at_80_columns_and_has_no_colour_unless_wanted(
    lifelint: Run, released: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = lifelint("release", *command, cwd=released).out
    monkeypatch.setenv("NO_COLOR", "1")
    plain = lifelint("release", *command).out

    assert max(map(len, plain.splitlines())) <= 80
    assert "\x1b" not in plain
    assert "\x1b[" in coloured


def test_hostile_names_do_not_reach_the_terminal(lifelint: Run, folder: Path) -> None:
    text = manifest(head(folder), "x").replace("name: churn", 'name: "\\u001b]0;x\\u0007"')
    commit(folder, "release", {PATH: text})
    out = "".join(
        lifelint("release", *command, cwd=folder).out for command in (["verify"], ["list"], ["show", "1.0.0"])
    )

    assert "\x1b" not in out
    assert "\x07" not in out


def test_the_same_state_prints_the_same_bytes(lifelint: Run, released: Path) -> None:
    once, again = (lifelint("release", "verify", "--all", "--format", "json", cwd=released).out for _ in range(2))

    assert once == again
    assert json.loads(once)["schema_version"] == 1


def test_the_model_of_the_previous_release_is_not_the_one_released(lifelint: Run, released: Path) -> None:
    built, judged = head(released), (released / "eval.json").read_text()
    text = manifest(built, judged, version="1.2.0", previous="1.1.0", model=NEW)
    commit(released, "release", {"releases/1.2.0/release.yaml": text})
    ran = lifelint("release", "verify", cwd=released)

    assert ran.code == 1
    assert "churn 1.2.0 is refuted" in ran.out

"""The baseline: what an old repository has is marked and counted, and does not make a run fail; what is new does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.config import BASELINE, ConfigError
from lifelint.triage.baseline import Known, parse, text
from tests.cli.conftest import Ran, lifelint
from tests.conftest import git

Run = Callable[..., Ran]
Make = Callable[..., Path]
__all__ = ["lifelint"]
OLD = {"requirements.txt": "numpy\npandas\n", "train.py": "import torch\n"}


@pytest.fixture
def old(lifelint: Run, repository: Make) -> Path:
    """A repository with two packages that are not pinned, and a baseline that holds them."""
    folder = repository(OLD)
    assert lifelint("check", cwd=folder).code == 1
    assert lifelint("baseline", "update").code == 0
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "accept what there is")
    return folder


def problems(document: Mapping[str, Any], rule: str = "environment-pinned") -> dict[str, bool]:
    """The subjects that a rule finds bad, and whether the baseline has them."""
    found = {}
    for project in document["projects"]:
        for finding in project["findings"]:
            if finding["rule"] == rule:
                assert finding["outcome"] == "fail"
                found |= {
                    seen["subject"]: seen.get("known", False) for seen in finding["observations"] if not seen["ok"]
                }
    return found


def test_what_is_known_is_marked_and_counted_and_does_not_fail(lifelint: Run, old: Path) -> None:
    ran = lifelint("check", "--format", "json")

    assert ran.code == 0
    assert ran.json["gate"] == {"passed": True, "reasons": []}
    assert set(problems(ran.json).values()) == {True}
    assert ran.json["projects"][0]["scorecard"]["counts"]["fail"] > 0
    assert ran.json["baseline"]["gone"] == []
    shown = lifelint("check").out
    assert "2 known from the baseline" in shown
    assert f"Baseline: {ran.json['baseline']['entries']} known problems\n" in shown


def test_a_swap_is_seen(lifelint: Run, old: Path) -> None:
    (old / "requirements.txt").write_text("scipy\npandas\n")
    ran = lifelint("check", "--format", "json")

    assert ran.code == 1
    assert problems(ran.json) == {"requirements.txt:pandas": True, "requirements.txt:scipy": False}
    assert {"rule": "environment-pinned", "project": ".", "subject": "requirements.txt:numpy"} in ran.json["baseline"][
        "gone"
    ]
    assert ran.json["gate"]["reasons"] == ["1 rule of severity error failed"]
    shown = lifelint("check").out
    assert "requirements.txt:1" in shown
    assert "1 of them gone: `lifelint baseline prune`" in shown


def test_prune_takes_out_what_is_gone_and_adds_nothing(lifelint: Run, old: Path) -> None:
    before = parse((old / BASELINE).read_bytes())
    (old / "requirements.txt").write_text("scipy\npandas\n")
    ran = lifelint("baseline", "prune")
    after = parse((old / BASELINE).read_bytes())

    assert "(1 taken out)" in ran.out
    assert {one.subject for one in before - after} == {"requirements.txt:numpy"}
    assert after < before
    assert lifelint("check").code == 1


def test_show_tells_what_is_held_and_what_is_gone(lifelint: Run, old: Path) -> None:
    (old / "requirements.txt").write_text("pandas\n")
    rows = lifelint("baseline", "show", "--format", "json").json
    shown = lifelint("baseline", "show").out

    assert [row["gone"] for row in rows if row["subject"] == "requirements.txt:numpy"] == [True]
    assert [row["gone"] for row in rows if row["subject"] == "requirements.txt:pandas"] == [False]
    assert "  gone  requirements.txt:numpy\n" in shown
    assert "  requirements.txt:pandas\n" in shown


def test_updating_twice_changes_nothing(lifelint: Run, old: Path) -> None:
    before = (old / BASELINE).read_bytes()
    ran = lifelint("baseline", "update")

    assert (old / BASELINE).read_bytes() == before
    assert "(0 added, 0 taken out)" in ran.out


def test_single_files_are_judged_by_it_too(lifelint: Run, repository: Make) -> None:
    folder = repository({"Dockerfile": "FROM python:3.11\n", "lifelint.toml": "target = 3\nfail-on = 'warning'\n"})
    assert lifelint("check", "Dockerfile", cwd=folder).code == 1
    lifelint("baseline", "update")
    git(folder, "add", "-A")

    assert lifelint("check", "Dockerfile").code == 0


def test_single_files_of_a_project_in_a_monorepo_too(lifelint: Run, repository: Make) -> None:
    part = {"Dockerfile": "FROM python:3.12\n", "requirements.txt": "torch\n", "train.py": "import torch\n"}
    files = {f"{root}/{name}": held for root in "ab" for name, held in part.items()}
    folder = repository({**files, "lifelint.toml": "target = 3\nfail-on = 'warning'\n"})
    lifelint("baseline", "update", cwd=folder)
    git(folder, "add", "-A")

    assert '"project": "a", "subject": "a/Dockerfile' in (folder / BASELINE).read_text()
    assert lifelint("check", "--staged", "a/Dockerfile", cwd=folder).code == 0
    (folder / "a/Dockerfile").write_text("FROM debian:12\n")
    assert lifelint("check", "a/Dockerfile", cwd=folder).code == 1


def test_the_base_of_a_change_governs(lifelint: Run, old: Path) -> None:
    (old / "requirements.txt").write_text("numpy\npandas\nscipy\n")
    lifelint("baseline", "update")
    git(old, "add", "-A")
    git(old, "commit", "-qm", "add a package and accept it")

    assert lifelint("check").code == 0
    ran = lifelint("check", "--base", "HEAD~1", "--fail-on", "error", "--format", "json")
    assert ran.code == 1
    assert problems(ran.json)["requirements.txt:scipy"] is False


def test_what_a_later_revision_of_a_rule_finds_is_not_known(lifelint: Run, old: Path) -> None:
    held = parse((old / BASELINE).read_bytes())
    (old / BASELINE).write_text(text(one._replace(rev=one.rev + 1) for one in held))

    assert lifelint("check").code == 1


def test_other_formats_mark_what_is_known(lifelint: Run, old: Path) -> None:
    results = lifelint("check", "--format", "sarif").json["runs"][0]["results"]
    assert results
    assert all(result["suppressions"][0]["justification"] == "known: in the baseline" for result in results)
    assert 'failures="0"' in lifelint("check", "--format", "junit").out
    annotations = lifelint("check", "--format", "github").out
    assert not annotations.startswith("::error")
    assert "known from the baseline" in annotations
    assert "<br>known" in lifelint("check", "--format", "markdown").out
    assert ",in the baseline\n" in lifelint("check", "--format", "csv").out


def test_without_one_show_says_how_to_make_one(lifelint: Run, repository: Make) -> None:
    ran = lifelint("baseline", "show", cwd=repository(OLD))

    assert ran.code == 2
    assert "`lifelint baseline update` makes one" in ran.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{\n[", f"{BASELINE}:2: not valid JSON"),
        ("\xff", f"{BASELINE}:1: not valid JSON"),
        ("[]", f"{BASELINE}:1: not a baseline"),
        ('{"schema": "lifelint-baseline/v1", "problems": {}}', '"problems" must be a list'),
        ('{"schema": "lifelint-baseline/v1", "problems": [{"rule": "x"}]}', "problem 1 must have the keys"),
        (
            '{"schema": "lifelint-baseline/v1", "problems": [{"rule": "x", "rev": "1", "project": "", "subject": ""}]}',
            "problem 1 must have texts",
        ),
    ],
)
def test_a_broken_baseline_ends_the_run_with_its_place(
    content: str, told: str, lifelint: Run, repository: Make
) -> None:
    folder = repository({**OLD})
    (folder / BASELINE).write_bytes(content.encode("latin-1"))
    git(folder, "add", "-A")
    ran = lifelint("check", cwd=folder)

    assert ran.code == 2
    assert told in ran.err


def test_it_is_not_written_through_a_link(lifelint: Run, repository: Make, tmp_path: Path) -> None:
    folder = repository(OLD)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (folder / BASELINE).symlink_to(elsewhere)
    ran = lifelint("baseline", "update", cwd=folder)

    assert ran.code == 2
    assert elsewhere.read_text() == "mine"


_TEXT = st.text(st.characters(codec=None), max_size=20)


@given(st.frozensets(st.builds(Known, _TEXT, st.integers(0, 99), _TEXT.filter(lambda t: t != "."), _TEXT), max_size=5))
def test_what_is_written_is_read(problems: frozenset[Known]) -> None:
    written = text(problems)

    assert parse(written.encode()) == problems
    assert len(json.loads(written)["problems"]) == len(problems)
    assert len(written.splitlines()) == len(problems) + 2


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused_or_read(data: bytes) -> None:
    try:
        assert isinstance(parse(data), frozenset)
    except ConfigError as error:
        assert str(error).startswith(BASELINE)

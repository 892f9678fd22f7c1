"""Waivers in comments, beside what they accept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint import catalog
from lifelint.config import Config
from lifelint.inspection import Report, inspect
from lifelint.model import Outcome, Waiver
from lifelint.report import json as json_report
from lifelint.report import terminal
from lifelint.report.look import Look
from lifelint.snapshot.memory import MemorySnapshot
from lifelint.triage.inline import commented, waivers
from tests.cli.conftest import Ran, lifelint
from tests.conftest import git

__all__ = ["lifelint"]
Run = Callable[..., Ran]
Make = Callable[..., Path]
DAY = "2026-11-25"
RULES = catalog.load()
UNTIL = "prototype; until 2027-06-30"


def judged(files: Mapping[str, str], today: str = DAY) -> Report:
    return inspect(MemorySnapshot(files), Config(), RULES, today=today)


def bad(report: Report, rule: str = "environment-pinned") -> dict[str, str]:
    """What a rule finds bad, and why that is accepted."""
    findings = [f for project in report.projects for f in project.findings if f.rule.id == rule]
    return {seen.subject: seen.waived for finding in findings for seen in finding.observations if seen.ok is False}


def states(report: Report) -> list[tuple[int, str]]:
    return [(standing.waiver.line, standing.state) for standing in report.waivers]


def test_one_behind_something_accepts_that_line_alone() -> None:
    report = judged({"requirements.txt": f"numpy  # lifelint: waive[environment-pinned] {UNTIL}\npandas\n"})

    assert bad(report) == {
        "requirements.txt:numpy": "waived by a comment at requirements.txt:1 until 2027-06-30: prototype",
        "requirements.txt:pandas": "",
    }
    assert states(report) == [(1, "in-force")]


def test_one_on_its_own_line_accepts_the_next_that_is_no_comment() -> None:
    text = f"# packages\nnumpy\n# lifelint: waive[environment-pinned] {UNTIL}\n# (see the wiki)\n\npandas\nscipy\n"
    report = judged({"requirements.txt": text})

    assert [name for name, why in bad(report).items() if why] == ["requirements.txt:pandas"]


def test_one_above_all_accepts_what_is_found_of_the_whole_file() -> None:
    [waiver] = waivers("a.yaml", b"# lifelint: waive[x] y; until 2027-01-01\n\na: 1\n", ["x"])
    assert isinstance(waiver, Waiver)
    assert waiver.lines == (1, 3, 0)
    [waiver] = waivers("a.yaml", b"a: 1\n# lifelint: waive[x] y; until 2027-01-01\n", ["x"])
    assert isinstance(waiver, Waiver)
    assert waiver.lines == (2,)


def test_several_rules_in_one() -> None:
    found = list(waivers("a.py", b"import x  # lifelint: waive[one, two] why not; until 2027-01-01", ["one", "two"]))

    assert [(w.rule, w.reason, w.lines) for w in found if isinstance(w, Waiver)] == [
        ("one", "why not", (1,)),
        ("two", "why not", (1,)),
    ]


@pytest.mark.parametrize(
    ("day", "state", "accepted"),
    [("2026-11-25", "in-force", True), ("2027-06-25", "lapsing", True), ("2027-07-01", "lapsed", False)],
)
def test_it_lapses(day: str, state: str, accepted: bool) -> None:
    report = judged({"requirements.txt": f"numpy  # lifelint: waive[environment-pinned] {UNTIL}\n"}, day)

    assert states(report) == [(1, state)]
    assert bool(bad(report)["requirements.txt:numpy"]) is accepted


def test_one_that_accepts_nothing_is_told() -> None:
    report = judged({"requirements.txt": f"numpy==2.0.0  # lifelint: waive[environment-pinned] {UNTIL}\n"})

    assert states(report) == [(1, "unused")]
    assert "requirements.txt:1 the waiver of environment-pinned matches no failure" in terminal.render(
        report, Look(200)
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("[environment-pinned] prototype", "it must read"),
        ("[environment-pinned]; until 2027-01-01", "it must read"),
        (" environment-pinned", "it must read"),
        ("[environment-pined] x; until 2027-01-01", "there is no rule 'environment-pined' that judges files (did you"),
        ("[environment-pinned] x; until 2027-02-30", "2027-02-30 is no day of the calendar"),
    ],
)
def test_one_that_is_not_understood_is_told_and_accepts_nothing(said: str, wrong: str) -> None:
    report = judged({"requirements.txt": f"numpy  # lifelint: waive{said}\n"})

    assert states(report) == [(1, "malformed")]
    assert bad(report) == {"requirements.txt:numpy": ""}
    assert f"requirements.txt:1 this waiver is not understood: {wrong}" in terminal.render(report, Look(200))


def test_the_report_satisfies_its_schema(lifelint: Run) -> None:
    import jsonschema

    files = {"requirements.txt": f"numpy  # lifelint: waive[environment-pinned] {UNTIL}\nscipy # lifelint: waive[x]\n"}
    document = json.loads(json_report.render(judged(files)))
    schema = json.loads((Path(__file__).parents[2] / "docs/schemas/report-v1.json").read_text("utf-8"))

    jsonschema.validate(document, schema)
    assert [w["path"] for w in document["waivers"]] == ["requirements.txt"] * 2


def test_text_that_is_no_comment_says_nothing() -> None:
    assert list(waivers("a.py", b'text = "lifelint: waive[x] y; until 2027-01-01"', ["x"])) == []
    assert list(waivers("a.py", b'"""As ``# lifelint: waive[x] y; until 2027-01-01``."""\nimport x\n', ["x"])) == []
    assert list(waivers("a.py", b'a = """\n# lifelint: waive[x] y; until 2027-01-01\n"""\n', ["x"])) == []
    said = b"# lifelint: waive[x] y; until 2027-01-01\n"
    assert list(waivers("a.py", b'a = f"""{b}\n' + said + b'{c} """  ' + said, ["x"])) == []
    assert [one.line for one in waivers("a.py", b'a = f"{b}"\n' + said + b"b = 1\n", ["x"])] == [2]
    assert len(list(waivers("a.py", b"x = (\n# lifelint: waive[x] y; until 2027-01-01\n", ["x"]))) == 1
    assert not commented("docs/how.md")
    assert not commented("notebook.ipynb")
    assert commented("serving/Dockerfile.gpu")


def test_a_change_cannot_excuse_itself(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy==2.0.0\n"})
    (folder / "requirements.txt").write_text(f"numpy  # lifelint: waive[environment-pinned] {UNTIL}\n")
    git(folder, "commit", "-qam", "unpin and excuse it")
    common: tuple[Any, ...] = ("check", "--rev", "HEAD", "--today", DAY, "--select", "environment-pinned")

    assert lifelint(*common, cwd=folder).code == 0
    ran = lifelint(*common, "--base", "HEAD~1", "--format", "json")
    assert ran.code == 1
    assert [w["state"] for w in ran.json["waivers"]] == ["proposed"]
    assert "counts once the base" in lifelint(*common, "--base", "HEAD~1").out

    (folder / "README.md").write_text("later\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "something else")
    ran = lifelint(*common, "--base", "HEAD~1", "--fail-on", "error", "--format", "json")
    assert ran.code == 0
    assert [w["state"] for w in ran.json["waivers"]] == ["in-force"]


def test_single_files_are_excused_too(lifelint: Run, repository: Make) -> None:
    text = f"# lifelint: waive[base-image-by-digest] {UNTIL}\nFROM python:3.11\n"
    folder = repository({"Dockerfile": text, "lifelint.toml": "target = 3\nfail-on = 'warning'\n"})

    assert lifelint("check", "Dockerfile", "--today", DAY, cwd=folder).code == 0
    assert lifelint("check", "Dockerfile", "--today", "2027-07-01", cwd=folder).code == 1


@given(st.binary(max_size=80).map(lambda said: b"x # lifelint: waive" + said))
def test_hostile_comments_are_told_or_read(data: bytes) -> None:
    for one in waivers("a.py", data, ["x"]):
        if isinstance(one, Waiver):
            assert one.reason
            assert date.fromisoformat(one.expires)
        else:
            assert one.state == "malformed"
            assert one.waiver.reason


def test_of_a_folder_only_its_own_comments_are_told() -> None:
    line = f"numpy==2.0.0  # lifelint: waive[environment-pinned] {UNTIL}\n"
    snapshot = MemorySnapshot({"a/requirements.txt": line, "b/requirements.txt": line})

    whole = inspect(snapshot, Config(), RULES, today=DAY)
    assert {standing.waiver.path for standing in whole.waivers} == {"a/requirements.txt", "b/requirements.txt"}
    part = inspect(snapshot, Config(), RULES, today=DAY, folder="a")
    assert [(s.waiver.path, s.state) for s in part.waivers] == [("a/requirements.txt", "unused")]


def test_one_whose_rule_cannot_judge_is_not_called_unused() -> None:
    line = f"numpy==2.0.0  # lifelint: waive[environment-pinned] {UNTIL}\n"
    report = judged({"requirements.txt": line, "poetry.lock": "[[package\n", "pyproject.toml": "[tool.poetry\n"})

    [finding] = [f for p in report.projects for f in p.findings if f.rule.id == "environment-pinned"]
    assert finding.outcome is Outcome.UNKNOWN
    assert states(report) == [(1, "in-force")]

"""``lifelint report``: the whole document, from real repositories."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from lifelint.frameworks import reading
from lifelint.report.audit import LIMITS
from tests.cli.conftest import Ran
from tests.conftest import git, write

Run = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
DAY = ("--today", "2026-09-01")


def validator() -> jsonschema.Draft202012Validator:
    """That of ``audit/v1``, which refers to the schema of the report beside it."""
    whole, *others = (
        (f"{name}-v1.json", json.loads((ROOT / f"docs/schemas/{name}-v1.json").read_text("utf-8")))
        for name in ("audit", "report", "crosswalk")
    )
    known: Registry[Any] = Registry().with_resources((name, Resource(one, DRAFT202012)) for name, one in others)
    jsonschema.Draft202012Validator.check_schema(whole[1])
    return jsonschema.Draft202012Validator(whole[1], registry=known)


@pytest.fixture(scope="session")
def bikes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example project."""
    folder = tmp_path_factory.mktemp("audit") / "bike"
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", str(folder)], cwd=ROOT, check=True)
    return folder


def test_the_document_follows_its_schema_and_is_the_same_twice(lifelint: Run, bikes: Path, tmp_path: Path) -> None:
    ran = lifelint("report", "--format", "json", *DAY, cwd=bikes)
    again = lifelint("report", "-o", str(tmp_path / "a.json"), *DAY)

    validator().validate(ran.json)
    assert (ran.code, again.code, ran.err) == (0, 0, "")
    assert ran.out == (tmp_path / "a.json").read_text("utf-8")
    assert ran.json["limits"] == LIMITS


def test_it_holds_what_check_finds(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json["report"]
    checked = lifelint("check", "--rev", "HEAD", "--format", "json", *DAY).json

    assert audit == checked


def test_all_that_it_names_is_traced_to_content_and_commit(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    listed = dict(reversed(line.split("\t")) for line in git(bikes, "ls-tree", "-r", "HEAD").splitlines())
    named = {seen["path"] for f in audit["report"]["projects"][0]["findings"] for seen in f["observations"]}

    assert named & listed.keys() <= audit["files"].keys()
    for path, one in audit["files"].items():
        assert one["blob"] == listed[path].split()[2]
        assert one["commit"] == git(bikes, "rev-list", "-1", "HEAD", "--", path)
        assert audit["commits"][one["commit"]]["authored"] == git(
            bikes, "show", "-s", "--format=%ad", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", one["commit"]
        )
    assert audit["tags"] == git(bikes, "tag", "--points-at", "HEAD").split()


def test_the_ledger_has_every_release(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    listed = lifelint("release", "list", "--rev", "HEAD", "--format", "json").json["releases"]

    assert [(one["version"], one["status"]) for one in audit["releases"]] == [
        (one["version"], one["status"]) for one in listed
    ]
    assert len(listed) == 3


def test_the_address_of_the_forge_is_told_without_credentials(lifelint: Run, repository: Callable[..., Path]) -> None:
    folder = repository({"requirements.txt": "numpy\n"})
    git(folder, "remote", "add", "origin", "https://me:secret@github.com/acme/churn.git")
    audit = lifelint("report", "--format", "json", cwd=folder)

    assert audit.json["forge"] == "https://github.com/acme/churn"
    assert audit.json["title"] == "acme/churn"
    assert "secret" not in audit.out


def test_the_commit_is_judged_and_not_the_working_tree(lifelint: Run, repository: Callable[..., Path]) -> None:
    folder = repository({"requirements.txt": "numpy==1.26.4\n"})
    (folder / "requirements.txt").write_text("numpy\n")
    subject = lifelint("report", "--format", "json", cwd=folder).json["report"]["subject"]

    assert (subject["kind"], subject["dirty"]) == ("revision", False)


def test_the_configuration_hides_nothing(lifelint: Run, repository: Callable[..., Path]) -> None:
    files = {"requirements.txt": "numpy\n", "lifelint.toml": 'ignore = ["environment-pinned"]\n'}
    audit = lifelint("report", "--format", "json", cwd=repository(files)).json

    [finding] = [f for f in audit["report"]["projects"][0]["findings"] if f["rule"] == "environment-pinned"]
    assert finding["outcome"] == "fail"


def test_a_change_is_part_of_it(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--rev", "v1.3.0", "--base", "v1.2.1", "--format", "json", *DAY, cwd=bikes).json

    validator().validate(audit)
    assert audit["report"]["change"]["base"] == git(bikes, "rev-parse", "v1.2.1^{commit}")
    by = {control["by"] for moment in audit["answers"][0]["grid"] for control in moment["controls"]}
    assert "data-changed-evaluation-not" in by or "model-changed-unexplained" in by


def test_a_framework_is_answered_as_explain_answers_it(lifelint: Run, bikes: Path, tmp_path: Path) -> None:
    file = tmp_path / "audit.json"
    asked = ("--framework", "slsa", "--framework", "ml-test-score", "--framework", "slsa")
    assert lifelint("report", *asked, "-o", str(file), *DAY, cwd=bikes).code == 0
    audit = json.loads(file.read_text("utf-8"))

    validator().validate(audit)
    assert [one["framework"]["id"] for one in audit["frameworks"]] == ["ml-test-score", "slsa"]
    for one in audit["frameworks"]:
        name = one["framework"]["id"]
        assert lifelint("explain", "--framework", name, "--report", str(file), "--format", "json").json == one
    assert {item["outcome"] for one in audit["frameworks"] for item in one["items"]} >= {"pass", "fail", "not-assessed"}


def test_every_framework_can_be_asked_for_and_none_is_by_itself(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--framework", "all", "--format", "json", *DAY, cwd=bikes).json

    validator().validate(audit)
    assert [one["framework"]["id"] for one in audit["frameworks"]] == list(reading.load().frameworks)
    assert lifelint("report", "--format", "json", *DAY, cwd=bikes).json["frameworks"] == []
    assert len(lifelint("report", "--framework", "all", *DAY, cwd=bikes).out.encode()) < 1_000_000


def test_a_framework_that_is_not_there_is_told(lifelint: Run, bikes: Path) -> None:
    ran = lifelint("report", "--framework", "ml-test-scores", cwd=bikes)

    assert (ran.code, ran.out) == (2, "")
    assert "there is no framework 'ml-test-scores'" in ran.err and "ml-test-score, " in ran.err


def test_frameworks_of_an_archived_report_are_compared(lifelint: Run, bikes: Path, tmp_path: Path) -> None:
    asked = ("--framework", "slsa", "--framework", "ml-test-score")
    audit = lifelint("report", *asked, "--format", "json", *DAY, cwd=bikes).json
    assert lifelint("report", "verify", changed(audit, tmp_path)).code == 0

    score, slsa = audit["frameworks"]
    score["items"][0]["outcome"] = "pass" if score["items"][0]["outcome"] != "pass" else "fail"
    slsa["framework"]["id"] = "iso-0"
    ran = lifelint("report", "verify", changed(audit, tmp_path))

    assert ran.code == 1
    assert ran.out.splitlines()[:-1] == [
        "framework iso-0: archived, and not found now",
        "framework ml-test-score: items: not what is found now",
    ]


def test_a_folder_is_judged_alone(lifelint: Run, repository: Callable[..., Path]) -> None:
    files = {"a/requirements.txt": "numpy\n", "b/requirements.txt": "scipy\n"}
    audit = lifelint("report", "a", "--format", "json", cwd=repository(files)).json

    validator().validate(audit)
    assert [one["root"] for one in audit["answers"]] == ["a"]
    assert not [path for path in audit["files"] if path.startswith("b/")]


def test_rows_of_the_table_say_where_git_has_them(lifelint: Run, bikes: Path) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    rows = list(csv.DictReader(io.StringIO(lifelint("report", "--format", "csv", *DAY).out)))

    traced = [row for row in rows if row["path"] in audit["files"]]
    assert len(traced) > 50
    for row in traced:
        told = audit["files"][row["path"]]
        assert (row["blob"], row["commit"]) == (told["blob"], told["commit"])
        assert row["authored"] == audit["commits"][told["commit"]]["authored"]


@pytest.mark.parametrize(
    ("ending", "start"), [("html", "<!doctype html>"), ("md", "# Audit report"), ("csv", "project,")]
)
def test_the_name_of_the_file_says_the_form(
    lifelint: Run, bikes: Path, tmp_path: Path, ending: str, start: str
) -> None:
    for _ in range(2):
        assert lifelint("report", "-o", str(tmp_path / f"a.{ending}"), *DAY, cwd=bikes).code == 0
    made = (tmp_path / f"a.{ending}").read_text("utf-8")
    form = {"md": "markdown"}.get(ending, ending)

    assert made.lstrip().startswith(start)
    assert lifelint("report", "--format", form, *DAY, cwd=bikes).out == made
    assert len(made.encode()) < 1_000_000


def test_places_lead_to_the_line_at_the_judged_commit(lifelint: Run, repository: Callable[..., Path]) -> None:
    folder = repository({"requirements.txt": "numpy\n"})
    git(folder, "remote", "add", "origin", "git@github.com:acme/churn.git")
    commit = git(folder, "rev-parse", "HEAD")

    made = lifelint("report", cwd=folder).out
    assert f'href="https://github.com/acme/churn/blob/{commit}/requirements.txt#L1"' in made
    assert f'href="https://github.com/acme/churn/commit/{commit}"' in made


def test_what_a_person_can_mend_is_one_message(lifelint: Run, tmp_path: Path, repository: Callable[..., Path]) -> None:
    assert lifelint("report", cwd=tmp_path).code == 2
    gone = lifelint("report", "--rev", "nowhere", cwd=repository({"a": ""}))
    assert (gone.code, gone.out) == (2, "")
    assert "nowhere" in gone.err


def test_hostile_names_stay_what_they_are(lifelint: Run, repository: Callable[..., Path]) -> None:
    folder = repository({"requirements.txt": "numpy\n"})
    write(folder, {"<script>\u202e\n/requirements.txt": "scipy\n"})
    (folder / "caf\udce9.dvc").write_text("outs:\n- path: x.csv\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "more")
    ran = lifelint("report", "--format", "json", cwd=folder)

    validator().validate(ran.json)
    assert "caf\\udce9.dvc" in ran.json["files"]


def changed(document: Any, tmp_path: Path) -> str:
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(document), "utf-8")
    return str(file)


def test_an_archived_report_agrees_with_its_commit_later(
    lifelint: Run, repository: Callable[..., Path], tmp_path: Path
) -> None:
    folder = repository({"requirements.txt": "numpy==1.26.4\n", "a/b.txt": ""})
    file = str(tmp_path / "audit.json")
    assert lifelint("report", "-o", file, "--title", "churn", *DAY, cwd=folder).code == 0
    write(folder, {"requirements.txt": "numpy\n"})
    git(folder, "commit", "-qam", "Loosen")
    git(folder, "remote", "add", "origin", "https://github.com/acme/churn")

    ran = lifelint("report", "verify", file)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{file} agrees with what is found at {git(folder, 'rev-parse', 'HEAD~1')[:12]}")


def test_what_was_changed_in_an_archived_report_is_told(lifelint: Run, bikes: Path, tmp_path: Path) -> None:
    audit = lifelint("report", "--base", "HEAD~1", "--format", "json", *DAY, cwd=bikes).json
    assert lifelint("report", "verify", changed(audit, tmp_path)).code == 0

    [project] = audit["report"]["projects"]
    by = {finding["rule"]: finding for finding in project["findings"]}
    by["lock-fresh"]["outcome"] = "pass"
    by["data-versioned"]["observations"][0]["detail"] = "it is there"
    project["findings"].remove(by["lock-hashed"])
    project["scorecard"]["level"] = 5
    audit["answers"][0]["bill"].pop()
    audit["commits"][next(iter(audit["commits"]))]["authored"] = "2020-01-01T00:00:00Z"
    audit["report"]["tool"]["version"] = "0.0.1"
    ran = lifelint("report", "verify", changed(audit, tmp_path))

    assert ran.code == 1
    told = ran.out.splitlines()
    assert told[0].startswith("lifelint: archived with 0.0.1, compared with ")
    assert set(told[1:-1]) == {
        "lock-fresh of .: archived pass, found fail",
        "data-versioned of .: pass as archived, with other evidence",
        "lock-hashed of .: only found now",
        "answers about .: bill: not what is found now",
        "commits: not what is found now",
        "level of .: archived 5, found 1",
    }
    assert "differs in 7 points from" in told[-1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["report"]["projects"][0].update(stage="operating"), "project .: stage: not what is found now"),
        (lambda d: d["report"]["projects"].insert(0, {**d["report"]["projects"][0], "stage": "x"}), "it holds what"),
        (lambda d: d["report"]["projects"][0]["findings"].insert(0, d["report"]["projects"][0]["findings"][0]), "it"),
        (lambda d: d.update(approved_by="nobody"), "it holds what"),
        (lambda d: d["report"]["subject"].update(dirty=0), "it holds what"),
    ],
)
def test_it_agrees_only_where_all_is_the_same(
    lifelint: Run, bikes: Path, tmp_path: Path, change: Callable[[Any], object], told: str
) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    change(audit)
    ran = lifelint("report", "verify", changed(audit, tmp_path))

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(told)


def test_a_report_about_a_folder_is_compared_with_that_folder(
    lifelint: Run, repository: Callable[..., Path], tmp_path: Path
) -> None:
    folder = repository({"a/requirements.txt": "numpy\n", "b/requirements.txt": "scipy\n"})
    file = str(tmp_path / "audit.json")
    lifelint("report", "a", "-o", file, *DAY, cwd=folder)

    assert lifelint("report", "verify", file, cwd=folder / "b").code == 0


@pytest.mark.parametrize(
    "text", ["{}", "[1]", "not JSON", '{"schema": "audit/v1"}', '{"schema": "audit/v1", "report": []}']
)
def test_what_is_no_audit_is_not_compared(lifelint: Run, bikes: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "audit.json"
    file.write_text(text)
    ran = lifelint("report", "verify", str(file), cwd=bikes)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Error: {file} ")
    assert lifelint("report", "verify", str(tmp_path / "none")).code == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["report"]["subject"].update(revision="--output=x"),
        lambda d: d["report"]["subject"].update(revision="HEAD"),
        lambda d: d["report"]["subject"].update(revision="f" * 40),
        lambda d: d["report"]["subject"].update(path="../../etc"),
        lambda d: d["report"].pop("projects"),
        lambda d: d.pop("answers"),
        lambda d: d.update(frameworks=[{"framework": 1}]),
        lambda d: d.pop("frameworks"),
    ],
)
def test_a_hostile_archive_ends_in_a_message(
    lifelint: Run, bikes: Path, tmp_path: Path, change: Callable[[Any], object]
) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    change(audit)
    ran = lifelint("report", "verify", changed(audit, tmp_path))

    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("form", ["html", "markdown", "csv"])
def test_an_archived_report_makes_the_other_forms(lifelint: Run, bikes: Path, tmp_path: Path, form: str) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    made = lifelint("render", changed(audit, tmp_path), "--format", form, cwd=tmp_path)

    assert (made.code, made.out) == (0, lifelint("report", "--format", form, *DAY, cwd=bikes).out)


def test_an_archived_report_makes_what_a_check_makes(lifelint: Run, bikes: Path, tmp_path: Path) -> None:
    audit = lifelint("report", "--format", "json", *DAY, cwd=bikes).json
    file = changed(audit, tmp_path)

    sarif = lifelint("render", file, "--format", "sarif").out
    assert sarif == lifelint("check", "--rev", "HEAD", "--format", "sarif", *DAY).out
    report = lifelint("render", changed(audit["report"], tmp_path), "--format", "html")
    assert report.code == 2
    assert "html is made from an audit" in report.err
    audit.pop("tools")
    lacking = lifelint("render", changed(audit, tmp_path), "--format", "html")
    assert (lacking.code, lacking.out) == (2, "")


def test_the_word_write_may_be_left_out(lifelint: Run, bikes: Path) -> None:
    short, long = (lifelint("report", *words, "--format", "csv", *DAY, cwd=bikes) for words in ((), ("write",)))

    assert short.out == long.out != ""
    assert "verify" in lifelint("report", "--help").out
    assert lifelint("report", "--nothing").code == 2

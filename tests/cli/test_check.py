"""``lifelint check``, as a person meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Ran
from tests.conftest import git, write

Run = Callable[..., Ran]
Make = Callable[..., Path]

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/report-v1.json").read_text("utf-8"))
FLOATING = {"requirements.txt": "numpy\npandas==2.2.3\n", "train.py": "import numpy\n"}
PINNED = {"requirements.txt": "numpy==2.1.0\npandas==2.2.3\n"}
POLICY = """\
title: Images come from our registry
phases: [operation]
principle: collaboration
level: 1
severity: error
strength: well-formed
check: expression.holds
params:
  each: images
  expect: it.reference.startsWith("registry.example.org/")
  message: '"the image is " + it.reference'
looks_at: container images
rationale: Others are not scanned.
remediation: Use the mirror.
examples:
  - {title: none, files: {README.md: hi}, outcome: not-applicable}
"""


def outcomes(ran: Ran) -> dict[str, str]:
    return {f["rule"]: f["outcome"] for project in ran.json["projects"] for f in project["findings"]}


def test_a_failed_rule_exits_1_and_is_shown_with_its_place_and_remedy(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", cwd=repository(FLOATING))

    assert ran.code == 1
    assert "requirements.txt:1" in ran.out
    assert "environment-pinned · error, level 1" in ran.out
    assert "→" in ran.out


def test_a_repository_that_holds_exits_0(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", cwd=repository(PINNED))

    assert ran.code == 0
    assert "Level 1 (agreed)" in ran.out


@pytest.mark.parametrize(("threshold", "code"), [("error", 1), ("warning", 1), ("info", 1), ("never", 0)])
def test_the_threshold_decides_the_exit_code(lifelint: Run, repository: Make, threshold: str, code: int) -> None:
    assert lifelint("check", "--fail-on", threshold, cwd=repository(FLOATING)).code == code


@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_exit_code_is_the_same_for_every_format(lifelint: Run, repository: Make, format_: str) -> None:
    assert lifelint("check", "--format", format_, cwd=repository(FLOATING)).code == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["check", "--rev", "nope"], "there is no commit called 'nope'"),
        (["check", "--rev", "--help"], "there is no commit called '--help'"),
        (["check", "--rev", "HEAD", "--staged"], "--rev and --staged exclude each other"),
        (["check", "nowhere"], "there is no file or folder 'nowhere'"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["check", "-o", "report.json"], "is not FORMAT=FILE"),
        (["check", "-o", "json=no/such/folder.json"], "cannot write no/such/folder.json"),
        (["check", "--select", "enviroment"], "did you mean 'environment'?"),
        (["check", "--config", "absent.toml"], "absent.toml: cannot be read"),
        (["check", "--target", "7"], "7 is not in the range"),
        (["chek"], "No such command 'chek'"),
        (["-C", "absent", "check"], "cannot go to 'absent'"),
        (["explain", "lock-fres"], "did you mean 'lock-fresh'?"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(
    lifelint: Run, repository: Make, args: list[str], message: str
) -> None:
    ran = lifelint(*args, cwd=repository(PINNED))

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_wrong_configuration_exits_2_with_file_line_and_a_suggestion(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", cwd=repository({"lifelint.toml": "# ours\nstge = 1\n"}))

    assert ran.code == 2
    assert "lifelint.toml:2: unknown key 'stge' (did you mean 'stage'?)" in ran.err


def test_a_setting_of_an_unknown_rule_exits_2(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", cwd=repository({"lifelint.toml": "[settings.no-raw-binary]\nmodel_kib = 1\n"}))

    assert ran.code == 2
    assert "lifelint.toml:1: there is no rule 'no-raw-binary' (did you mean 'no-raw-binaries'?)" in ran.err


def test_a_required_rule_that_does_not_exist_exits_2(lifelint: Run, repository: Make) -> None:
    text = '[settings.release-candidate-defined]\nrequires = ["gates-pas"]\n'
    ran = lifelint("check", cwd=repository({"lifelint.toml": text}))

    assert ran.code == 2
    assert "there is no rule 'gates-pas' to require (did you mean 'gates-pass'?)" in ran.err


def test_a_bug_exits_3_and_asks_for_a_report(lifelint: Run, repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifelint.cli.check.inspect", lambda *_, **__: 1 / 0)

    ran = lifelint("check", cwd=repository(PINNED))

    assert ran.code == 3
    assert "ZeroDivisionError" in ran.err
    assert "please report it" in ran.err


@pytest.mark.parametrize("files", [{}, FLOATING, PINNED, {"a.yaml": ": :\n", "dvc.yaml": "stages: ["}])
def test_the_json_report_satisfies_its_schema(lifelint: Run, repository: Make, files: dict[str, str]) -> None:
    ran = lifelint("check", "--format", "json", cwd=repository(files))

    jsonschema.Draft202012Validator(SCHEMA, format_checker=None).validate(ran.json)


def test_an_empty_repository_proves_nothing(lifelint: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")

    ran = lifelint("check", "--format", "json", cwd=tmp_path)

    [project] = ran.json["projects"]
    assert ran.code == 0
    assert (project["scorecard"]["level"], project["scorecard"]["proven"]) == (0, 0)
    assert {f["outcome"] for f in project["findings"]} == {"not-applicable"}


def test_each_malformed_file_gives_one_diagnostic_and_the_rest_goes_on(lifelint: Run, repository: Make) -> None:
    broken = {
        "dvc.yaml": "stages:\n  a: [\n",
        "pyproject.toml": "[project\n",
        "x.csv.dvc": "outs: {\n",
        "Dockerfile": "FROM a:1\n",
    }
    ran = lifelint("check", "--format", "json", cwd=repository({**PINNED, **broken}))

    told = [(d["path"], d["line"]) for d in ran.json["diagnostics"]]
    assert sorted(told) == [("dvc.yaml", 2), ("pyproject.toml", 1), ("x.csv.dvc", 1)]
    assert outcomes(ran)["pipeline-lock-fresh"] == "unknown"
    assert outcomes(ran)["base-image-by-digest"] == "fail"


def test_revision_index_and_working_tree_are_judged_apart(lifelint: Run, repository: Make) -> None:
    folder = repository(PINNED)
    write(folder, FLOATING)
    git(folder, "add", "-A")
    write(folder, PINNED)

    assert lifelint("check", "--rev", "HEAD", cwd=folder).code == 0
    assert lifelint("check", "--staged").code == 1
    assert lifelint("check").code == 0


def test_untracked_files_do_not_exist(lifelint: Run, repository: Make) -> None:
    folder = repository({"README.md": "hi\n"})
    write(folder, FLOATING)

    assert lifelint("check", cwd=folder).code == 0


def test_a_folder_without_git_is_judged_with_a_stated_loss(lifelint: Run, tmp_path: Path) -> None:
    write(tmp_path, FLOATING)

    ran = lifelint("check", cwd=tmp_path)

    assert ran.code == 1
    assert "not a git repository" in ran.out


def test_dash_c_runs_as_if_started_there(lifelint: Run, repository: Make) -> None:
    assert lifelint("-C", str(repository(FLOATING)), "check").code == 1


def test_without_a_path_the_whole_repository_is_judged_and_a_folder_alone_when_named(
    lifelint: Run, repository: Make
) -> None:
    folder = repository({**FLOATING, "sub/requirements.txt": "numpy==2.1.0\n"})

    assert lifelint("check", cwd=folder / "sub").code == 1
    assert lifelint("check", ".").code == 0


def test_named_files_are_judged_by_the_rules_that_need_no_more(lifelint: Run, repository: Make) -> None:
    folder = repository({**FLOATING, "Dockerfile": "FROM python\n"})

    ran = lifelint("check", "--format", "json", "Dockerfile", cwd=folder)

    [project] = ran.json["projects"]
    assert project["scorecard"] is None
    assert "environment-pinned" not in outcomes(ran)


@pytest.mark.parametrize("state", [[], ["--staged"], ["--rev", "HEAD"]])
def test_named_files_are_judged_by_the_configuration_of_the_repository(
    lifelint: Run, repository: Make, state: list[str]
) -> None:
    ours = 'rules = ["policy/*.yaml"]\nexclude = ["old/**"]\n'
    files = {"lifelint.toml": ours, "policy/our-registry.yaml": POLICY.replace("level: 1", "level: 1\nscope: file")}
    folder = repository({**files, "Dockerfile": "FROM b:1\n", "old/Dockerfile": "FROM b:1\n"})

    assert lifelint("check", *state, "Dockerfile", cwd=folder).code == 1
    assert lifelint("check", *state, "old/Dockerfile").code == 0


def test_a_wrong_configuration_is_told_when_files_are_named_too(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", "a.txt", cwd=repository({"lifelint.toml": "stge = 1\n", "a.txt": "x"}))

    assert (ran.code, "unknown key 'stge'" in ran.err) == (2, True)


def test_outputs_are_written_beside_what_is_printed(lifelint: Run, repository: Make, tmp_path: Path) -> None:
    ran = lifelint("check", "-o", f"json={tmp_path}/a.json", "-o", f"text={tmp_path}/a.txt", cwd=repository(FLOATING))

    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["schema_version"] == 1
    assert "requirements.txt:1" in (tmp_path / "a.txt").read_text("utf-8")
    assert "requirements.txt:1" in ran.out


def test_selection_narrows_what_is_shown_and_counted_but_not_the_level(lifelint: Run, repository: Make) -> None:
    folder = repository(FLOATING)
    ran = lifelint("check", "--format", "json", "--ignore", "environment", cwd=folder)

    assert ran.code == 0
    assert "environment-pinned" not in outcomes(ran)
    assert ran.json["projects"][0]["scorecard"]["level"] == 0


def test_a_rule_above_the_target_never_fails_the_check(lifelint: Run, repository: Make) -> None:
    folder = repository({**PINNED, "Dockerfile": "FROM python:3.11\n"})

    assert lifelint("check", "--fail-on", "warning", cwd=folder).code == 0
    assert lifelint("check", "--fail-on", "warning", "--target", "3").code == 1


def test_custom_rules_of_the_configuration_run_like_built_in_ones(lifelint: Run, repository: Make) -> None:
    files = {
        "lifelint.toml": 'rules = ["policy/*.yaml"]\n',
        "policy/our-registry.yaml": POLICY,
        "Dockerfile": "FROM registry.example.org/a:1\nFROM docker.io/b:1\n",
    }
    ran = lifelint("check", "--format", "json", cwd=repository(files))

    [finding] = [f for f in ran.json["projects"][0]["findings"] if f["rule"] == "our-registry"]
    assert [(o["ok"], o["line"]) for o in finding["observations"]] == [(True, 1), (False, 2)]
    assert finding["observations"][1]["detail"] == "the image is docker.io/b:1"


def test_a_custom_rule_that_does_not_load_exits_2(lifelint: Run, repository: Make) -> None:
    files = {"lifelint.toml": 'rules = ["policy/*.yaml"]\n', "policy/bad.yaml": POLICY.replace("images", "imges")}
    ran = lifelint("check", cwd=repository(files))

    assert ran.code == 2
    assert "policy/bad.yaml:" in ran.err
    assert "did you mean 'images'?" in ran.err


def test_projects_of_a_monorepo_are_judged_apart(lifelint: Run, repository: Make) -> None:
    folder = repository({"a/requirements.txt": "numpy==2.1.0\n", "b/requirements.txt": "numpy\n"})
    ran = lifelint("check", "--format", "json", cwd=folder)

    assert {p["root"]: p["scorecard"]["level"] for p in ran.json["projects"]} == {"a": 1, "b": 0}


def test_declared_projects_are_taken_as_they_are(lifelint: Run, repository: Make) -> None:
    config = 'projects = ["apps/*", { root = "lib", stage = "operating" }]\n'
    files = {"lifelint.toml": config, "apps/a/x.py": "", "apps/b/x.py": "", "lib/x.py": ""}
    ran = lifelint("check", "--format", "json", cwd=repository(files))

    assert [(p["root"], p["stage"]) for p in ran.json["projects"]] == [
        ("apps/a", "exploring"),
        ("apps/b", "exploring"),
        ("lib", "operating"),
    ]


def test_excluded_paths_are_left_out_with_a_reason(lifelint: Run, repository: Make) -> None:
    files = {**PINNED, "lifelint.toml": 'exclude = ["old/**"]\n', "old/requirements.txt": "numpy\n"}
    ran = lifelint("check", "--verbose", cwd=repository(files))

    assert ran.code == 0
    assert "1 files as excluded by the configuration, such as old/requirements.txt" in ran.out


def test_show_config_prints_what_is_in_force_and_where_it_came_from(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", "--show-config", cwd=repository({"lifelint.toml": 'stage = "piloting"\n'}))

    assert (ran.code, ran.out.splitlines()[0]) == (0, "# from lifelint.toml")
    assert "target = 3" in ran.out


def test_quiet_prints_failures_and_the_level_only(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", "--quiet", cwd=repository(FLOATING))

    assert "requirements.txt:1" in ran.out
    assert "Next steps" not in ran.out


def test_verbose_prints_passes_with_their_evidence(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", "--verbose", cwd=repository(PINNED))

    assert "✓ requirements.txt:1" in ran.out


@pytest.mark.parametrize(
    ("variable", "coloured"), [({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)]
)
def test_colour_obeys_the_environment(
    lifelint: Run, repository: Make, monkeypatch: pytest.MonkeyPatch, variable: dict[str, str], coloured: bool
) -> None:
    folder = repository(FLOATING)
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    done = subprocess.run(
        [sys.executable, "-m", "lifelint", "check"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variable},
    )

    assert ("\x1b[" in done.stdout) is coloured


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_lines_fit_the_terminal(lifelint: Run, repository: Make, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = lifelint("check", cwd=repository(FLOATING))

    words = max(len(word) for line in ran.out.splitlines() for word in line.split())
    assert all(
        len(line) <= max(columns, 50, words + 12)
        for line in ran.out.splitlines()
        if "·" not in line and "✗" not in line
    )


def test_hostile_names_cannot_drive_the_terminal(lifelint: Run, repository: Make) -> None:
    folder = repository({"\x1b[2J\u202e/requirements.txt": "numpy\n"})
    ran = lifelint("check", cwd=folder)

    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_the_same_commit_gives_the_same_bytes_under_any_hash_seed(repository: Make, tmp_path: Path) -> None:
    files = {
        **FLOATING,
        "b/requirements.txt": "x\n",
        "a/dvc.yaml": "stages:\n  t:\n    cmd: python x.py\n    deps: [x.py]\n",
    }
    folder = repository(files)
    copy = tmp_path / "elsewhere"
    git(tmp_path, "clone", "-q", str(folder), str(copy))
    printed = {
        subprocess.run(
            [sys.executable, "-m", "lifelint", "check", "--rev", "HEAD", "--format", "json"],
            capture_output=True,
            check=False,
            cwd=place,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "42")
        for place in (folder, copy)
    }

    assert len(printed) == 1
    assert b"projects" in printed.pop()


def test_a_crash_is_told_the_rest_goes_on_and_it_is_no_pass(
    lifelint: Run, repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def images(source: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("lifelint.facts.containers.images", images)
    folder = repository({"Dockerfile": "FROM python:3.11\n", "requirements.txt": "numpy\n"})
    ran = lifelint("check", "--fail-on", "never", "--target", "3", "--format", "json", cwd=folder)

    outcomes = {f["rule"]: f for project in ran.json["projects"] for f in project["findings"]}
    assert ran.code == 3
    assert outcomes["base-image-by-digest"]["outcome"] == "error"
    assert outcomes["base-image-by-digest"]["note"] == (
        "the facts images could not be made: ZeroDivisionError: division by zero"
    )
    assert outcomes["environment-pinned"]["outcome"] == "fail"
    assert "base-image-by-digest" in ran.json["gate"]["reasons"][0]
    assert "crashed" in lifelint("check", "--fail-on", "never").out


def test_what_is_made_of_facts_that_crashed_crashes_too(
    lifelint: Run, repository: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stages(source: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("lifelint.facts.pipeline.stages", stages)
    folder = repository({"dvc.yaml": "stages:\n  a:\n    cmd: echo\n", "requirements.txt": "numpy\n"})
    ran = lifelint("check", "--format", "json", cwd=folder)

    outcomes = {f["rule"]: f["outcome"] for project in ran.json["projects"] for f in project["findings"]}
    assert ran.code == 3
    assert outcomes["pipeline-lock-fresh"] == outcomes["data-chain-consistent"] == "error"
    assert outcomes["environment-pinned"] == "fail"

"""The other commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_check import POLICY
from tests.conftest import git, write

Run = Callable[..., Ran]
Make = Callable[..., Path]


def test_explain_tells_why_what_and_how_with_examples(lifelint: Run, tmp_path: Path) -> None:
    ran = lifelint("explain", "lock-fresh", cwd=tmp_path)

    assert ran.code == 0
    for heading in ("# ", "## What is looked at", "## How to satisfy it", "## Examples"):
        assert heading in ran.out


def test_rules_lists_all_and_narrows_by_words(lifelint: Run, tmp_path: Path) -> None:
    every = lifelint("rules", cwd=tmp_path).out
    narrowed = lifelint("rules", "data", "continuity").out

    assert "environment-pinned" in every
    assert "environment-pinned" not in narrowed
    assert "data-retrievable" in narrowed


def test_rules_as_json_hold_what_a_page_needs(lifelint: Run, tmp_path: Path) -> None:
    rules = lifelint("rules", "--format", "json", cwd=tmp_path).json

    assert {"id", "title", "level", "check", "rationale", "remediation"} <= set(rules[0])


def test_rules_include_those_of_the_configuration(lifelint: Run, repository: Make) -> None:
    folder = repository({"lifelint.toml": 'rules = ["policy/*.yaml"]\n', "policy/our-registry.yaml": POLICY})

    assert "our-registry" in lifelint("rules", cwd=folder).out


def test_facts_prints_one_kind_or_all_with_path_and_line(lifelint: Run, repository: Make) -> None:
    folder = repository({"Dockerfile": "FROM python:3.11\n"})

    [image] = lifelint("facts", "images", cwd=folder).json["images"]
    assert (image["path"], image["line"]) == ("Dockerfile", 1)
    assert {"images", "stages", "manifests", "unread"} <= set(lifelint("facts").json)


def test_facts_names_what_could_not_be_read(lifelint: Run, repository: Make) -> None:
    ran = lifelint("facts", "stages", cwd=repository({"dvc.yaml": "stages: [\n"}))

    assert [u["path"] for u in ran.json["unread"]] == ["dvc.yaml"]


def test_test_rules_passes_on_the_built_in_ones(lifelint: Run, tmp_path: Path) -> None:
    ran = lifelint("test-rules", cwd=tmp_path)

    assert ran.code == 0
    assert ran.out.strip().endswith("0 not")


MENDED = """\
title: What DVC keeps is ignored
phases: [data]
principle: continuity
level: 1
severity: warning
strength: well-formed
check: conventions.tracked_once
looks_at: data that git would take
rationale: Why.
remediation: How.
fix: {by: ignored.outputs, title: ignores it}
examples:
  - title: one
    files:
      a.dvc: "outs:\\n- {md5: 14d187e749ee5614e105741c719fa185, size: 4, hash: md5, path: a.csv}\\n"
    outcome: fail
    fixed: true
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", "1 as stated, 0 not"),
        ("    fixed: true\n", "", "is fixed, and does not say so"),
        ("    outcome", "      a.csv: in git\n    outcome", "is not fixed (git tracks it"),
    ],
)
def test_test_rules_runs_the_fixes(lifelint: Run, tmp_path: Path, old: str, new: str, said: str) -> None:
    write(tmp_path, {"ours/kept-is-ignored.yaml": MENDED.replace(old, new, 1)})
    ran = lifelint("test-rules", str(tmp_path / "ours"), cwd=tmp_path)

    assert said in ran.out
    assert ran.code == (1 if old else 0)


def test_test_rules_exits_1_when_an_example_does_not_come_out_as_stated(lifelint: Run, tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(POLICY.replace("{README.md: hi}", '{Dockerfile: "FROM a:1"}'), "utf-8")
    ran = lifelint("test-rules", str(tmp_path))

    assert ran.code == 1
    assert "came to fail, not not-applicable" in ran.out


def test_test_rules_exits_2_on_a_rule_that_does_not_load(lifelint: Run, tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("title: x\n", "utf-8")

    assert lifelint("test-rules", str(tmp_path)).code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_code_for_the_shell(lifelint: Run, shell: str) -> None:
    assert "_LIFELINT_COMPLETE" in lifelint("completion", shell).out


def test_rule_names_are_completed(lifelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from lifelint.cli.explain import _complete

    assert "lock-fresh" in _complete(None, None, "lock-")  # type: ignore[arg-type]


FOREIGN = ("sarif", "markdown", "csv", "junit", "gitlab", "github")


class TestRender:
    def test_makes_of_an_archived_report_what_check_makes(
        self, lifelint: Run, repository: Make, tmp_path: Path
    ) -> None:
        folder = repository({"requirements.txt": "numpy\n", "train.py": "import torch\n"})
        files = [word for name in ("json", *FOREIGN) for word in ("-o", f"{name}={tmp_path / name}")]
        lifelint("check", *files, cwd=folder)

        for name in FOREIGN:
            ran = lifelint("render", str(tmp_path / "json"), "--format", name)
            assert (ran.code, ran.out) == (0, (tmp_path / name).read_text("utf-8"))
            assert ran.out == lifelint("check", "--format", name, cwd=folder).out

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{", "is not a JSON report"),
            ("[]", "is not a JSON report"),
            ("[" * 100_000, "is not a JSON report"),
            ('{"schema_version": 2}', "version 2"),
            ('{"schema_version": 1, "projects": 3}', "does not hold"),
        ],
    )
    def test_refuses_what_is_no_report(self, lifelint: Run, tmp_path: Path, text: str, told: str) -> None:
        (tmp_path / "report.json").write_text(text)

        ran = lifelint("render", "report.json", cwd=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert told in ran.err

    def test_says_when_there_is_no_such_file(self, lifelint: Run, tmp_path: Path) -> None:
        assert "cannot be read" in lifelint("render", "none.json", cwd=tmp_path).err


class TestWaive:
    WORDS = ("--reason", 'a "sample"', "--owner", "@ml", "--expires", "2099-12-31")

    @pytest.mark.parametrize(
        ("name", "before"),
        [
            ("lifelint.toml", None),
            ("lifelint.toml", '# ours\nstage = "piloting" # soon'),
            ("lifelint.toml", 'stage = "piloting"\r\n'),
            ("pyproject.toml", '[tool.lifelint]\nstage = "piloting"\n\n[tool.other]\na = 1\n'),
        ],
    )
    def test_adds_to_the_configuration_and_changes_nothing_else(
        self, lifelint: Run, repository: Make, name: str, before: str | None
    ) -> None:
        files = {"requirements.txt": "numpy\n", "train.py": "import torch\n"}
        folder = repository(files if before is None else {**files, name: before})
        failing = lifelint("check", "--format", "json", cwd=folder)
        assert failing.code == 1

        assert lifelint("waive", "environment-pinned", *self.WORDS, cwd=folder).code == 0
        text = (folder / name).read_bytes().decode()
        assert text.startswith(before or "[[waivers]]")
        git(folder, "add", "-A")
        [finding] = [
            f
            for f in lifelint("check", "--format", "json", cwd=folder).json["projects"][0]["findings"]
            if f["rule"] == "environment-pinned"
        ]
        assert finding["outcome"] == "waived"
        assert lifelint("check", "--today", "2100-01-01", cwd=folder).code == 1

    def test_writes_nothing_that_would_not_be_a_configuration(self, lifelint: Run, repository: Make) -> None:
        folder = repository({"lifelint.toml": "waivers = []\n"})
        ran = lifelint("waive", "environment-pinned", *self.WORDS, cwd=folder)

        assert (ran.code, (folder / "lifelint.toml").read_text()) == (2, "waivers = []\n")
        assert "cannot be added at the end" in ran.err

    def test_knows_which_rules_there_are(self, lifelint: Run, repository: Make) -> None:
        ran = lifelint("waive", "environment-pined", *self.WORDS, cwd=repository({}))

        assert ran.code == 2
        assert "environment-pinned" in ran.err


def test_what_python_says_of_inspected_code_is_not_told(tmp_path: Path) -> None:
    """Newer versions of Python warn of odd escapes while they parse; this one is told to warn the same way."""
    script = (
        "import warnings, lifelint.cli as cli\n"
        "cli.group.main = lambda **_: warnings.warn_explicit('odd', SyntaxWarning, 'train.py', 1)\n"
        "cli.main(['check'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")

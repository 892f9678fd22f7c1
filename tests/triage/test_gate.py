"""What makes a run fail, beyond failed rules: levels that must be held."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran, lifelint
from tests.conftest import git

Run = Callable[..., Ran]
Make = Callable[..., Path]
__all__ = ["lifelint"]


def test_a_minimum_level_fails_what_is_below_it(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy\n", "train.py": "import torch\n"})
    ran = lifelint("check", "--fail-on", "never", "--min-level", "1", cwd=folder)

    assert ran.code == 1
    assert ran.out.endswith("Does not pass: level 0 is below the minimum 1\n")
    assert lifelint("check", "--fail-on", "never").code == 0


def test_the_configuration_sets_it_too(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy\n", "lifelint.toml": "min-level = 2\nfail-on = 'never'\n"})

    assert lifelint("check", cwd=folder).code == 1


def test_a_lower_level_than_at_the_base_can_fail(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy==2.0.0\n"})
    (folder / "requirements.txt").write_text("numpy\n")
    git(folder, "commit", "-qam", "unpin")
    common = ("check", "--base", "HEAD~1", "--rev", "HEAD", "--fail-on", "never")
    before = lifelint(*common, "--format", "json", cwd=folder).json["change"]

    assert before["before"]["."] > before["after"]["."]
    assert lifelint(*common).code == 0
    ran = lifelint(*common, "--no-level-drop")
    assert ran.code == 1
    assert ran.out.endswith(
        f"Does not pass: the level dropped from {before['before']['.']} to {before['after']['.']}\n"
    )


def test_no_level_drop_needs_a_base(lifelint: Run, repository: Make) -> None:
    ran = lifelint("check", "--no-level-drop", cwd=repository({"a": "b"}))

    assert ran.code == 2
    assert "--base REV" in ran.err


def test_the_report_tells_why_it_fails(lifelint: Run, repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy\n", "train.py": "import torch\n"})
    gate = lifelint("check", "--format", "json", "--min-level", "3", cwd=folder).json["gate"]

    assert gate["passed"] is False
    assert gate["reasons"][0].endswith("of severity error failed")
    assert gate["reasons"][1:] == ["level 0 is below the minimum 3"]


def test_an_experimental_rule_fails_nobody(lifelint: Run, repository: Make) -> None:
    model = "outs:\n- md5: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  size: 10\n  hash: md5\n  path: model.onnx\n"
    folder = repository({"model.onnx.dvc": model})
    failed = ("--select", "risks-recorded", "--fail-on", "info", "--target", "5")
    report = lifelint("check", *failed, "--format", "json", cwd=folder)

    assert [f["outcome"] for p in report.json["projects"] for f in p["findings"] if f["rule"] == "risks-recorded"] == [
        "fail"
    ]
    assert (report.code, report.json["gate"]) == (0, {"passed": True, "reasons": []})
    shown, whole = (lifelint("check", *more, cwd=folder).out for more in ((), ("--verbose",)))
    assert "no part of the level: risks-recorded" in " ".join(shown.split())
    assert "no risk is recorded" not in shown
    assert "no risk is recorded" in whole

"""A change is judged by what it makes worse, by the rules and the configuration of its base."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.conftest import Ran, lifelint
from tests.conftest import git, write

__all__ = ["lifelint"]

Run = Callable[..., Ran]
Make = Callable[..., Path]

POINTER = "outs:\n- md5: {}\n  hash: md5\n  size: 5\n  path: {}\n"
A, B, C, D = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
PIPELINE = """\
stages:
  train:
    cmd: python train.py
    deps: [data.csv, train.py]
    outs: [model.pkl]
  evaluate:
    cmd: python evaluate.py
    deps: [model.pkl, evaluate.py]
    outs: [scores]
"""


def lock(model: str, judged: str, scores: str) -> str:
    def entries(*pairs: tuple[str, str]) -> str:
        return "".join(f"    - path: {path}\n      hash: md5\n      md5: {digest}\n" for path, digest in pairs)

    return (
        "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n"
        + entries(("data.csv", A), ("train.py", EMPTY))
        + "    outs:\n"
        + entries(("model.pkl", model))
        + "  evaluate:\n    cmd: python evaluate.py\n    deps:\n"
        + entries(("evaluate.py", EMPTY), ("model.pkl", judged))
        + "    outs:\n"
        + entries(("scores", scores))
    )


EMPTY = "d41d8cd98f00b204e9800998ecf8427e"
PROJECT = {
    ".gitignore": "/data.csv\n/model.pkl\n/scores\n",
    ".dvc/config": "[core]\nremote = s\n['remote \"s\"']\nurl = s3://bucket/data\n",
    "data.csv.dvc": POINTER.format(A, "data.csv"),
    "dvc.yaml": PIPELINE,
    "train.py": "",
    "evaluate.py": "",
    "requirements.txt": "numpy==2.1.0\n",
}


@pytest.fixture
def folder(repository: Make) -> Path:
    made = repository({**PROJECT, "dvc.lock": lock(B, B, C)})
    git(made, "checkout", "-q", "-b", "work")
    return made


def committed(folder: Path, files: dict[str, str]) -> None:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change")


def change(lifelint: Run, folder: Path, *more: str, base: str = "main") -> tuple[int, Any]:
    ran = lifelint("check", "--base", base, "--format", "json", *more, cwd=folder)
    document = ran.json
    schema = json.loads((Path(__file__).parents[2] / "docs/schemas/report-v1.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return ran.code, document["change"]


def test_a_new_model_that_nobody_evaluated_is_told_in_a_line(lifelint: Run, folder: Path) -> None:
    committed(folder, {"dvc.lock": lock(D, B, C)})

    code, told = change(lifelint, folder)
    assert code == 1
    [new] = told["new"]
    assert (new["rule"], new["subject"]) == ("model-changed-unexplained", "model.pkl")
    assert {"rule": "data-chain-consistent", "subject": "stage:evaluate:model.pkl"} in new["also"]
    versions = {"before": f"md5:{B}", "after": f"md5:{D}", "sizes": [None, None], "counts": [None, None]}
    assert told["altered"] == [{"kind": "model", "name": "model.pkl", **versions}]
    assert told["unchanged_evaluations"] == 1
    text = " ".join(lifelint("check", "--base", "main", cwd=folder).out.split())
    assert "The model changed and its evaluation did not: its result is the same as before." in text
    assert (
        "**The model changed and its evaluation did not.**"
        in lifelint("check", "--base", "main", "--format", "markdown", cwd=folder).out
    )


def test_a_new_model_with_its_evaluation_is_no_problem(lifelint: Run, folder: Path) -> None:
    committed(folder, {"dvc.lock": lock(D, D, A)})

    code, told = change(lifelint, folder)
    assert (code, told["new"]) == (0, [])
    assert {one["kind"] for one in told["altered"]} == {"model", "evaluation"}
    assert "did not" not in lifelint("check", "--base", "main", cwd=folder).out


HOSTILE = "<b>@all\x1b[31m|`"


def test_metrics_are_told_in_every_format_and_escaped(lifelint: Run, folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    committed(folder, {"metrics.json": json.dumps({"auc": 0.9, HOSTILE: 1, "loss": 0.25})})
    git(folder, "checkout", "-q", "-B", "work")
    committed(folder, {"metrics.json": json.dumps({"auc": 0.875, HOSTILE: 2, "loss": 0.25})})

    _, told = change(lifelint, folder)
    assert told["metrics"][-1] == {
        "report": "metrics.json", "name": "auc", "slice": "", "dataset": "", "before": 0.9, "after": 0.875,
        "better": False,
    }  # fmt: skip
    text = lifelint("check", "--base", "main", cwd=folder).out
    assert "metric auc 0.9 → 0.875, -0.025 worse (metrics.json)" in text
    assert "\x1b[31m" not in text
    table = lifelint("check", "--base", "main", "--format", "markdown", cwd=folder).out
    assert "<td>0.9</td><td>0.875</td><td>-0.025 worse</td>" in table
    assert "<b>@all" not in table


def test_what_was_there_before_is_not_held_against_a_change(lifelint: Run, folder: Path) -> None:
    git(folder, "checkout", "-q", "main")
    committed(folder, {"requirements.txt": "numpy\n"})
    git(folder, "checkout", "-q", "-b", "next")
    committed(folder, {"README.md": "unrelated\n", "requirements.txt": "# moved\nnumpy\n"})

    code, told = change(lifelint, folder)
    assert (code, told["new"], told["fixed"]) == (0, [], [])
    assert told["unchanged"] >= 1
    assert lifelint("check", cwd=folder).code == 1


def test_what_a_change_mends_is_fixed(lifelint: Run, folder: Path) -> None:
    readme = (
        "# Riders\nTells how many people ride on a day, for whoever plans the trains. It is not meant for nights.\n"
    )
    committed(folder, {"requirements.txt": "numpy\n", "README.md": readme})
    git(folder, "checkout", "-q", "-b", "next")
    committed(folder, {"requirements.txt": "numpy==2.1.0\n"})

    _, told = change(lifelint, folder, base="work")
    assert [one["rule"] for one in told["fixed"]] == ["environment-pinned"]
    assert told["before"]["."] < told["after"]["."]


def test_the_base_is_where_the_branches_parted(lifelint: Run, folder: Path) -> None:
    parted = git(folder, "rev-parse", "main")
    committed(folder, {"README.md": "work\n"})
    git(folder, "checkout", "-q", "main")
    committed(folder, {"requirements.txt": "numpy\n"})
    git(folder, "checkout", "-q", "work")

    _, told = change(lifelint, folder)
    assert told["base"] == parted
    assert (told["new"], told["fixed"]) == ([], [])


def test_a_change_cannot_excuse_itself(lifelint: Run, folder: Path) -> None:
    waiver = '[[waivers]]\nrule = "data-chain-consistent"\nreason = "x"\nowner = "y"\nexpires = 2099-01-01\n'
    committed(folder, {"dvc.lock": lock(D, B, C), "lifelint.toml": waiver})

    code, told = change(lifelint, folder)
    assert code == 1
    assert told["configuration_changed"] is True
    assert [one["rule"] for one in told["new"]] == ["model-changed-unexplained"]
    said = "data-chain-consistent for * until 2099-01-01"
    assert told["configuration"] == [{"key": "waivers", "before": "", "after": said}]
    out = lifelint("check", "--base", "main", cwd=folder).out
    assert "The configuration changed" in out
    assert f"waivers: {said}, new" in out
    assert out.index("waivers:") < out.index("new: A new model")


def test_what_one_rule_says_of_a_change_is_told_together(lifelint: Run, folder: Path) -> None:
    committed(folder, {"requirements.txt": "numpy==2.1.0\npandas\nscipy\n"})

    _, told = change(lifelint, folder)
    out = lifelint("check", "--base", "main", cwd=folder).out
    rules = [one["rule"] for one in told["new"]]
    assert len(rules) > len({*rules})
    assert out.count("✗ new:") == len({*rules})
    assert "'scipy' admits any version" in out
    assert "'pandas' admits any version" in out


def test_uncommitted_and_staged_changes_have_no_head(lifelint: Run, folder: Path) -> None:
    write(folder, {"requirements.txt": "numpy\n"})

    code, told = change(lifelint, folder)
    assert (code, told["head"]) == (1, None)
    assert change(lifelint, folder, "--staged")[0] == 0


TOLD = (
    *("GITHUB_BASE_REF", "SYSTEM_PULLREQUEST_TARGETBRANCH", "BITBUCKET_PR_DESTINATION_BRANCH", "CHANGE_TARGET"),
    *("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA"),
    *("CI_COMMIT_BEFORE_SHA", "CI_COMMIT_BRANCH", "CI_DEFAULT_BRANCH"),
)


@pytest.mark.parametrize(
    "told",
    [
        {"GITHUB_BASE_REF": "target"},
        {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/target"},
        {"SYSTEM_PULLREQUEST_TARGETBRANCH": "target"},
        {"BITBUCKET_PR_DESTINATION_BRANCH": "target"},
        {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "target"},
        {"CHANGE_TARGET": "target"},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "BEFORE", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "MAIN", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "BEFORE"},
        {"CI_DEFAULT_BRANCH": "target"},
        {"CI_DEFAULT_BRANCH": "target", "CI_COMMIT_BRANCH": "work", "CI_COMMIT_BEFORE_SHA": "MAIN"},
        {"CI_DEFAULT_BRANCH": "work", "CI_COMMIT_BRANCH": "work", "CI_COMMIT_BEFORE_SHA": "BEFORE"},
        {"CI_DEFAULT_BRANCH": "target", "CI_COMMIT_BRANCH": "target", "CI_COMMIT_BEFORE_SHA": "0" * 40},
    ],
    ids=" ".join,
)
def test_auto_finds_the_target_of_a_change(
    lifelint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, str]
) -> None:
    for variable in TOLD:
        monkeypatch.delenv(variable, raising=False)
    committed(folder, {"README.md": "1"})
    main, before = git(folder, "rev-parse", "main"), git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/remotes/origin/target", before)
    committed(folder, {"README.md": "2"})
    assert change(lifelint, folder, base="auto")[1]["base"] == main

    for name, value in told.items():
        monkeypatch.setenv(name, {"BEFORE": before, "MAIN": main}.get(value, value))
    assert change(lifelint, folder, base="auto")[1]["base"] == before


def test_a_branch_with_nothing_before_it_is_compared_with_itself(
    lifelint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/remotes/origin/work", head)
    given = {"CI_DEFAULT_BRANCH": "work", "CI_COMMIT_BRANCH": "work", "CI_COMMIT_BEFORE_SHA": "0" * 40}
    for name in TOLD:
        monkeypatch.setenv(name, given.get(name, ""))

    _, told = change(lifelint, folder, base="auto")
    assert (told["base"], told["new"], told["fixed"]) == (head, [], [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--base", "nowhere"], "no commit called 'nowhere'"),
        (["--fail-on", "new-error"], "needs a base"),
        (["--changed"], "needs a base"),
        (["--base", "main", "--changed", "--no-level-drop"], "single files have no level"),
        (["train.py", "--min-level", "2"], "single files have no level"),
        (["--base", "main", "--changed", "train.py"], "no folder 'train.py'"),
        (["--base", "main", "--changed", "a", "b"], "name one folder"),
        (["--base", "nowhere", "--changed"], "no commit called 'nowhere'"),
    ],
)
def test_what_cannot_be_compared_is_wrong_usage(lifelint: Run, folder: Path, words: list[str], told: str) -> None:
    ran = lifelint("check", *words, cwd=folder)

    assert ran.code == 2
    assert told in ran.err


def test_a_shallow_clone_is_compared_with_what_it_has(lifelint: Run, folder: Path, tmp_path: Path) -> None:
    committed(folder, {"README.md": "work\n"})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", "-b", "work", f"file://{folder}", str(clone))

    assert change(lifelint, clone, base="origin/main")[1]["base"] == git(folder, "rev-parse", "main")


def test_what_lies_at_the_top_is_not_new_because_another_project_draws_on_it(lifelint: Run, repository: Make) -> None:
    header = "#\n# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n"
    stale = f"{header}#    pip-compile requirements.in\n#\nnumpy==2.1.0\n    # via -r requirements.in\n"
    stage = "stages:\n  a:\n    cmd: python a.py\n    deps: [a.py]\n"
    folder = repository(
        {
            "lifelint.toml": 'projects = [".", "[ot]*"]\n',
            "requirements.in": "numpy\npandas\n",
            "requirements.txt": stale,
            "one/dvc.yaml": stage,
        }
    )
    git(folder, "checkout", "-q", "-b", "work")
    committed(folder, {"two/dvc.yaml": stage})
    told = change(lifelint, folder)[1]["new"]
    projects = lifelint("check", "--format", "json", cwd=folder).json["projects"]
    failing = {
        p["root"] for p in projects for f in p["findings"] if (f["rule"], f["outcome"]) == ("lock-fresh", "fail")
    }
    results = lifelint("check", "--format", "sarif", cwd=folder).json["runs"][0]["results"]

    assert failing == {".", "one", "two"}
    assert "lock-fresh" not in {one["rule"] for one in told}
    assert [result["ruleId"] for result in results].count("lock-fresh") == 1

"""``lifelint attest``: the same verdicts as ``check``, said of a commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lifelint import catalog
from tests.cli.conftest import Ran
from tests.conftest import git
from tests.exports.conftest import FILES, commit, sha
from tests.exports.test_intoto import RULES

Run = Callable[..., Ran]
Make = Callable[..., Path]


def test_what_check_finds_to_hold_is_attested_of_the_commit(lifelint: Run, repository: Make) -> None:
    folder = repository(FILES)
    checked = lifelint("check", "--format", "json", cwd=folder).json["projects"]
    (folder / "requirements.txt").write_text("numpy\n")  # in no commit, so nothing is said of it
    ran = lifelint("attest")

    RULES.validate(ran.json)
    assert ran.code == 0
    assert ran.json["subject"] == [{"digest": {"gitCommit": git(folder, "rev-parse", "HEAD")}}]
    assert ran.json["predicate"]["timeCreated"] == "2026-01-01T00:00:00Z"
    stable = {rule.id for rule in catalog.load().rules if rule.status == "stable"}
    [project] = checked
    held = {f"LIFELINT_RULE_{f['rule']}" for f in project["findings"] if f["outcome"] == "pass" and f["rule"] in stable}
    said = {name for name in ran.json["predicate"]["properties"] if name.startswith("LIFELINT_RULE_")}
    assert said == held
    assert "LIFELINT_RULE_environment-pinned" in said


def test_unknown_rules_are_told_on_standard_error(lifelint: Run, repository: Make) -> None:
    ran = lifelint("attest", cwd=repository({**FILES, "uv.lock": "not TOML ["}))

    assert "Left out, because it could not be told here whether they hold: " in ran.err


def test_the_configuration_of_the_commit_is_a_policy(lifelint: Run, repository: Make) -> None:
    said = 'stage = "piloting"\n'
    folder = repository({**FILES, "lifelint.toml": said})
    commit(folder, "other", {"lifelint.toml": 'stage = "operating"\n'})
    ran = lifelint("attest", "--rev", "HEAD~1", cwd=folder)

    assert {"name": "lifelint.toml", "digest": {"sha256": sha(said)[7:]}} in ran.json["predicate"]["verifier"][
        "policies"
    ]


def test_a_commit_at_which_nothing_holds_is_not_attested(lifelint: Run, repository: Make, tmp_path: Path) -> None:
    ran = lifelint("attest", "-o", str(tmp_path / "never"), cwd=repository({"README.md": "hi\n"}))

    assert (ran.code, ran.out) == (1, "")
    assert "Nothing holds at " in ran.err
    assert not (tmp_path / "never").exists()


def test_the_same_commit_gives_the_same_bytes(lifelint: Run, repository: Make) -> None:
    folder = repository(FILES)
    git(folder.parent, "clone", "-q", f"file://{folder}", "clone")

    assert lifelint("attest", cwd=folder).out == lifelint("attest", cwd=folder.parent / "clone").out


def test_a_repository_without_a_commit_is_wrong_usage(lifelint: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")

    assert lifelint("attest", cwd=tmp_path).code == 2

"""The example project replays to the same repository everywhere, and has the flaws its README tells of."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import git

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
BIKES = EXAMPLES / "bike-demand"
HISTORY = json.loads((BIKES / "history.json").read_text(encoding="utf-8"))
COMMITS = {commit["subject"]: commit["id"] for commit in HISTORY["commits"]}


def loaded(path: Path) -> ModuleType:
    """A script of the examples, which are no package."""
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REPLAY = loaded(EXAMPLES / "replay.py")


@pytest.fixture(scope="module")
def bikes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "bike-demand"
    REPLAY.replay(BIKES / "history.fi", folder)
    return folder


def text(folder: Path, revision: str, path: str) -> str:
    return git(folder, "show", f"{revision}:{path}")


def lock(folder: Path, revision: str) -> Mapping[str, Any]:
    stages: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text(folder, revision, "dvc.lock"))["stages"]
    return stages


def recorded(folder: Path, revision: str, stage: str, role: str, path: str) -> str:
    """The md5 that dvc.lock has for a dependency or an output of a stage."""
    (entry,) = (entry for entry in lock(folder, revision)[stage][role] if entry["path"] == path)
    return str(entry["md5"])


def md5(folder: Path, revision: str, path: str) -> str:
    content = subprocess.run(["git", "-C", str(folder), "show", f"{revision}:{path}"], capture_output=True, check=True)
    return hashlib.md5(content.stdout, usedforsecurity=False).hexdigest()


def test_branches_and_tags_have_the_recorded_ids(bikes: Path) -> None:
    lines = git(bikes, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    assert dict(line.split() for line in lines) == HISTORY["refs"]
    assert set(HISTORY["refs"]) >= {
        "refs/heads/main",
        "refs/heads/raise-learning-rate",
        "refs/heads/tidy",
        "refs/tags/v1.0.0",
        "refs/tags/v1.1.0",
        "refs/tags/v1.1.1",
        "refs/tags/v1.2.0",
        "refs/tags/v1.2.1",
        "refs/tags/v1.3.0",
        "refs/tags/v1.3.1",
    }


def test_the_configuration_of_the_user_does_not_change_an_id(
    bikes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[core]\nautocrlf = true\n[init]\ndefaultBranch = trunk\n[user]\nname = Somebody\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    REPLAY.replay(BIKES / "history.fi", tmp_path / "again")
    monkeypatch.undo()
    assert git(tmp_path / "again", "show-ref") == git(bikes, "show-ref")


def test_the_replay_is_sound_and_clean(bikes: Path) -> None:
    assert git(bikes, "fsck", "--strict", "--no-progress") == ""
    assert git(bikes, "status", "--porcelain", "--branch") == "## main"


def test_a_replay_takes_less_than_a_second(tmp_path: Path) -> None:
    fastest = float("inf")
    for attempt in range(3):
        start = time.perf_counter()
        REPLAY.replay(BIKES / "history.fi", tmp_path / str(attempt))
        fastest = min(fastest, time.perf_counter() - start)
    assert fastest < 1


def test_an_earlier_replay_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        REPLAY.replay(BIKES / "history.fi", tmp_path / "demo")
        assert not (tmp_path / "demo" / "scratch.txt").exists()
        (tmp_path / "demo" / "scratch.txt").write_text("mine")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_that_is_no_replay_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(REPLAY.CannotReplay, match="not an earlier replay"):
        REPLAY.replay(BIKES / "history.fi", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_stream_that_was_cut_short_leaves_nothing_behind(tmp_path: Path) -> None:
    stream = tmp_path / "history.fi"
    stream.write_bytes((BIKES / "history.fi").read_bytes()[:-20])
    with pytest.raises(REPLAY.CannotReplay, match="fast-import failed"):
        REPLAY.replay(stream, tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["history.fi"]


def test_the_command_line_makes_the_repository(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "replay.py"), "bike-demand", "demo"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "demo: the example bike-demand, on branch main\n"
    assert git(tmp_path / "demo", "rev-parse", "HEAD") == HISTORY["refs"]["refs/heads/main"]


def test_the_readme_tells_the_history_as_it_is(bikes: Path) -> None:
    told = re.findall(r"^\| `([0-9a-f]{7})` (.+?) \|", (BIKES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    happened = git(bikes, "log", "--reverse", "--abbrev=7", "--format=%h%x09%s", "main").splitlines()
    assert [f"{commit}\t{subject}" for commit, subject in told] == happened


def test_the_stream_is_plain_text_that_names_no_registry() -> None:
    stream = (BIKES / "history.fi").read_bytes().decode("utf-8")
    assert "\r" not in stream
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", stream)
    assert set(re.findall(r"https?://([^/\s]+)", stream)) == {"dvc.org"}
    assert set(re.findall(r"@([a-z.-]+)>", stream)) == {"example.org"}


def test_the_evaluation_of_1_1_0_is_about_another_model(bikes: Path) -> None:
    for path, producer in (("models/model.joblib", "train"), ("data/test.csv", "prepare")):
        made = recorded(bikes, "v1.1.0", producer, "outs", path)
        evaluated = recorded(bikes, "v1.1.0", "evaluate", "deps", path)
        assert made != evaluated
        assert evaluated == recorded(bikes, "v1.0.0", producer, "outs", path)
    assert md5(bikes, "v1.1.0", "metrics/evaluation.json") == md5(bikes, "v1.0.0", "metrics/evaluation.json")


@pytest.mark.parametrize("revision", ["v1.0.0", "v1.1.1", "v1.2.0", "v1.2.1", "v1.3.0", "v1.3.1", "main"])
def test_other_releases_evaluated_the_model_they_trained(bikes: Path, revision: str) -> None:
    for path, producer in (("models/model.joblib", "train"), ("data/test.csv", "prepare")):
        made = recorded(bikes, revision, producer, "outs", path)
        assert made == recorded(bikes, revision, "evaluate", "deps", path)
    assert md5(bikes, revision, "metrics/evaluation.json") == recorded(
        bikes, revision, "evaluate", "outs", "metrics/evaluation.json"
    )


def test_metrics_were_edited_by_hand_in_one_commit(bikes: Path) -> None:
    edited = [
        commit["subject"]
        for commit in HISTORY["commits"]
        if "metrics/evaluation.json" in git(bikes, "ls-tree", "-r", "--name-only", commit["id"]).splitlines()
        and md5(bikes, commit["id"], "metrics/evaluation.json")
        != recorded(bikes, commit["id"], "evaluate", "outs", "metrics/evaluation.json")
    ]
    assert edited == ["Round the metrics for the quarterly report"]


def shown(folder: Path, version: str) -> Any:
    command = [sys.executable, "-m", "lifelint", "release", "show", version, "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    [release] = json.loads(done.stdout)["releases"]
    return release


@pytest.mark.parametrize(("version", "previous"), [("1.2.1", "none"), ("1.3.0", "1.2.1"), ("1.3.1", "1.2.1")])
def test_git_bears_the_releases_with_a_manifest_out(bikes: Path, version: str, previous: str) -> None:
    release = shown(bikes, version)

    assert release["previous"] == previous
    assert [f["field"] for f in release["fields"] if f["status"] == "refuted"] == []
    unproven = {f["field"].partition(":")[0] for f in release["fields"] if f["status"] == "unknown"}
    assert unproven <= {"approval"}  # anyone can write a trailer


def test_the_rollback_releases_the_model_of_the_release_before(bikes: Path) -> None:
    models = {version: shown(bikes, version)["models"][0]["digest"] for version in ("1.2.1", "1.3.0", "1.3.1")}

    assert models["1.3.1"] == models["1.2.1"] != models["1.3.0"]


@pytest.mark.parametrize("version", ["1.2.1", "1.3.0"])
def test_a_manifest_is_what_the_command_writes_for_its_commit(bikes: Path, tmp_path: Path, version: str) -> None:
    git(tmp_path, "clone", "-q", str(bikes), "again")
    folder = tmp_path / "again"
    git(folder, "checkout", "-q", f"v{version}~1")
    git(folder, "tag", "-d", f"v{version}")
    approval = ["--approval", "data-owner=@example-org/data,tomas@example.org", "--evidence", "trailer"]
    command = [sys.executable, "-m", "lifelint", "release", "new", version, "--name", "bike-demand", *approval]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)

    path = f"releases/{version}/release.yaml"
    assert (folder / path).read_text("utf-8") == f"{text(bikes, f'v{version}', path)}\n"


def test_new_data_came_in_before_the_pipeline_ran(bikes: Path) -> None:
    def pointer(revision: str) -> str:
        loaded = YAML(typ="safe", pure=True).load(text(bikes, revision, "data/rentals.csv.dvc"))
        return str(loaded["outs"][0]["md5"])

    added = COMMITS["Add the rentals of January to April 2026"]
    assert pointer(added) != recorded(bikes, added, "prepare", "deps", "data/rentals.csv")
    assert pointer("v1.1.0") == recorded(bikes, "v1.1.0", "prepare", "deps", "data/rentals.csv")


@pytest.mark.parametrize(("revision", "until"), [("v1.0.0", "2025-12-31"), ("main", "2026-04-30")])
def test_the_data_can_be_made_again_to_the_bit(bikes: Path, revision: str, until: str) -> None:
    made = loaded(BIKES / "make_data.py").rentals(date.fromisoformat(until)).encode()
    pointer = YAML(typ="safe", pure=True).load(text(bikes, revision, "data/rentals.csv.dvc"))
    assert hashlib.md5(made, usedforsecurity=False).hexdigest() == pointer["outs"][0]["md5"]
    assert len(made) == pointer["outs"][0]["size"]


def test_the_tip_has_the_three_flaws_of_the_readme(bikes: Path) -> None:
    def line(path: str, number: int) -> str:
        return text(bikes, "main", path).splitlines()[number - 1]

    assert line("requirements.in", 4) == "scikit-learn>=1.9,<1.10"
    assert line("requirements.txt", 233).startswith("scikit-learn==1.8.0 ")
    assert line("src/prepare.py", 6) == "from public_holidays import is_holiday"
    assert "public_holidays" not in text(bikes, "main", "dvc.yaml")
    assert line("MODEL_CARD.md", 29) == "| `mae` (bikes a day) | 793 |"
    assert json.loads(text(bikes, "main", "metrics/evaluation.json"))["mae"] == 62.52


def test_one_pull_request_changes_a_parameter_and_the_other_none(bikes: Path) -> None:
    def parameters(revision: str) -> Any:
        return YAML(typ="safe", pure=True).load(text(bikes, revision, "params.yaml"))

    assert git(bikes, "diff", "--name-only", "main", "raise-learning-rate") == "params.yaml"
    assert parameters("raise-learning-rate")["train"]["learning_rate"] == 0.1
    changed = git(bikes, "diff", "--name-only", "main", "tidy").split()
    assert changed == ["README.md", "dvc.yaml", "params.yaml"]
    assert parameters("tidy") == parameters("main")


def test_dvc_accepts_each_lock_and_pipeline(bikes: Path) -> None:
    schema = pytest.importorskip("dvc.schema")
    seen = 0
    for commit in HISTORY["commits"]:
        names = git(bikes, "ls-tree", "--name-only", commit["id"]).splitlines()
        if "dvc.lock" in names:
            yaml = YAML(typ="safe", pure=True)
            schema.COMPILED_LOCKFILE_SCHEMA(yaml.load(text(bikes, commit["id"], "dvc.lock")))
            schema.COMPILED_MULTI_STAGE_SCHEMA(yaml.load(text(bikes, commit["id"], "dvc.yaml")))
            seen += 1
    assert seen >= 15

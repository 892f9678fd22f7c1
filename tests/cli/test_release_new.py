"""``lifelint release new``: manifests filled from real git histories, and refused where git could not bear them out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lifelint.facts.proof import fingerprint
from lifelint.facts.releases.valid import problems
from lifelint.snapshot._open import open_snapshot
from tests.cli.conftest import Ran
from tests.conftest import git, write
from tests.facts.test_evaluation_dbt import MADE as CHECKED
from tests.facts.test_evaluations import commit, head, pointer, report
from tests.facts.test_releases import GATES, folder, told

__all__ = ["folder"]

Run = Callable[..., Ran]
NAMED = ("--name", "churn")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


RAW, TRAIN, TEST, MODEL = (md5(name) for name in ("raw", "train", "test", "model"))
DVC = """stages:
  split:
    cmd: python split.py
    deps: [raw.csv, split.py]
    outs: [data/train.csv, data/test.csv]
  train:
    cmd: python train.py
    deps: [data/train.csv, train.py]
    params: [rate]
    outs: [model.onnx]
  evaluate:
    cmd: python evaluate.py
    deps: [data/test.csv, model.onnx, evaluate.py]
    metrics: [metrics.json: {cache: false}]
"""
METRICS = '{"auc": 0.93}'


def lock(*, train: str = TRAIN, test: str = TEST, model: str = MODEL, judged: str = MODEL) -> str:
    def entry(path: str, digest: str) -> str:
        return f"    - {{path: {path}, hash: md5, md5: {digest}, size: 4}}\n"

    return (
        "schema: '2.0'\nstages:\n  split:\n    cmd: python split.py\n    deps:\n"
        + entry("raw.csv", RAW) + entry("split.py", md5("split")) + "    outs:\n"
        + entry("data/test.csv", test) + entry("data/train.csv", train)
        + "  train:\n    cmd: python train.py\n    deps:\n"
        + entry("data/train.csv", train) + entry("train.py", md5("train code"))
        + "    params:\n      params.yaml: {rate: 0.1}\n    outs:\n" + entry("model.onnx", model)
        + "  evaluate:\n    cmd: python evaluate.py\n    deps:\n"
        + entry("data/test.csv", test) + entry("evaluate.py", md5("evaluate")) + entry("model.onnx", judged)
        + "    outs:\n" + entry("metrics.json", md5(METRICS))
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A DVC project whose pipeline trained and evaluated a model, with gates and a lock of packages."""
    place = tmp_path / "project"
    place.mkdir()
    git(place, "init", "-q")
    files = {
        ".dvc/config": "", "dvc.yaml": DVC, "dvc.lock": lock(), "raw.csv.dvc": pointer("raw.csv", RAW),
        "params.yaml": "rate: 0.1\n", "split.py": "split", "train.py": "train code", "evaluate.py": "evaluate",
        "metrics.json": METRICS, "gates.yaml": GATES, "uv.lock": "version = 1\n",
        "pyproject.toml": '[project]\nname = "churn"\nversion = "0"\ndependencies = []\n',
    }  # fmt: skip
    commit(place, "model", files)
    return place


def made(folder: Path, version: str) -> dict[str, object]:
    document: dict[str, object] = YAML(typ="safe", pure=True).load(
        (folder / f"releases/{version}/release.yaml").read_text("utf-8")
    )
    return document


def released(lifelint: Run, folder: Path, version: str, *options: str) -> Ran:
    """A release made, committed and tagged as the command says."""
    ran = lifelint("release", "new", version, *options, cwd=folder)
    assert ran.code == 0, ran.out + ran.err
    git(folder, "add", f"releases/{version}/release.yaml")
    git(folder, "commit", "-q", "-m", f"Release {version}")
    git(folder, "tag", "-a", f"v{version}", "-m", version)
    return ran


def test_the_manifest_names_what_the_commit_holds(lifelint: Run, project: Path) -> None:
    built = head(project)
    released(lifelint, project, "1.0.0")
    document = made(project, "1.0.0")
    snapshot = open_snapshot([str(project)], rev=built).snapshot
    paths = ["dvc.lock", "dvc.yaml", "params.yaml", "raw.csv.dvc", "split.py", "train.py", "uv.lock"]
    expected = fingerprint(snapshot.entries, paths)
    snapshot.close()

    assert document["release"] == {"name": "churn", "version": "1.0.0", "tag": "v1.0.0"}
    assert document["source"] == {"commit": built, "fingerprint": expected, "paths": paths}
    assert document["data"] == [
        {"name": "train.csv", "role": "train", "pointer": "dvc.lock#split:data/train.csv", "version": f"md5:{TRAIN}"},
        {"name": "test.csv", "role": "test", "pointer": "dvc.lock#split:data/test.csv", "version": f"md5:{TEST}"},
        {"name": "raw.csv", "role": "source", "pointer": "raw.csv.dvc", "version": f"md5:{RAW}"},
    ]
    assert document["model"] == [
        {"name": "model.onnx", "pointer": "dvc.lock#train:model.onnx", "digest": f"md5:{MODEL}"}
    ]
    [judged] = document["evaluation"]  # type: ignore[misc]
    assert (judged["report"], judged["gates"], judged["result"]) == ("metrics.json", "gates.yaml", "pass")
    assert document["rollback"] == {"previous": "none"}
    assert [part["path"] for part in document["environment"]] == ["uv.lock"]  # type: ignore[attr-defined]


def test_a_release_and_the_next_one_verify_in_every_field(lifelint: Run, project: Path) -> None:
    released(lifelint, project, "1.9.0")
    commit(project, "retrain", {"dvc.lock": lock(train=md5("more"), model=md5("better"), judged=md5("better"))})
    released(lifelint, project, "1.10.0")

    assert made(project, "1.10.0")["rollback"] == {"previous": "1.9.0"}
    for version in ("1.9.0", "1.10.0"):
        fields = told(project, f"releases/{version}/release.yaml")
        assert {name: holds for name, holds in fields.items() if holds is not True} == {}
        assert problems((project / f"releases/{version}/release.yaml").read_bytes()) == ()


def test_the_commands_that_follow_are_told(lifelint: Run, project: Path) -> None:
    out = lifelint("release", "new", "1.0.0", cwd=project).out

    assert "  git add releases/1.0.0/release.yaml\n" in out
    assert "  git tag -a v1.0.0 -m 'churn 1.0.0'\n" in out


def test_a_model_that_was_not_evaluated_again_is_not_released(lifelint: Run, project: Path) -> None:
    commit(project, "retrain", {"dvc.lock": lock(model=md5("better"), judged=MODEL)})
    ran = lifelint("release", "new", "1.0.0", cwd=project)

    assert ran.code == 2
    assert "✗ model is lacking" in ran.out
    assert f"metrics.json is about model.onnx of md5:{MODEL[:8]}…, and model.onnx has" in ran.out
    assert not (project / "releases").exists()


def test_a_model_below_its_gates_is_not_released(lifelint: Run, project: Path) -> None:
    commit(project, "strict", {"gates.yaml": GATES.replace("0.9", "0.95")})
    ran = lifelint("release", "new", "1.0.0", cwd=project)

    assert ran.code == 1
    assert "evaluation:metrics.json:gates would be refuted: auc: 0.93 is not >= 0.95" in ran.out
    assert not (project / "releases").exists()


def test_figures_that_the_stage_did_not_write_are_not_released(lifelint: Run, project: Path) -> None:
    commit(project, "round", {"metrics.json": '{"auc": 0.99}'})
    ran = lifelint("release", "new", "1.0.0", cwd=project)

    assert ran.code == 1
    assert "metrics.json is not what the stage evaluate wrote" in " ".join(ran.out.split())


def test_what_cannot_be_computed_is_named_with_its_option(lifelint: Run, folder: Path) -> None:
    (folder / "gates.yaml").unlink()
    commit(folder, "report, no gates", {"eval.json": report(head(folder))})
    ran = lifelint("release", "new", "1.0.0", "--format", "json", cwd=folder)

    assert ran.code == 2
    assert ran.json["written"] is False
    assert [(one["field"], one["remedy"].rpartition(": ")[2]) for one in ran.json["lacking"]] == [
        ("release.name", "--name NAME"),
        ("evaluation.gates", "--gates PATH"),
    ]


def test_a_report_of_the_own_form_tells_models_and_data(lifelint: Run, folder: Path) -> None:
    built = head(folder)
    commit(folder, "report", {"eval.json": report(built, paths=["m.onnx.dvc"], fingerprint=printed(folder))})
    released(lifelint, folder, "1.0.0", *NAMED)
    document = made(folder, "1.0.0")

    assert [(d["role"], d["pointer"]) for d in document["data"]] == [  # type: ignore[attr-defined]
        ("test", "test.csv.dvc"),
        ("train", "train.csv.dvc"),
    ]
    assert set(told(folder).values()) == {True}


def printed(folder: Path) -> str:
    snapshot = open_snapshot([str(folder)], rev="HEAD").snapshot
    found = fingerprint(snapshot.entries, ["m.onnx.dvc"])
    snapshot.close()
    return found


def test_what_is_not_committed_is_no_part_of_it(lifelint: Run, project: Path) -> None:
    write(project, {"dvc.lock": lock(train=md5("not committed")), "uv.lock": "version = 2\n"})
    released(lifelint, project, "1.0.0")

    assert set(told(project).values()) == {True}


def test_a_release_can_be_made_of_an_earlier_commit(lifelint: Run, project: Path) -> None:
    built = head(project)
    commit(project, "retrain", {"dvc.lock": lock(model=md5("better"), judged=md5("better"))})
    ran = lifelint("release", "new", "1.0.0", "--rev", built, "--format", "json", cwd=project)

    assert ran.json["document"]["source"]["commit"] == built
    assert ran.json["document"]["model"][0]["digest"] == f"md5:{MODEL}"


def test_no_manifest_is_overwritten_and_no_tag_taken_twice(lifelint: Run, project: Path) -> None:
    released(lifelint, project, "1.0.0")
    before = (project / "releases/1.0.0/release.yaml").read_bytes()
    again = lifelint("release", "new", "1.0.0", cwd=project)
    git(project, "tag", "v1.1.0")
    taken = lifelint("release", "new", "1.1.0")

    assert again.code == 2
    assert "is there already: manifests are never overwritten" in again.err
    assert (project / "releases/1.0.0/release.yaml").read_bytes() == before
    assert taken.code == 2
    assert "there is a tag v1.1.0 already" in taken.out


@pytest.mark.parametrize("version", ["../../x", "-rf", "1.0/2", ""])
def test_a_version_that_is_no_name_of_a_folder_is_refused(lifelint: Run, project: Path, version: str) -> None:
    assert lifelint("release", "new", "--", version, cwd=project).code == 2


def test_a_dry_run_writes_nothing_and_prints_the_same_bytes(lifelint: Run, project: Path) -> None:
    once = lifelint("release", "new", "1.0.0", "--dry-run", cwd=project)

    assert once.code == 0
    assert not (project / "releases").exists()
    lifelint("release", "new", "1.0.0")
    assert once.out.startswith((project / "releases/1.0.0/release.yaml").read_text("utf-8"))


def test_what_is_asked_for_replaces_what_would_be_found(lifelint: Run, project: Path) -> None:
    image = f"ghcr.io/acme/train@sha256:{'0' * 64}"
    options = [
        "--environment",
        image,
        "--tag",
        "churn-1.0.0",
        "--data",
        "train=raw.csv",
        "--data",
        "test=data/test.csv",
    ]
    ran = lifelint("release", "new", "1.0.0", *options, "--format", "json", cwd=project)

    document = ran.json["document"]
    assert document["environment"] == [{"image": image}]
    assert document["release"]["tag"] == "churn-1.0.0"
    assert [(d["role"], d["pointer"]) for d in document["data"]] == [
        ("train", "raw.csv.dvc"),
        ("test", "dvc.lock#split:data/test.csv"),
    ]


def test_of_several_projects_the_one_around_the_folder_is_released(lifelint: Run, tmp_path: Path) -> None:
    place = tmp_path / "mono"
    place.mkdir()
    git(place, "init", "-q")
    files = {}
    for name in ("a", "b"):
        files |= {
            f"{name}/dvc.yaml": DVC, f"{name}/dvc.lock": lock(), f"{name}/raw.csv.dvc": pointer("raw.csv", RAW),
            f"{name}/.dvc/config": "", f"{name}/params.yaml": "rate: 0.1\n", f"{name}/gates.yaml": GATES,
            f"{name}/metrics.json": METRICS, f"{name}/split.py": "split", f"{name}/train.py": "train code",
            f"{name}/evaluate.py": "evaluate", f"{name}/requirements.txt": "numpy==1.26.4\n",
        }  # fmt: skip
    commit(place, "two", files)
    inside = lifelint("release", "new", "1.0.0", *NAMED, "--format", "json", cwd=place / "b")
    above = lifelint("release", "new", "1.0.0", *NAMED, cwd=place)

    assert inside.code == 0, inside.out
    assert inside.json["path"] == "b/releases/1.0.0/release.yaml"
    assert inside.json["document"]["model"][0]["pointer"] == "b/dvc.lock#train:b/model.onnx"
    assert above.code == 2
    assert "there are several projects: go to one of them (-C a or -C b)" in above.err


def test_approvals_are_written_as_they_were_given(lifelint: Run, project: Path) -> None:
    options = ["--approval", "model-owner=@acme/ml,ada@example.org", "--approval", "data-owner=bob@example.org"]
    ran = lifelint("release", "new", "1.0.0", *options, "--evidence", "trailer", cwd=project)

    assert made(project, "1.0.0")["approvals"] == [
        {"role": "model-owner", "by": "@acme/ml", "person": "ada@example.org", "evidence": "trailer"},
        {"role": "data-owner", "person": "bob@example.org", "evidence": "trailer"},
    ]
    assert "git tag -a v1.0.0" in ran.out
    assert lifelint("release", "new", "1.1.0", "--approval", "model-owner").code == 2


def test_an_approver_who_owns_nothing_of_it_is_refused_before_there_is_a_tag(lifelint: Run, project: Path) -> None:
    commit(project, "owners", {"CODEOWNERS": "* @acme/ml\ndocs/ @acme/docs\n"})

    wrong = lifelint("release", "new", "1.0.0", "--approval", "owner=@acme/docs,bob@example.org", cwd=project)
    assert wrong.code == 1
    assert "✗ approval:owner would be refuted: @acme/docs owns none of" in " ".join(wrong.out.split())
    assert not (project / "releases").exists()
    released(lifelint, project, "1.0.0", "--approval", "owner=@acme/ml,bob@example.org")


def test_keys_of_signers_that_are_not_there_are_told_before_there_is_a_tag(lifelint: Run, project: Path) -> None:
    commit(project, "owners", {"CODEOWNERS": "* @acme/ml\n"})
    options = ("release", "new", "1.0.0", "--dry-run", "--approval", "owner=@acme/ml")
    signed, claimed = (
        " ".join(lifelint(*options, "--evidence", kind, cwd=project).out.split())
        for kind in ("signed-tag", "https://example.org/1")
    )

    assert "? approval:owner unknown: no .allowed_signers at that commit says whose keys count" in signed
    assert "approval:owner" not in claimed
    assert lifelint(*options, "--evidence", "signed_tag").code == 2


def test_a_manifest_is_written_where_the_folder_is_that_one_is_in_and_inside_the_repository(
    lifelint: Run, project: Path
) -> None:
    below = project / "releases/next"
    below.mkdir(parents=True)
    ran = lifelint("release", "new", "1.0.0", "-o", "release.yaml", cwd=below)
    outside = lifelint("release", "new", "1.1.0", "-o", "../../../release.yaml")

    assert (ran.code, outside.code) == (0, 2), ran.out + ran.err
    assert (below / "release.yaml").exists()
    assert "is not inside" in outside.err
    assert not (project.parent / "release.yaml").exists()


def test_a_manifest_that_git_does_not_track_yet_is_told(lifelint: Run, project: Path) -> None:
    assert lifelint("release", "new", "1.0.0", cwd=project).code == 0

    for word in ("1.0.0", "releases/1.0.0/release.yaml"):
        ran = lifelint("release", "verify", word)
        assert ran.code == 2
        assert "releases/1.0.0/release.yaml is no release manifest that git tracks here" in ran.err
    git(project, "add", "releases")
    assert lifelint("release", "verify", "1.0.0").code == 0


def test_no_link_out_of_the_repository_is_followed(lifelint: Run, project: Path) -> None:
    (project / "releases").symlink_to(project.parent)
    ran = lifelint("release", "new", "1.0.0", cwd=project)

    assert ran.code == 2
    assert "there is a symbolic link on the way" in ran.err
    assert not (project.parent / "1.0.0").exists()


def test_who_may_approve_is_unknown_where_nobody_owns_anything(lifelint: Run, project: Path) -> None:
    ran = lifelint("release", "new", "1.0.0", "--approval", "owner=@acme/ml", cwd=project)

    assert ran.code == 0
    assert "? approval:owner unknown: who owns data and models cannot be told" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("tags", "options", "name", "tag"),
    [
        (["churn@v0.9.0"], (), "churn", "churn@v1.0.0"),
        (["churn@0.9.0", "0.1.0", "0.2.0"], (), "churn", "churn@1.0.0"),
        (["churn@v0.9.0"], ("--name", "fraud"), "fraud", "fraud@v1.0.0"),
        (["other@v0.9.0", "0.9.0"], ("--name", "fraud"), "fraud", "1.0.0"),
    ],
)
def test_tags_tell_the_name_of_a_release_and_its_tag(
    lifelint: Run, project: Path, tags: list[str], options: tuple[str, ...], name: str, tag: str
) -> None:
    commit(project, "no package", {"pyproject.toml": ""})
    for each in tags:
        git(project, "tag", each)
    ran = lifelint("release", "new", "1.0.0", *options, cwd=project)

    assert ran.code == 0, ran.out
    release = made(project, "1.0.0")["release"]
    assert release == {"name": name, "version": "1.0.0", "tag": tag}


def test_a_release_approved_by_its_tag_is_to_be_signed(lifelint: Run, project: Path) -> None:
    assert "git tag -s v1.0.0" in lifelint("release", "new", "1.0.0", "--approval", "owner=@a", cwd=project).out


def test_a_release_may_rest_on_checks_of_its_data_too(lifelint: Run, project: Path) -> None:
    results = {**CHECKED, "results": CHECKED["results"][:5]}
    gates = f"{GATES}- {{metric: tests_fail, op: '==', threshold: 0}}\n"
    commit(project, "checks", {"target/run_results.json": json.dumps(results), "gates.yaml": gates})
    options = ["--metrics", "target/run_results.json", "--sidecar", "--data", "train=data/train.csv"]
    assert lifelint("evaluation", "new", *options, cwd=project).code == 0
    commit(project, "subject", {})
    released(lifelint, project, "1.0.0")
    verdicts = told(project)

    assert {"evaluation:metrics.json:gates", "evaluation:target/run_results.json:subject"} <= verdicts.keys()
    assert "evaluation:target/run_results.json:training-data" not in verdicts, "training data may be checked"
    assert set(verdicts.values()) == {True}, verdicts

"""Releases in real git histories: an untouched one holds, and each tampering is told by the field it touches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Facts, Source, Unreadable
from lifelint.facts.proof import Verdict, fingerprint
from lifelint.facts.releases.document import MANIFEST, Release, parse
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git
from tests.facts.test_evaluations import OLD, TEST, commit, head, pointer, report

TRAIN, OTHER = "c" * 32, "d" * 32
LOCK = "numpy==1.26.4\n"
PATH = "releases/1.0.0/release.yaml"
GATES = 'schema: gates/v1\ngates:\n- {metric: auc, op: ">=", threshold: 0.9}\n'
JUDGED = "evaluation:eval.json"


def sha(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def manifest(commit: str, judged: str, **more: Any) -> str:
    said = {"version": "1.0.0", "lock": sha(LOCK), "train": TRAIN, "test": TEST, "model": OLD, "previous": "none"}
    said |= {"result": "pass", "printed": "", "by": "@acme/ml", "person": "bob@example.org", "evidence": "signed-tag"}
    said |= {"tag": f"v{more.get('version', '1.0.0')}", **more}
    return f"""schema: {MANIFEST}
release: {{name: churn, version: {said["version"]}, tag: {said["tag"]}}}
source: {{commit: "{commit}"{said["printed"]}}}
environment: [{{path: requirements.txt, digest: "{said["lock"]}"}}]
data:
- {{name: train, role: train, pointer: train.csv.dvc, version: "md5:{said["train"]}"}}
- {{name: test, role: test, pointer: test.csv.dvc, version: "md5:{said["test"]}"}}
model: [{{name: m, pointer: m.onnx.dvc, digest: "md5:{said["model"]}"}}]
evaluation: [{{report: eval.json, digest: "{sha(judged)}", gates: gates.yaml, result: {said["result"]}}}]
approvals: [{{role: owner, by: "{said["by"]}", person: {said["person"]}, evidence: "{said["evidence"]}"}}]
rollback: {{previous: {said["previous"]}}}
"""


@pytest.fixture
def folder(tmp_path: Path, keys: Path) -> Path:
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "-q")
    git(place, "config", "gpg.format", "ssh")
    git(place, "config", "user.signingKey", str(keys / "bob"))
    pointers = {f"{name}.dvc": pointer(name, md5) for name, md5 in (("m.onnx", OLD), ("test.csv", TEST))}
    pointers["train.csv.dvc"] = pointer("train.csv", TRAIN)
    pointers["CODEOWNERS"] = "* @acme/all\n*.dvc @acme/ml\n"
    pointers[".allowed_signers"] = f"bob@example.org {(keys / 'bob.pub').read_text()}"
    commit(place, "model", {**pointers, "requirements.txt": LOCK, "gates.yaml": GATES})
    return place


def release(folder: Path, judged: str = "", source: str = "", message: str = "release", **more: Any) -> None:
    built = source or head(folder)
    judged = judged or report(built)
    commit(folder, message, {"eval.json": judged, PATH: manifest(built, judged, **more)})
    sign(folder, "v1.0.0")


def sign(folder: Path, tag: str, *args: str) -> None:
    git(folder, "tag", "-s", "-m", f"Release {tag}", tag, *args)


def verdicts(folder: Path, path: str = PATH) -> Sequence[Verdict]:
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        [found] = [r for r in Facts(Source(snapshot))["releases"].items if r.path == path]
    assert isinstance(found, Release)
    return found.verdicts


def told(folder: Path, path: str = PATH) -> dict[str, bool | None]:
    return {verdict.field: verdict.holds for verdict in verdicts(folder, path)}


def refuted(folder: Path) -> set[str]:
    return {field for field, holds in told(folder).items() if holds is not True}


def test_an_untouched_release_holds_in_every_field(folder: Path) -> None:
    release(folder)

    assert told(folder) == dict.fromkeys(
        ["source.commit", "release.version", "release.tag", "environment:requirements.txt", "data:train", "data:test",
         "model:m", *(f"{JUDGED}:{part}" for part in ("digest", "commit", "subject", "training-data", "gates")),
         "approval:owner", "approvals", "rollback.previous"],
        True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"lock": sha("other")}, {"environment:requirements.txt"}),
        ({"train": OTHER}, {"data:train"}),
        ({"test": OTHER}, {"data:test"}),
        ({"model": OTHER}, {"model:m"}),
        ({"result": "fail"}, {f"{JUDGED}:gates"}),
        ({"previous": "0.9.0"}, {"rollback.previous"}),
        ({"source": "9" * 40}, None),
    ],
)
def test_a_manifest_that_names_something_else_is_refuted_there(
    folder: Path, more: dict[str, Any], fields: set[str] | None
) -> None:
    release(folder, report(head(folder)), **more)

    if fields is None:
        assert told(folder)["source.commit"] is False
    else:
        assert refuted(folder) == fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda text: text.replace("0.91", "0.89"), "gates"),
        (lambda text: text.replace("0.91", "NaN"), "gates"),
        (lambda text: text.replace('"auc"', '"f1"'), "gates"),
        (lambda text: text.replace(OLD, OTHER), "subject"),
        (lambda text: text.replace(TEST, OTHER), "subject"),
        (lambda text: text.replace(TEST, TRAIN), "training-data"),
    ],
)
def test_a_report_that_does_not_carry_the_release_is_refuted(
    folder: Path, change: Callable[[str], str], field: str
) -> None:
    release(folder, change(report(head(folder))))

    assert refuted(folder) == {f"{JUDGED}:{field}"}


def test_a_threshold_loosened_with_the_release_does_not_count(folder: Path) -> None:
    built = head(folder)
    commit(folder, "loosen", {"gates.yaml": GATES.replace("0.9", "0.5")})
    release(folder, report(built).replace("0.91", "0.8"), built)

    assert refuted(folder) == {f"{JUDGED}:gates"}


def test_a_manifest_edited_after_its_tag_is_told_by_the_tag_alone(folder: Path) -> None:
    release(folder)
    commit(folder, "edit", {PATH: (folder / PATH).read_text() + "# better\n"})

    assert refuted(folder) == {"release.tag"}


def test_a_tag_moved_to_before_the_manifest_is_told(folder: Path) -> None:
    release(folder)
    sign(folder, "v1.0.0", "-f", "HEAD~1")

    assert told(folder)["release.tag"] is False


def test_a_deleted_manifest_is_told(folder: Path) -> None:
    release(folder)
    git(folder, "rm", "-q", PATH)
    git(folder, "commit", "-q", "-m", "delete")

    assert told(folder) == {"release.tag": False}


def test_what_changes_after_a_release_leaves_it_alone(folder: Path) -> None:
    release(folder)
    later = {"eval.json": report(head(folder), OTHER), "requirements.txt": "numpy==2\n", "gates.yaml": ""}
    commit(folder, "go on", {**later, "m.onnx.dvc": pointer("m.onnx", OTHER)})

    assert refuted(folder) == set()


def test_a_rollback_target_deleted_later_is_told(folder: Path) -> None:
    release(folder)
    judged, second = report(head(folder)), "releases/1.1.0/release.yaml"
    more = manifest(head(folder), judged, version="1.1.0", previous="1.0.0")
    commit(folder, "release", {"eval.json": judged, second: more})
    sign(folder, "v1.1.0")
    assert set(told(folder, second).values()) == {True}

    git(folder, "rm", "-q", PATH)
    git(folder, "commit", "-q", "-m", "delete")

    assert {field for field, holds in told(folder, second).items() if not holds} == {"rollback.previous"}


def test_a_shallow_clone_refutes_nothing(folder: Path, tmp_path: Path) -> None:
    release(folder)
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")

    assert False not in told(tmp_path / "shallow").values()
    assert told(tmp_path / "shallow")["source.commit"] is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"schema: {MANIFEST}\n{text}".encode()))
def test_hostile_bytes_are_unreadable_or_no_manifest(data: bytes) -> None:
    try:
        parse(data)
    except Unreadable:
        pass


def test_an_evaluation_of_a_commit_that_a_squash_left_behind_is_known_by_its_fingerprint(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "work")
    commit(folder, "better", {"src/a.py": "2"})
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        printed = fingerprint(snapshot.entries, ["src"])
    judged = report(head(folder), fingerprint=printed, paths=["src"])
    bare = report(head(folder))
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--squash", "work")
    git(folder, "commit", "-q", "-m", "squashed")
    git(folder, "branch", "-q", "-D", "work")
    git(folder, "reflog", "expire", "--expire=now", "--all")
    git(folder, "gc", "-q", "--prune=now")

    release(folder, judged)
    assert told(folder)[f"{JUDGED}:commit"] is True
    git(folder, "tag", "-d", "v1.0.0")
    release(folder, bare, source=git(folder, "rev-parse", "HEAD~1"))
    assert told(folder)[f"{JUDGED}:commit"] is False


def test_a_release_after_another_is_not_the_first(folder: Path) -> None:
    release(folder)
    built = head(folder)
    judged = report(built)
    later = "releases/1.1.0/release.yaml"
    commit(folder, "again", {"eval.json": judged, later: manifest(built, judged, version="1.1.0")})
    sign(folder, "v1.1.0")

    assert told(folder, later)["rollback.previous"] is False
    assert told(folder)["rollback.previous"] is True


def test_a_shallow_clone_does_not_know_whether_a_release_was_the_first(folder: Path, tmp_path: Path) -> None:
    release(folder)
    later = (folder / PATH).read_text().replace("1.0.0", "1.1.0").replace("previous: none", "previous: 1.0.0")
    commit(folder, "release", {"releases/1.1.0/release.yaml": later})
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")

    assert told(tmp_path / "shallow")["rollback.previous"] is None

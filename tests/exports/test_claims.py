"""Only what git proved is claimed."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from lifelint.facts.proof import fingerprint
from lifelint.facts.releases.digests import digest_set, hashes, swhid
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git
from tests.exports.conftest import MODEL, PATH, TEST, claimed, commit, manifest, refused, release, report


def test_all_of_an_untouched_release_is_claimed(folder: Path) -> None:
    built = release(folder)

    found = claimed(folder)

    assert found.left_out == ()
    assert found.commit == built
    assert [part.name for part in (*found.environment, *found.data, *found.models)] == [
        "requirements.txt", f"ghcr.io/acme/train@sha256:{'e' * 64}", "train", "test", "m.onnx",
    ]  # fmt: skip
    assert [(gate.metric, gate.slice, gate.holds) for gate in found.assessments[0].gates] == [
        ("auc", "", True),
        ("auc", "region=EU", True),
    ]
    assert {
        "SOURCE_COMMIT", "RELEASE_TAG", "ENVIRONMENT", "DATA", "MODEL", "ROLLBACK_PREVIOUS",
        *(f"EVALUATION_{part}" for part in ("DIGEST", "COMMIT", "SUBJECT", "TRAINING_DATA", "GATES")),
    } <= set(found.properties)  # fmt: skip


def test_the_time_is_the_manifests_and_never_later_than_its_commit(folder: Path) -> None:
    release(folder)
    assert claimed(folder).time == "2025-12-31T22:00:00Z"

    said = json.loads((folder / PATH).read_text())
    said["release"] |= {"version": "2.0.0", "tag": "v2.0.0", "created": "2999-01-01T00:00:00Z"}
    said["rollback"] = {"previous": "1.0.0"}
    commit(folder, "next", {"releases/2.0.0/release.yaml": json.dumps(said)})
    git(folder, "tag", "v2.0.0")
    assert claimed(folder, "2.0.0").time == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("created", ["yesterday", "2025-12-31", "2025-12-31T23:00:00", "0001-01-01T00:00:00+14:00", ""])
def test_what_is_no_point_in_time_gives_way_to_the_commits_date(folder: Path, created: str) -> None:
    release(folder, release={"name": "churn", "version": "1.0.0", "tag": "v1.0.0", "created": created})

    assert claimed(folder).time == "2026-01-01T00:00:00Z"


def test_a_commit_from_beyond_all_calendars_has_the_last_time_there_is(folder: Path) -> None:
    release(folder, tag="", release={"name": "churn", "version": "1.0.0"})
    made = git(folder, "cat-file", "commit", "HEAD").replace("1767225600", "99999999999999")
    (folder.parent / "made").write_text(f"{made}\n")
    made = git(folder, "hash-object", "-t", "commit", "-w", "--literally", str(folder.parent / "made"))
    git(folder, "reset", "-q", "--hard", made)

    assert claimed(folder).time == "9999-12-31T23:59:59Z"


def test_a_part_that_git_cannot_tell_is_left_out_and_told(folder: Path) -> None:
    hub = {"name": "prior", "role": "train", "uri": "hf://datasets/a/b", "version": f"hf:{'1' * 40}"}
    built = git(folder, "rev-parse", "HEAD")
    release(folder, data=[*manifest(built, "")["data"], hub])

    found = claimed(folder)

    assert [part.name for part in found.data] == ["train", "test"]
    assert [text.partition(": ")[0] for text in found.left_out] == ["data:prior"]
    assert "DATA" not in found.properties
    assert "MODEL" in found.properties


def test_a_report_of_whose_subject_nothing_is_known_proves_nothing(folder: Path) -> None:
    release(folder)
    shallow = folder.parent / "shallow"
    git(folder.parent, "clone", "-q", "--depth", "1", f"file://{folder}", str(shallow))

    found = claimed(shallow)

    assert (found.commit, found.models, found.assessments) == ("", (), ())
    assert any(text.startswith("source.commit: ") for text in found.left_out)


def test_the_stages_that_led_to_a_model_are_claimed_and_no_others(folder: Path) -> None:
    made = f"outs: [{{path: clean, hash: md5, md5: {'7' * 32}}}]"
    read = f"deps: [{{path: clean, hash: md5, md5: {'7' * 32}}}]"
    older = f"deps: [{{path: clean, hash: md5, md5: {'8' * 32}}}]"
    model = f"outs: [{{path: m.onnx, hash: md5, md5: {MODEL}}}]"
    stages = f"  clean: {{cmd: c, {made}}}\n  train: {{cmd: t, {read}, {model}}}\n  plot: {{cmd: p, {older}}}\n"
    commit(folder, "stages", {"dvc.lock": f"schema: '2.0'\nstages:\n{stages}"})
    release(folder)

    assert [ran.address for ran in claimed(folder).ran] == ["dvc.lock#clean", "dvc.lock#train"]


def test_a_draft_without_a_tag_tells_that_it_has_none(folder: Path) -> None:
    release(folder, tag="")

    found = claimed(folder)

    assert found.left_out == ("release.tag: there is no tag of this release",)
    assert "RELEASE_TAG" not in found.properties


def test_a_commit_that_was_squashed_away_is_claimed_as_the_one_that_stands_for_it(folder: Path) -> None:
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        printed = fingerprint(snapshot.entries, ["train.py", "dvc.lock"])
    gone = "9" * 40
    subject = {"fingerprint": printed, "paths": ["train.py", "dvc.lock"]}
    source = {"commit": gone, "fingerprint": printed, "paths": ["train.py", "dvc.lock"]}
    built = release(folder, report(gone, **subject), source=source)

    found = claimed(folder)

    assert (found.commit, found.release.commit) == (built, gone)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"model": [{"name": "m", "pointer": "dvc.lock#train:m.onnx", "digest": f"md5:{'f' * 32}"}]}, "model:m"),
        ({"environment": [{"image": "ghcr.io/acme/train:latest"}]}, "environment:ghcr.io/acme/train:latest"),
        ({"rollback": {"previous": "0.9.0"}}, "rollback.previous"),
    ],
)
def test_a_refuted_release_is_refused_with_the_field(folder: Path, changed: dict[str, object], field: str) -> None:
    release(folder, **changed)

    assert any(text.startswith(f"{field}: ") for text in refused(folder))


def test_a_manifest_that_no_commit_holds_is_refused(folder: Path) -> None:
    built = git(folder, "rev-parse", "HEAD")
    judged = report(built)
    commit(folder, "report", {"eval.json": judged})
    (folder / "releases/1.0.0").mkdir(parents=True)
    (folder / PATH).write_text(json.dumps(manifest(built, judged)))
    git(folder, "add", "-A")

    assert refused(folder) == ["its manifest is in no commit that is here"]


def test_a_manifest_that_was_edited_and_not_committed_is_refused(folder: Path) -> None:
    release(folder, tag="")
    (folder / PATH).write_text((folder / PATH).read_text() + "\n")

    assert refused(folder) == ["its manifest has changes that are in no commit"]


def test_two_parts_of_one_name_are_told_apart(folder: Path) -> None:
    built = git(folder, "rev-parse", "HEAD")
    [train, test] = manifest(built, "")["data"]
    lines = [json.dumps({**part, "name": "d"}) for part in (train, {**test, "pointer": "", "uri": "s3://b/test"})]
    judged = report(built)
    said = manifest(built, judged, data=[]) | {"data": "DATA"}
    text = json.dumps(said).replace('"DATA"', f"[{lines[0]},\n{lines[1]}]")
    commit(folder, "release", {"eval.json": judged, PATH: text})
    git(folder, "tag", "v1.0.0")

    assert [part.role for part in claimed(folder).data] == ["train"]


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        (f"md5:{MODEL}", {"md5": MODEL}),
        (f"md5:{TEST}", {"dvcDirMd5": "b" * 32}),
        (f"git:{'1' * 40}", {"gitBlob": "1" * 40}),
        (f"sha256:{'A' * 64}", {}),
        ("sha256:abc", {}),
        ("md5:x.dir", {}),
        ("etag:abc-1", {"etag": "abc-1"}),
        ("etag:", {}),
        ("etag:a\nb", {}),
        ("no digest", {}),
        ("", {}),
    ],
)
def test_digests_take_the_forms_that_others_know(digest: str, expected: dict[str, str]) -> None:
    assert digest_set(digest) == expected


def test_only_digests_of_content_are_hashes() -> None:
    assert hashes(f"md5:{MODEL}") == [{"alg": "MD5", "content": MODEL}]
    assert hashes(f"md5:{TEST}") == hashes("etag:abc") == hashes(f"git:{'1' * 40}") == []
    assert swhid(f"git:{'1' * 40}") == [f"swh:1:cnt:{'1' * 40}"]
    assert swhid(f"git:{'1' * 64}") == swhid(f"md5:{MODEL}") == []

"""What was exported of a release is recognised where it lies in the repository: it is about what was released."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from lifelint.exports import cyclonedx, intoto
from lifelint.facts import Facts, Source
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git
from tests.exports.conftest import MODEL, TEST, claimed, commit, release, report

AT = "releases/1.0.0"
MODELS = {
    "a file of a stage": ("dvc.lock#train:m.onnx", f"md5:{MODEL}"),
    "a folder of DVC": ("test.dvc", f"md5:{TEST}"),
    "a file in git": ("train.py", "git:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
}


def exported(folder: Path, place: str, digest: str) -> None:
    """Commits a release of one model, and beside its manifest all that can be exported of it."""
    judged = report(git(folder, "rev-parse", "HEAD"), models=[{"name": "m", "digest": digest}])
    release(folder, judged, model=[{"name": "m", "pointer": place, "digest": digest}])
    claims = claimed(folder)
    texts = {f"{name}.intoto.jsonl": intoto.render(claims, [name]) for name in intoto.PREDICATES}
    assert all(texts.values())
    texts |= {"svr.json": texts["svr.intoto.jsonl"], "churn.cdx.json": cyclonedx.render(claims)}
    commit(folder, "export", {f"{AT}/{name}": text for name, text in texts.items()})


def told(folder: Path) -> dict[str, bool | None]:
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        found = Facts(Source(snapshot))["attestations"].items
    assert len(found) == len({each.path for each in found})
    return {each.path.removeprefix(f"{AT}/"): each.holds for each in found}


NAMES = ["churn.cdx.json", "slsa-provenance.intoto.jsonl", "svr.intoto.jsonl", "svr.json", "test-result.intoto.jsonl"]


@pytest.mark.parametrize("kind", MODELS)
def test_what_was_exported_is_about_what_was_released(folder: Path, kind: str) -> None:
    exported(folder, *MODELS[kind])

    assert told(folder) == dict.fromkeys(NAMES, True)


@pytest.mark.parametrize("kind", MODELS)
def test_what_was_exported_is_not_about_what_is_in_the_manifest_now(folder: Path, kind: str) -> None:
    place, digest = MODELS[kind]
    exported(folder, place, digest)
    path = folder / AT / "release.yaml"
    other = f"{digest.partition(':')[0]}:{digest.partition(':')[2].translate(str.maketrans('0123abe', '9876cdf'))}"
    said = json.loads(path.read_text())
    said["model"][0]["digest"] = other
    commit(folder, "tamper", {f"{AT}/release.yaml": json.dumps(said)})

    assert told(folder) == dict.fromkeys(NAMES, False)

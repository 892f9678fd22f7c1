"""A project whose release has all that can be exported, made in a real git repository."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from lifelint.exports.assessments import Assessment
from lifelint.exports.claims import Claims, claims, refusals
from lifelint.exports.stages import Ran
from lifelint.facts import Facts, Source
from lifelint.facts.evaluation.noun import Gate, Metric
from lifelint.facts.releases.document import Part, Release
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write

MODEL, TRAIN, TEST = "a" * 32, "c" * 32, f"{'b' * 32}.dir"
IMAGE = f"ghcr.io/acme/train@sha256:{'e' * 64}"
LOCK = "numpy==1.26.4\n"
PATH = "releases/1.0.0/release.yaml"
GATES = """schema: gates/v1
gates:
- {metric: auc, op: ">=", threshold: 0.9}
- {metric: auc, slice: region=EU, op: ">=", threshold: 0.8}
"""
PIPELINE = "stages: {train: {cmd: python train.py, deps: [train.csv], params: [lr], outs: [m.onnx]}}\n"
RAN = f"""schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {{path: train.csv, hash: md5, md5: {TRAIN}, size: 10}}
    params:
      params.yaml:
        lr: 0.1
    outs:
    - {{path: m.onnx, hash: md5, md5: {MODEL}, size: 10}}
"""


def sha(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def pointer(path: str, md5: str) -> str:
    return f"outs:\n- md5: {md5}\n  size: 10\n  hash: md5\n  path: {path}\n"


FILES = {
    "dvc.yaml": PIPELINE,
    "dvc.lock": RAN,
    "params.yaml": "lr: 0.1\n",
    "train.py": "",
    "train.csv.dvc": pointer("train.csv", TRAIN),
    "test.dvc": pointer("test", TEST),
    "requirements.txt": LOCK,
    "gates.yaml": GATES,
}


def report(commit: str, **subject: Any) -> str:
    about = {
        "commit": commit,
        "models": [{"name": "m", "digest": f"md5:{MODEL}"}],
        "datasets": [{"name": "test", "role": "test", "pointer": "test.dvc", "version": f"md5:{TEST}"}],
        **subject,
    }
    metrics = [
        {"name": "auc", "value": 0.91, "ci": [0.9, 0.92]},
        {"name": "auc", "slice": "region=EU", "value": 0.88},
        {"name": "latency_p95_ms", "kind": "operational", "value": 41, "dataset": "test"},
        {"name": "loss", "value": "nan"},
    ]
    return json.dumps({"schema": "evaluation-report/v1", "subject": about, "metrics": metrics})


def manifest(commit: str, judged: str, **changed: Any) -> Mapping[str, Any]:
    said = {
        "schema": "release-manifest/v1",
        "release": {"name": "churn", "version": "1.0.0", "tag": "v1.0.0", "created": "2025-12-31T23:00:00+01:00"},
        "source": {"commit": commit, "paths": ["train.py", "dvc.lock"]},
        "environment": [{"path": "requirements.txt", "digest": sha(LOCK)}, {"image": IMAGE}],
        "data": [
            {"name": "train", "role": "train", "pointer": "train.csv.dvc", "version": f"md5:{TRAIN}"},
            {"name": "test", "role": "test", "pointer": "test.dvc", "version": f"md5:{TEST}"},
        ],
        "model": [{"name": "m.onnx", "pointer": "dvc.lock#train:m.onnx", "digest": f"md5:{MODEL}"}],
        "evaluation": [{"report": "eval.json", "digest": sha(judged), "gates": "gates.yaml", "result": "pass"}],
        "rollback": {"previous": "none"},
    }
    return {**said, **changed}


def commit(folder: Path, message: str, files: Mapping[str, str]) -> str:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project before its release."""
    place = tmp_path / "repository"
    place.mkdir()
    git(place, "init", "-q")
    commit(place, "model", FILES)
    return place


def release(folder: Path, judged: str = "", tag: str = "v1.0.0", **changed: Any) -> str:
    """Commits and tags the release; gives the commit that it was built from."""
    built = git(folder, "rev-parse", "HEAD")
    judged = judged or report(built)
    said = manifest(built, judged, **changed)
    commit(folder, "release", {"eval.json": judged, PATH: json.dumps(said)})
    if tag:
        git(folder, "tag", tag)
    return built


@contextmanager
def read(folder: Path, version: str = "1.0.0") -> Iterator[tuple[Release, Source]]:
    with closing(open_snapshot([str(folder)]).snapshot) as snapshot:
        source = Source(snapshot)
        [found] = [r for r in Facts(source)["releases"].items if r.version == version]
        yield found, source


def claimed(folder: Path, version: str = "1.0.0") -> Claims:
    """What may be claimed of a release that nothing refutes."""
    with read(folder, version) as (found, source):
        assert refusals(found, source) == []
        return claims(found, source)


def refused(folder: Path) -> Sequence[str]:
    with read(folder) as (found, source):
        return refusals(found, source)


HOSTILE = st.text(st.characters(exclude_categories=[]), max_size=20) | st.sampled_from(["x" * 5000, "\x1b[31m\u202e"])
"""Names that strangers may choose, with control characters and halves of characters among them."""


def hostile(name: str, place: str, value: Any) -> Claims:
    """Claims with the texts of strangers wherever there can be some."""
    part = Part(name, place, f"md5:{MODEL}", 1, name)
    released = Release(place, 1, name, name, name, "1" * 40, "", (place,), (part,), (part,), (part,), (), "none")
    gate = Gate(place, 1, name, ">=", 0.5, name, place, place, True, 0.9, True, "")
    metric = Metric(name, 0.5, 1, slice=place, dataset=name, interval=(0.1, 0.9))
    judged = Assessment(place, sha(""), (part,), (metric,), place, sha(""), (gate,))
    ran = Ran(f"{place}#{name}", (name,), {place: {name: value}})
    time, built = "2026-01-01T00:00:00Z", "1" * 40
    parts = (part,)
    owners = {place: (name, f"@{name}", f"{name}@{place}.x")}
    return Claims(released, built, time, sha(""), parts, parts, parts, (ran,), (judged,), ("MODEL",), (), owners)

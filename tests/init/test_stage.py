"""The stage that is guessed, and what it is guessed from."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifelint.facts import Facts, Source
from lifelint.init.stage import guessed, printable
from tests.conftest import facts_of, git
from tests.fix.conftest import committed, opened

CODE = {"requirements.txt": "torch==2.1.0\n", "train.py": "import torch\n"}
SERVED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: churn}
spec: {template: {spec: {containers: [{name: api, image: "registry.example.org/churn:1.2"}]}}}
"""
RELEASE = f"""\
schema: release-manifest/v1
release: {{name: churn, version: 1.4.0, tag: v1.4.0}}
source: {{commit: "{"1" * 40}"}}
environment: [{{path: requirements.txt, digest: "sha256:{"e" * 64}"}}]
data: [{{name: train, role: train, pointer: train.csv.dvc, version: "md5:{"c" * 32}"}}]
model: [{{name: model.onnx, pointer: m.onnx.dvc, digest: "md5:{"a" * 32}"}}]
rollback: {{previous: none}}
"""
MANIFEST = {"releases/1.4.0/release.yaml": RELEASE}
SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: churn}
spec: {predictor: {model: {modelFormat: {name: onnx}, storageUri: "s3://models/churn/%s"}}}
"""


@pytest.mark.parametrize(
    ("files", "stage", "because"),
    [
        ({}, "exploring", "no release, no packaged model"),
        (CODE, "exploring", "no release, no packaged model"),
        ({**CODE, "k8s/api.yaml": SERVED}, "piloting", "k8s/api.yaml runs registry.example.org/churn:1.2"),
        ({"k8s/api.yaml": SERVED}, "exploring", "no release"),
        ({**CODE, "tests/k8s/api.yaml": SERVED}, "exploring", "no release"),
        ({**CODE, "cog.yaml": "predict: predict.py:P\n"}, "piloting", "cog.yaml packages a model"),
        (MANIFEST, "piloting", "releases/1.4.0/release.yaml is the manifest of a release"),
        ({**MANIFEST, "deploy/a.yaml": SERVICE % "v1.4.0"}, "operating", "deploy/a.yaml deploys s3://models/churn/v1."),
        ({**MANIFEST, "deploy/a.yaml": SERVICE % "latest"}, "piloting", "is the manifest of a release"),
    ],
)
def test_it_is_what_the_repository_speaks_for(files: dict[str, str], stage: str, because: str) -> None:
    guess = guessed(facts_of(files))

    assert guess.stage == stage
    assert because in guess.why


def test_of_a_library_is_said_what_it_is() -> None:
    project = """\
[project]
name = "nets"
version = "1"
classifiers = ["Typing :: Typed"]
dependencies = ["torch"]
[build-system]
requires = ["hatchling"]
"""
    guess = guessed(facts_of({"pyproject.toml": project, "src/nets/train.py": "import torch\n"}))

    assert guess == ("exploring", "this is a library, and no release of a model was found")


def test_no_name_breaks_out_of_a_line() -> None:
    assert printable('a\n[tool.x]\x1b\u202e\u2028"é\udcff') == 'a?[tool.x]???"é\\udcff'


@pytest.mark.parametrize(
    ("tag", "stage"),
    [("v1.2.0", "piloting"), ("churn-2.0", "piloting"), ("3-config", "exploring"), ("v2.0.0rc1", "exploring")],
)
def test_a_version_of_what_trains_and_keeps_a_model(tmp_path: Path, tag: str, stage: str) -> None:
    folder = committed(tmp_path / "r", {**CODE, "model.pt.dvc": f"outs:\n- {{md5: {'a' * 32}, path: model.pt}}\n"})
    git(folder, "tag", tag)
    with opened(folder) as (snapshot, _):
        assert guessed(Facts(Source(snapshot))).stage == stage

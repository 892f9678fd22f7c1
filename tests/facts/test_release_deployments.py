"""What deployment manifests name, and whether that is of a release."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.releases.document import Release, parse
from lifelint.facts.releases.pinned import image, model
from tests.conftest import facts_of
from tests.facts.test_releases import manifest

MANIFEST = manifest("1" * 40, "{}").replace("name: m,", "name: churn-model.onnx,")


def of(path: str, text: str, **more: str) -> dict[str, bool | None]:
    files = {"releases/1.0.0/release.yaml": MANIFEST, path: text, **more}
    return {found.reference: found.holds for found in facts_of(files)["deployments"].items}


@pytest.fixture
def released() -> Release:
    found = parse(MANIFEST.encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reference", "holds"),
    [
        ("s3://bucket/churn/1.0.0/", True),
        ("s3://bucket/churn/v1.0/model.onnx", True),
        ("gs://bucket/churn-1.0.0.tar.gz", True),
        ("s3://bucket-prod/churn/churn-v1.0.0", True),
        ("churn:1.0.0", True),
        (f"s3://dvc/files/md5/aa/{'a' * 30}", True),
        ("models:/churn/7", None),
        ("models:/churn@champion", False),
        ("models:/churn/Production", False),
        (f"hf://acme/churn:{'f' * 40}", None),
        ("hf://acme/churn:main", False),
        ("hf://acme/churn", False),
        ("pvc://volume/Churn_Model", False),
        ("s3://bucket/churn/1.0.1", False),
        ("s3://bucket/other/1.0.0", None),
        ("s3://bucket/churn/{{ .Values.version }}", None),
    ],
)
def test_addresses_of_models(released: Release, reference: str, holds: bool | None) -> None:
    assert model(reference, [released])[0] is holds


def test_images_of_other_repositories_are_let_be(released: Release) -> None:
    assert image("nginx:latest", [released]) is None


def test_resources_are_found_wherever_they_stand_in_a_file() -> None:
    text = """apiVersion: v1
kind: ConfigMap
data: {storageUri: "s3://bucket/churn/latest"}
---
apiVersion: mlops.seldon.io/v1alpha1
kind: Model
spec: {storageUri: "gs://bucket/churn/1.0.0"}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
spec:
  transformer: {containers: [{image: a}]}
  predictor: {sklearn: {storageUri: "gs://bucket/churn/v1"}}
"""

    assert of("k8s/all.yaml", text) == {"gs://bucket/churn/1.0.0": True, "gs://bucket/churn/v1": True}


@pytest.mark.parametrize("folder", ["deploy/dev", "overlays/staging", "samples", "k8s/test"])
def test_what_is_not_for_production_is_left_out(folder: str) -> None:
    text = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec: {predictor: {storageUri: churn}}\n"

    assert of(f"{folder}/a.yaml", text) == {}
    assert of("deploy/a.yaml", text) == {"churn": False}


def test_a_template_says_nothing_and_breaks_nothing() -> None:
    made = facts_of(
        {"releases/1.0.0/release.yaml": MANIFEST, "deploy/a.yaml": "{{- if x }}\nstorageUri: a\n{{ end }}\n"}
    )

    assert made["deployments"] == ((), ())


def test_flux_is_asked_only_for_the_repository_of_the_release() -> None:
    text = """apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
spec: {url: "https://git.example.org/acme/%s.git", ref: {tag: v9.0.0}}
"""

    assert of("flux.yaml", text % "churn") == {"v9.0.0": False}
    assert of("flux.yaml", text % "tools") == {}


@given(st.text("apiVersionkndsc:{}[]-&*!|>\n \"'{{storageUri", max_size=120))
def test_hostile_manifests_break_nothing(text: str) -> None:
    names = ("kustomization.yaml", "bentofile.yaml", "chart/values.yaml", "deploy/a.yaml")
    files = dict.fromkeys(names, f"{text} storageUri")
    facts_of({"releases/1.0.0/release.yaml": MANIFEST, "chart/Chart.yaml": "", **files})["deployments"]


@given(st.text(max_size=60))
def test_any_reference_is_judged(reference: str) -> None:
    found = parse(MANIFEST.encode())
    assert found is not None

    assert model(reference, [found])[0] in (True, False, None)
    image(reference, [found])

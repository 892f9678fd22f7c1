"""ML-BOMs against the official schema, and as an independent tool reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.model import HashAlgorithm
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings

from lifelint.exports import cyclonedx
from lifelint.exports.claims import Claims
from tests.conftest import git
from tests.exports import conftest as repo

VALIDATORS = [JsonStrictValidator(version) for version in (SchemaVersion.V1_6, SchemaVersion.V1_7)]


def bom(claims: Claims) -> dict[str, Any]:
    """The ML-BOM, valid by the schema of its version and by that of the next one."""
    made: dict[str, Any] = json.loads(cyclonedx.render(claims))
    for validator, version in zip(VALIDATORS, ("1.6", "1.7"), strict=True):
        error = validator.validate_str(json.dumps({**made, "specVersion": version}))
        assert error is None, error
    refs = [each["bom-ref"] for each in (*made["components"], made["metadata"]["component"])]
    named = {ref for each in made["dependencies"] for ref in (each["ref"], *each["dependsOn"])}
    assert len(refs) == len(set(refs))
    assert named <= set(refs)
    return made


def components(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in made["components"] if each["type"] == kind]


def test_the_model_has_its_hash_its_commit_and_its_card(folder: Path) -> None:
    built = repo.release(folder)

    [model] = components(bom(repo.claimed(folder)), "machine-learning-model")

    assert (model["name"], model["version"]) == ("m.onnx", "1.0.0")
    assert model["hashes"] == [{"alg": "MD5", "content": repo.MODEL}]
    assert model["pedigree"] == {"commits": [{"uid": built}]}
    assert model["modelCard"]["quantitativeAnalysis"]["performanceMetrics"] == [
        {"type": "auc", "value": "0.91", "confidenceInterval": {"lowerBound": "0.9", "upperBound": "0.92"}},
        {"type": "auc", "value": "0.88", "slice": "region=EU"},
        {"type": "latency_p95_ms", "value": "41.0", "slice": "dataset=test"},
    ]


def test_references_lead_to_the_report_the_gates_and_the_manifest(folder: Path) -> None:
    built = repo.release(folder)

    made = bom(repo.claimed(folder))

    [model] = components(made, "machine-learning-model")
    found = [*model["externalReferences"], *made["metadata"]["component"]["externalReferences"]]
    assert [(each["type"], each["url"], f"sha256:{each['hashes'][0]['content']}") for each in found] == [
        ("quality-metrics", "eval.json", repo.sha(repo.report(built))),
        ("configuration", "gates.yaml", repo.sha(repo.GATES)),
        ("evidence", repo.PATH, repo.sha((folder / repo.PATH).read_text())),
    ]


def test_data_and_environment_are_components(folder: Path) -> None:
    repo.release(folder)

    made = bom(repo.claimed(folder))

    assert [(each["name"], each["version"], each.get("hashes")) for each in components(made, "data")] == [
        ("train", f"md5:{repo.TRAIN}", [{"alg": "MD5", "content": repo.TRAIN}]),
        ("test", f"md5:{repo.TEST}", None),
    ]
    [lock], [image] = components(made, "file"), components(made, "container")
    assert (lock["name"], lock["hashes"]) == (
        "requirements.txt",
        [{"alg": "SHA-256", "content": repo.sha(repo.LOCK)[7:]}],
    )
    assert f"{image['name']}@{image['version']}" == repo.IMAGE


def test_data_has_the_owners_that_it_had_at_the_commit(folder: Path) -> None:
    said = "*.dvc @acme/data ada@example.org\n/test.dvc @bob\n"
    repo.commit(folder, "owners", {".github/CODEOWNERS": said})
    built = git(folder, "rev-parse", "HEAD")
    repo.commit(folder, "others", {".github/CODEOWNERS": "* @carol\n"})
    repo.release(folder, repo.report(built), source={"commit": built, "paths": ["train.py", "dvc.lock"]})

    owners = {
        each["name"]: each["data"][0]["governance"]["owners"] for each in components(bom(repo.claimed(folder)), "data")
    }

    assert owners == {
        "train": [{"organization": {"name": "@acme/data"}}, {"contact": {"email": "ada@example.org"}}],
        "test": [{"contact": {"name": "@bob"}}],
    }


def test_data_that_nobody_owns_has_no_governance(folder: Path) -> None:
    repo.release(folder)

    assert [each["data"][0] for each in components(bom(repo.claimed(folder)), "data")] == [
        {"type": "dataset", "name": "train"},
        {"type": "dataset", "name": "test"},
    ]


def test_a_model_depends_on_what_it_was_made_from_and_not_on_what_judged_it(folder: Path) -> None:
    repo.release(folder)

    made = bom(repo.claimed(folder))

    assert {each["ref"]: each["dependsOn"] for each in made["dependencies"]} == {
        "release": ["model-1", "environment-1", "environment-2"],
        "model-1": ["data-1"],
    }


def test_what_is_unknown_is_left_out_and_makes_it_incomplete(folder: Path) -> None:
    hub = {"name": "prior", "role": "train", "uri": "hf://datasets/a/b", "version": f"hf:{'1' * 40}"}
    repo.release(folder, data=[*repo.manifest("", "")["data"], hub])

    made = bom(repo.claimed(folder))

    assert "prior" not in json.dumps(made)
    assert made["compositions"] == [{"aggregate": "incomplete", "assemblies": ["release"]}]


def test_a_complete_release_says_nothing_of_being_incomplete(folder: Path) -> None:
    repo.release(folder)

    assert "compositions" not in bom(repo.claimed(folder))


def test_the_same_release_gives_the_same_bytes_and_another_another_serial_number(folder: Path) -> None:
    repo.release(folder)
    clone = folder.parent / "clone"
    git(folder.parent, "clone", "-q", f"file://{folder}", str(clone))
    first = repo.claimed(folder)

    assert cyclonedx.render(first) == cyclonedx.render(repo.claimed(clone))
    assert bom(first)["serialNumber"] != bom(first._replace(time="2026-01-01T00:00:00Z"))["serialNumber"]


@settings(max_examples=25)
@given(repo.HOSTILE, repo.HOSTILE)
def test_no_text_of_a_manifest_breaks_it(name: str, place: str) -> None:
    [model] = components(bom(repo.hostile(name, place, name)), "machine-learning-model")

    assert model["hashes"] == [{"alg": "MD5", "content": repo.MODEL}]
    assert not set("\x1b\u202e\n\ud800") & set(json.dumps(model, ensure_ascii=False))


READER = """
import json, sys
from lib4sbom.parser import SBOMParser
parser = SBOMParser(sbom_type="cyclonedx")
parser.parse_string(sys.stdin.read())
print(json.dumps([parser.get_packages(), parser.get_relationships()]))
"""


def test_an_independent_tool_reads_it_back(folder: Path) -> None:
    repo.release(folder)
    made = bom(repo.claimed(folder))
    for model in components(made, "machine-learning-model"):
        del model["modelCard"]["modelParameters"]  # lib4sbom 0.10 takes no reference for a dataset; the schema does

    # In a process of its own: it leaves files open, which is an error in the tests
    command = [sys.executable, "-c", READER]
    done = subprocess.run(command, input=json.dumps(made), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    packages, relations = json.loads(done.stdout)
    read = {each["name"]: each for each in packages}
    assert {name: each["type"] for name, each in read.items()} == {
        "m.onnx": "MACHINE-LEARNING-MODEL", "train": "DATA", "test": "DATA", "requirements.txt": "FILE",
        "ghcr.io/acme/train": "CONTAINER",
    }  # fmt: skip
    assert read["m.onnx"]["checksum"] == [["MD5", repo.MODEL]]
    assert read["m.onnx"]["modelCard"]["performance"] == [
        ["auc", "0.91", None, "0.9", "0.92"],
        ["auc", "0.88", "region=EU", None, None],
        ["latency_p95_ms", "41.0", "dataset=test", None, None],
    ]
    assert ("m.onnx", "DEPENDS_ON", "train") in [(each["source"], each["type"], each["target"]) for each in relations]


def test_the_official_library_reads_it_back(folder: Path) -> None:
    repo.release(folder)

    read = Bom.from_json(bom(repo.claimed(folder)))  # type: ignore[attr-defined]

    [model] = [each for each in read.components if each.type is ComponentType.MACHINE_LEARNING_MODEL]
    assert [(each.alg, each.content) for each in model.hashes] == [(HashAlgorithm.MD5, repo.MODEL)]
    assert {each.ref.value: sorted(d.ref.value for d in each.dependencies) for each in read.dependencies} == {
        "release": ["environment-1", "environment-2", "model-1"],
        "model-1": ["data-1"],
    }


@pytest.mark.parametrize("digest", ["etag:abc", f"git:{'1' * 40}"])
def test_a_version_that_is_no_hash_is_told_as_what_it_is(digest: str) -> None:
    claims = repo.hostile("m", "p", 1)
    part = claims.models[0]._replace(digest=digest)

    [data] = components(bom(claims._replace(data=(part,))), "data")

    assert "hashes" not in data
    assert data["version"] == digest

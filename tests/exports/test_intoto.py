"""Statements against the rules of the specification, and against in-toto's own protocol buffers, which know no other
field."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from lifelint.exports import intoto
from lifelint.exports.claims import Claims
from tests.conftest import git
from tests.exports import conftest as repo

RULES = jsonschema.Draft202012Validator(json.loads((Path(__file__).parent / "in-toto.schema.json").read_text()))
MESSAGES = {intoto.PROVENANCE: Provenance, intoto.TEST_RESULT: test_result_pb2.TestResult}
SUBJECT = [{"name": "m.onnx", "digest": {"md5": repo.MODEL}}]


def statements(claims: Claims, *predicates: str) -> list[dict[str, Any]]:
    """The exported Statements, each valid."""
    made = [json.loads(line) for line in intoto.render(claims, predicates).splitlines()]
    for each in made:
        RULES.validate(each)
        message = json_format.ParseDict(each, statement_pb2.Statement())
        Statement.copy_from_pb(message).validate()
        if each["predicateType"] in MESSAGES:
            json_format.ParseDict(each["predicate"], MESSAGES[each["predicateType"]]())
    return made


def one(folder: Path, predicate: str) -> dict[str, Any]:
    [made] = statements(repo.claimed(folder), predicate)
    assert made["subject"] == SUBJECT
    predicated: dict[str, Any] = made["predicate"]
    return predicated


def test_a_release_gives_one_statement_for_each_predicate(folder: Path) -> None:
    repo.release(folder)

    kinds = [made["predicateType"] for made in statements(repo.claimed(folder))]

    assert kinds == [intoto.PROVENANCE, intoto.TEST_RESULT, intoto.SVR]


def test_provenance_names_what_the_model_was_made_from_and_not_what_it_was_tested_on(folder: Path) -> None:
    built = repo.release(folder)

    definition = one(folder, "slsa-provenance")["buildDefinition"]

    assert definition["resolvedDependencies"] == [
        {"name": "source", "digest": {"gitCommit": built}},
        {
            "name": "requirements.txt",
            "digest": {"sha256": repo.sha(repo.LOCK)[7:]},
            "annotations": {"place": "requirements.txt"},
        },
        {"name": repo.IMAGE, "digest": {"sha256": "e" * 64}, "annotations": {"role": "image"}},
        {"name": "train", "digest": {"md5": repo.TRAIN}, "annotations": {"role": "train", "place": "train.csv.dvc"}},
    ]
    assert definition["externalParameters"] == {
        "paths": ["train.py", "dvc.lock"],
        "stages": [
            {"address": "dvc.lock#train", "command": "python train.py", "parameters": {"params.yaml": {"lr": 0.1}}}
        ],
    }


def test_a_test_result_names_the_gates_as_they_were_at_the_commit(folder: Path) -> None:
    built = git(folder, "rev-parse", "HEAD")
    repo.commit(folder, "loosen", {"gates.yaml": repo.GATES.replace("0.8}", "0.1}")})
    judged = repo.report(built)
    repo.release(folder, judged, source={"commit": built, "paths": ["train.py", "dvc.lock"]})

    assert one(folder, "test-result") == {
        "result": "PASSED",
        "configuration": [{"name": "gates.yaml", "digest": {"sha256": repo.sha(repo.GATES)[7:]}}],
        "passedTests": ["auc >= 0.9", "auc >= 0.8 [slice=region=EU]"],
        "failedTests": [],
    }


def test_a_verification_result_lists_what_was_verified(folder: Path) -> None:
    repo.release(folder)

    found = one(folder, "svr")

    assert found["verifier"]["policies"] == [{"name": "gates.yaml", "digest": {"sha256": repo.sha(repo.GATES)[7:]}}]
    assert found["timeCreated"] == "2025-12-31T22:00:00Z"
    assert {"LIFELINT_RELEASE_EVALUATION_GATES", "LIFELINT_RELEASE_MODEL", "LIFELINT_RELEASE_COMPLETE"} <= set(
        found["properties"]
    )


def test_what_is_unknown_is_in_no_statement(folder: Path) -> None:
    hub = {"name": "prior", "role": "train", "uri": "hf://datasets/a/b", "version": f"hf:{'1' * 40}"}
    repo.release(folder, data=[*repo.manifest("", "")["data"], hub])

    made = statements(repo.claimed(folder))

    assert "prior" not in json.dumps(made)
    assert not {"LIFELINT_RELEASE_DATA", "LIFELINT_RELEASE_COMPLETE"} & {*made[-1]["predicate"]["properties"]}


@pytest.mark.parametrize("recorded", [True, False])
def test_a_report_of_dvc_gives_a_test_result_if_the_lock_of_the_commit_records_it(folder: Path, recorded: bool) -> None:
    judged = json.dumps({"auc": 0.95})
    md5 = hashlib.md5(judged.encode()).hexdigest()
    stage = "  judge: {cmd: judge, deps: [m.onnx, test], metrics: [{eval.json: {cache: false}}]}\n"
    defined = f"stages:\n  train: {{cmd: python train.py, params: [lr], deps: [train.csv], outs: [m.onnx]}}\n{stage}"
    deps = f"[{{path: m.onnx, hash: md5, md5: {repo.MODEL}}}, {{path: test, hash: md5, md5: {repo.TEST}}}]"
    ran = f"  judge: {{cmd: judge, deps: {deps}, outs: [{{path: eval.json, hash: md5, md5: {md5}}}]}}\n"
    before = repo.commit(folder, "gates", {"gates.yaml": repo.GATES.partition("- {metric: auc, slice")[0]})
    after = repo.commit(folder, "judge", {"dvc.yaml": defined, "dvc.lock": repo.RAN + ran, "eval.json": judged})
    repo.release(folder, judged, source={"commit": after if recorded else before, "paths": ["train.py"]})

    found = repo.claimed(folder)

    assert [text.partition(": ")[0] for text in found.left_out] == [
        f"evaluation:eval.json:{part}" for part in ("commit",) if not recorded
    ]
    assert len(statements(found, "test-result")) == recorded


def test_nothing_is_claimed_of_models_that_are_unknown(folder: Path) -> None:
    repo.release(folder, model=[{"name": "m", "uri": "s3://bucket/m", "digest": f"md5:{repo.MODEL}"}])

    assert statements(repo.claimed(folder)) == []


def test_the_same_release_gives_the_same_bytes(folder: Path) -> None:
    repo.release(folder)
    clone = folder.parent / "clone"
    git(folder.parent, "clone", "-q", f"file://{folder}", str(clone))

    assert intoto.render(repo.claimed(folder)) == intoto.render(repo.claimed(clone))


@given(
    repo.HOSTILE,
    repo.HOSTILE,
    st.recursive(st.none() | st.floats() | repo.HOSTILE, lambda below: st.lists(below, max_size=2)),
)
def test_no_text_of_a_manifest_breaks_a_statement(name: str, place: str, value: Any) -> None:
    made = repo.hostile(name, place, value)

    for each in statements(made):
        assert each["subject"][0]["digest"] == {"md5": repo.MODEL}


def test_values_nested_beyond_what_readers_take_become_text() -> None:
    value: Any = 1
    for _ in range(150):
        value = [value]

    assert len(statements(repo.hostile("m", "p", value))) == 3


@pytest.mark.parametrize("predicate", list(intoto.PREDICATES))
def test_every_predicate_can_be_asked_for_alone(folder: Path, predicate: str) -> None:
    repo.release(folder)

    assert len(statements(repo.claimed(folder), predicate)) == 1

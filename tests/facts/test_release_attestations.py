"""Signatures and attestations that lie in a repository, and what they are about."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import facts_of
from tests.facts.test_releases import manifest

A, B = "a" * 64, "b" * 64
PLACE = "releases/1.0.0"
STATEMENT = "https://in-toto.io/Statement/v1"


def released(digest: str, name: str = "model.onnx", **more: str) -> dict[str, str]:
    text = manifest("1" * 40, "{}").replace("name: m,", f"name: {name},").replace(f"md5:{'a' * 32}", digest)
    return {f"{PLACE}/release.yaml": text, **more}


def of(files: dict[str, str]) -> list[tuple[str, bool | None]]:
    return [(found.form, found.holds) for found in facts_of(files)["attestations"].items]


def enveloped(statement: Any) -> str:
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return json.dumps({"dsseEnvelope": {"payload": payload, "signatures": []}})


def signed(files: dict[str, str], whole: str = "") -> str:
    made = hashlib.sha256(b"".join(bytes.fromhex(files[name]) for name in sorted(files))).hexdigest()
    resources = [{"name": name, "algorithm": "sha256", "digest": digest} for name, digest in files.items()]
    return enveloped({
        "_type": STATEMENT, "predicateType": "https://model_signing/signature/v1.0",
        "subject": [{"name": "models", "digest": {"sha256": whole or made}}], "predicate": {"resources": resources},
    })  # fmt: skip


def test_a_signature_is_bound_to_a_file_of_the_model_in_any_order() -> None:
    text = signed({"z/model.onnx": A, "config.json": B})

    assert of(released(f"sha256:{A}", **{f"{PLACE}/model.sig": text})) == [("model-signing", True)]


def test_a_signature_is_bound_to_the_whole_of_a_model() -> None:
    whole = hashlib.sha256(bytes.fromhex(B + A)).hexdigest()
    text = signed({"model.onnx": A, "config.json": B})

    assert of(released(f"sha256:{whole}", name="churn", **{"a.sig": text})) == [("model-signing", True)]


def test_the_bundle_of_another_release_is_not_that_of_this_one() -> None:
    text = signed({"model.onnx": B})

    assert of(released(f"sha256:{A}", **{f"{PLACE}/model.sig": text})) == [("model-signing", False)]


def test_a_bundle_for_digests_that_the_manifest_does_not_have_cannot_be_compared() -> None:
    text = signed({"model.onnx": A})

    assert of(released(f"md5:{'c' * 32}", **{f"{PLACE}/model.sig": text})) == [("model-signing", None)]


@pytest.mark.parametrize("wrapped", [False, True])
def test_statements_are_read_bare_and_in_envelopes_and_one_a_line(wrapped: bool) -> None:
    statement = {"_type": STATEMENT, "subject": [{"name": "model.onnx", "digest": {"md5": "c" * 32}}]}
    text = enveloped(statement) if wrapped else json.dumps(statement)

    assert of(released(f"md5:{'c' * 32}", **{"a.intoto.jsonl": f"{text}\n{text}\n"})) == [("in-toto", True)] * 2


def test_what_is_about_something_else_is_left_out() -> None:
    statement = {"_type": STATEMENT, "subject": [{"name": "lifelint.whl", "digest": {"sha256": A}}]}

    assert of(released(f"sha256:{B}", **{"a.intoto.json": json.dumps(statement)})) == []


def test_without_a_manifest_nothing_is_compared() -> None:
    assert of({"model.sig": signed({"model.onnx": A})}) == []


VALUES: Any = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.sampled_from([STATEMENT, A, "CycloneDX", "sha256"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["_type", "subject", "digest", "name", "predicate", "resources", "predicateType", "dsseEnvelope", "payload",
             "bomFormat", "components", "metadata", "component", "hashes", "alg", "content", "type", "sha256"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(VALUES | st.fixed_dictionaries({"_type": st.just(STATEMENT), "subject": VALUES, "predicate": VALUES}))
def test_hostile_attestations_break_nothing(document: Any) -> None:
    files = {"a.sig": json.dumps(document), "b.cdx.json": enveloped(document), "bom.json": "{", "c.sig": "\0"}

    of(released(f"sha256:{A}", **files))

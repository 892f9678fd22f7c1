"""in-toto Statements of a release: SLSA provenance, test results, and a simple verification result.

Sources: https://github.com/in-toto/attestation, spec/v1/{statement,resource_descriptor,digest_set}.md and
spec/predicates/{provenance,test-result,svr}.md; https://slsa.dev/provenance/v1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lifelint.exports.assessments import Assessment
from lifelint.exports.claims import Claims, made_from
from lifelint.exports.texts import dumped
from lifelint.facts.evaluation.noun import Gate
from lifelint.facts.releases.digests import digest_set
from lifelint.facts.releases.document import Part

STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
SVR = "https://in-toto.io/attestation/svr/v0.2"

# Names, not addresses. docs/releases.md says what each stands for; what they stand for never changes.
BUILD_TYPE = "urn:lifelint:build-type:release-manifest:v1"
BUILDER = "urn:lifelint:builder:unobserved:v1"
VERIFIER = "urn:lifelint:verifier:release:v1"


def render(claims: Claims, predicates: Sequence[str] = ()) -> str:
    """The Statements as JSON Lines: those of the ``predicates`` (all for none) for which anything was proven."""
    return "".join(
        f"{dumped(made)}\n"
        for name, make in PREDICATES.items()
        if not predicates or name in predicates
        for made in make(claims)
    )


def statement(subject: Sequence[Mapping[str, Any]], kind: str, predicate: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Statement about ``subject``, each of which has a digest."""
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": predicate}


def _provenance(claims: Claims) -> Iterator[Mapping[str, Any]]:
    if not claims.models:
        return
    source: dict[str, Any] = {"name": "source", "digest": {"gitCommit": claims.commit}}
    if claims.commit != claims.release.commit:
        source["annotations"] = {"declaredCommit": claims.release.commit}
    parts = [*_described(claims.environment), *_described(filter(made_from, claims.data))]
    stages = [{"address": ran.address, "command": ran.command, "parameters": ran.params} for ran in claims.ran]
    predicate = {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {"paths": claims.release.paths, "stages": stages},
            "resolvedDependencies": [source, *parts],
        },
        "runDetails": {"builder": {"id": BUILDER}},
    }
    yield statement(_subject(claims.models), PROVENANCE, predicate)


def _test_results(claims: Claims) -> Iterator[Mapping[str, Any]]:
    for each in claims.assessments:
        if each.gates and each.gates_digest:
            met = [gate_name(gate) for gate in each.gates if gate.holds]
            failed = [gate_name(gate) for gate in each.gates if not gate.holds]
            predicate = {
                "result": "FAILED" if failed else "PASSED",
                "configuration": [_gates(each)],
                "passedTests": met,
                "failedTests": failed,
            }
            yield statement(_subject(each.models), TEST_RESULT, predicate)


def _verified(claims: Claims) -> Iterator[Mapping[str, Any]]:
    if not (claims.models and claims.properties and claims.time):
        return
    properties = [f"LIFELINT_RELEASE_{name.removeprefix('RELEASE_')}" for name in claims.properties]
    if not claims.left_out:
        properties.append("LIFELINT_RELEASE_COMPLETE")
    policies = {each.gates_path: _gates(each) for each in claims.assessments if each.gates_digest}
    result = simple_result(VERIFIER, [*policies.values()], claims.time, properties)
    yield statement(_subject(claims.models), SVR, result)


PREDICATES: Mapping[str, Callable[[Claims], Iterator[Mapping[str, Any]]]] = {
    "slsa-provenance": _provenance,
    "test-result": _test_results,
    "svr": _verified,
}
"""Name of a predicate → its Statements."""


def simple_result(
    verifier: str, policies: Sequence[Mapping[str, Any]], time: str, properties: Sequence[str]
) -> Mapping[str, Any]:
    """The predicate of a simple verification result (SVR 0.2)."""
    return {"verifier": {"id": verifier, "policies": policies}, "timeCreated": time, "properties": properties}


def gate_name(gate: Gate) -> str:
    """What a gate is called as a test: its demand, and what it narrows that to."""
    narrowed = ", ".join(f"{key}={value}" for key, value in (("slice", gate.slice), ("dataset", gate.dataset)) if value)
    return f"{gate.metric} {gate.op} {gate.threshold!r}{narrowed and f' [{narrowed}]'}"


def _gates(each: Assessment) -> Mapping[str, Any]:
    return {"name": each.gates_path, "digest": digest_set(each.gates_digest)}


def _subject(models: Sequence[Part]) -> list[Mapping[str, Any]]:
    return [{"name": model.name, "digest": digest_set(model.digest)} for model in models]


def _described(parts: Iterable[Part]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        notes = {key: value for key, value in (("role", part.role), ("place", part.place)) if value}
        noted = {"annotations": notes} if notes else {}
        yield {"name": part.name, "digest": digest_set(part.digest), **noted}

"""A CycloneDX 1.6 ML-BOM of a release.

It is written here, and not by cyclonedx-python-lib: that library (11.12) models neither ``modelCard`` nor the ``data``
of a component, which are what an ML-BOM is. Nothing that is said here needs 1.7, and more tools read 1.6.
Source: https://cyclonedx.org/docs/1.6/json/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from lifelint import __version__
from lifelint._patterns import lazy
from lifelint.exports.assessments import Assessment
from lifelint.exports.claims import Claims, made_from
from lifelint.exports.texts import LONGEST, dumped
from lifelint.facts.evaluation.noun import Metric
from lifelint.facts.releases.digests import hashes, swhid
from lifelint.facts.releases.document import Part

SPEC = "1.6"
_NAMESPACE = UUID("df2a4734-f736-5d1e-bb6e-bc4080b154dd")
"""Where serial numbers are derived: they are UUIDs (RFC 9562, version 5) of all that the document says."""

_EMAIL = lazy(r"(?=.{3,254}$)[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def render(claims: Claims) -> str:
    """The ML-BOM as JSON text."""
    said = _document(claims)
    serial = f"urn:uuid:{uuid5(_NAMESPACE, dumped(said))}"
    return dumped({"bomFormat": "CycloneDX", "specVersion": SPEC, "serialNumber": serial, **said}, indent=2) + "\n"


def _document(claims: Claims) -> Mapping[str, Any]:
    release = claims.release
    of_models, of_data = _refs("model", claims.models), _refs("data", claims.data)
    of_environment = _refs("environment", claims.environment)
    whole = {
        "type": "application",
        "bom-ref": "release",
        "name": release.name or release.version,
        "version": release.version,
        "externalReferences": [*_reference("evidence", release.path, claims.manifest, "the manifest of the release")],
    }
    inputs = [ref for ref, part in of_data.items() if made_from(part)]
    components = [
        *(_model(ref, part, claims, [*of_data]) for ref, part in of_models.items()),
        *(_dataset(ref, part, claims) for ref, part in of_data.items()),
        *(_environment(ref, part) for ref, part in of_environment.items()),
    ]
    dependencies = [
        {"ref": "release", "dependsOn": [*of_models, *of_environment]},
        *({"ref": ref, "dependsOn": inputs} for ref in of_models),
    ]
    return {
        "version": 1,
        "metadata": {
            **({"timestamp": claims.time} if claims.time else {}),
            "tools": {"components": [{"type": "application", "name": "lifelint", "version": __version__}]},
            "component": whole,
        },
        "components": components,
        "dependencies": dependencies,
        **({"compositions": [{"aggregate": "incomplete", "assemblies": ["release"]}]} if claims.left_out else {}),
    }


def _refs(kind: str, parts: Sequence[Part]) -> Mapping[str, Part]:
    return {f"{kind}-{number}": part for number, part in enumerate(parts, 1)}


def _model(ref: str, part: Part, claims: Claims, datasets: Sequence[str]) -> Mapping[str, Any]:
    about = [each for each in claims.assessments if part in each.models]
    metrics = [metric for each in about for metric in _metrics(each)]
    return {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": part.name,
        "version": claims.release.version,
        **_identified(part),
        "pedigree": {"commits": [{"uid": claims.commit}]},
        "externalReferences": [reference for each in about for reference in _sources(each)],
        "modelCard": {
            "modelParameters": {"datasets": [{"ref": dataset} for dataset in datasets]},
            **({"quantitativeAnalysis": {"performanceMetrics": metrics}} if metrics else {}),
        },
        "properties": _properties(part),
    }


def _metrics(each: Assessment) -> Iterator[Mapping[str, Any]]:
    for metric in each.metrics:
        if metric.value is not None and isfinite(metric.value):
            where = _slice(metric)
            yield {
                "type": metric.name,
                "value": repr(metric.value),
                **({"slice": where} if where else {}),
                **_interval(metric),
            }


def _slice(metric: Metric) -> str:
    return ", ".join(word for word in (metric.slice, metric.dataset and f"dataset={metric.dataset}") if word)


def _interval(metric: Metric) -> Mapping[str, Any]:
    if metric.interval is None or not all(map(isfinite, metric.interval)):
        return {}
    low, high = metric.interval
    return {"confidenceInterval": {"lowerBound": repr(low), "upperBound": repr(high)}}


def _sources(each: Assessment) -> Iterator[Mapping[str, Any]]:
    yield from _reference("quality-metrics", each.report, each.digest, "the report of the evaluation")
    if each.gates_digest:
        met = sum(bool(gate.holds) for gate in each.gates)
        said = f"the gates of the evaluation, {met} of {len(each.gates)} met"
        yield from _reference("configuration", each.gates_path, each.gates_digest, said)


def _dataset(ref: str, part: Part, claims: Claims) -> Mapping[str, Any]:
    owners = [_owner(owner) for owner in claims.owners.get(part.place, ())]
    return {
        "type": "data",
        "bom-ref": ref,
        "name": part.name,
        "version": part.digest,
        **_identified(part),
        "data": [{"type": "dataset", "name": part.name, **({"governance": {"owners": owners}} if owners else {})}],
        "properties": _properties(part),
    }


def _owner(owner: str) -> Mapping[str, Any]:
    """An owner as CODEOWNERS writes it: a team is an organization, an address or an account a contact."""
    if owner.startswith("@"):
        return {"organization": {"name": owner}} if "/" in owner or owner[1:2] == "@" else {"contact": {"name": owner}}
    return {"contact": {"email" if _EMAIL.fullmatch(owner) else "name": owner}}


def _environment(ref: str, part: Part) -> Mapping[str, Any]:
    image = part.role == "image"
    return {
        "type": "container" if image else "file",
        "bom-ref": ref,
        "name": part.name.partition("@")[0] if image else part.name,
        **({"version": part.digest} if image else _identified(part)),
    }


def _identified(part: Part) -> Mapping[str, Any]:
    found = {"hashes": hashes(part.digest), "swhid": swhid(part.digest)}
    return {key: value for key, value in found.items() if value}


def _properties(part: Part) -> list[Mapping[str, str]]:
    said = (("digest", part.digest), ("place", part.place), ("role", part.role))
    return [{"name": f"lifelint:{name}", "value": value} for name, value in said if value]


def _reference(kind: str, path: str, digest: str, comment: str) -> Iterator[Mapping[str, Any]]:
    """A reference to a file, relative to the root of the repository at the commit."""
    url = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    if len(url) <= LONGEST:  # a URL that was cut is none
        found = hashes(digest)
        yield {"type": kind, "url": url, "comment": comment, **({"hashes": found} if found else {})}

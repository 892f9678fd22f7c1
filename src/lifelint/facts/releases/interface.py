"""What the models of a release take and give: signatures in ``MLmodel`` files, and schemas that a manifest names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from lifelint.facts import Facts, _json, _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.evaluation.document import load
from lifelint.facts.proof import path_of
from lifelint.facts.releases.document import Part, Release

_MODEL = "MLmodel"


def differing(release: Release, now: Facts, previous: Release, past: Facts) -> str | None:
    """What differs between two releases at the commits they were built from: ``""`` for nothing.

    ``None`` where there is nothing that can be read of both.
    """
    ours, theirs = ({**_signatures(one, at), **_schemas({*release.interface, *previous.interface}, at)}
                    for one, at in ((release, now), (previous, past)))  # fmt: skip
    both = sorted(ours.keys() & theirs.keys())
    return next((what for what in both if ours[what] != theirs[what]), "") if both else None


def _signatures(release: Release, at: Facts) -> Mapping[str, str]:
    """The signature of each model that has an ``MLmodel`` file in its folder or in one around it."""
    found = {}
    for model in release.models:
        path = next((path for path in _files(model) if at.source.is_file(path)), "")
        signature = at.source.parse(path, _signature) if path else None
        if signature:
            found[f"the signature of {model.name} in MLmodel"] = signature
    return found


def _files(model: Part) -> Iterator[str]:
    path = path_of(model.place)
    while path:
        yield f"{path}/{_MODEL}" if posixpath.basename(path) != _MODEL else path
        path = posixpath.dirname(path)
    yield _MODEL


def _signature(data: bytes) -> str:
    """The ``signature`` of an ``MLmodel`` (mlflow/models/signature.py): JSON in YAML, made the same by sorting."""
    document = _yaml.load(data)
    signature = document.get("signature") if isinstance(document, dict) else None
    if not isinstance(signature, dict):
        return ""
    return _canonical({key: _columns(signature.get(key)) for key in ("inputs", "outputs", "params")})


def _columns(said: Any) -> Any:
    try:
        columns = _json.load(said.encode()) if isinstance(said, str) else said
    except Unreadable as error:
        raise Unreadable(f"has a signature that {error.message}") from None
    if isinstance(columns, list) and all(isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns):
        return sorted(columns, key=lambda column: str(column["name"]))  # MLflow matches columns by name
    return columns


def _schemas(paths: set[str], at: Facts) -> Mapping[str, str]:
    found = {}
    for path in paths:
        schema = at.source.parse(path, _schema) if at.source.is_file(path) else None
        if schema:
            found[path] = schema
    return found


def _schema(data: bytes) -> str:
    try:
        return _canonical(load(data))
    except Unreadable:
        return data.decode("utf-8", "surrogateescape")  # .proto, .avdl …: the same text is the same schema


def _canonical(document: Any) -> str:
    """A text that is the same for the same document, in whatever order its keys (which YAML lets be numbers) stand."""
    if isinstance(document, dict):
        return f"{{{', '.join(sorted(f'{key!r}: {_canonical(value)}' for key, value in document.items()))}}}"
    return f"[{', '.join(map(_canonical, document))}]" if isinstance(document, list) else repr(document)

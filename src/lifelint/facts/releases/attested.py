"""Signatures and attestations in the repository, and whether they are about what was released.

Read are sigstore bundles of OpenSSF model signing (predicate ``https://model_signing/signature/v1.0``, in DSSE),
in-toto statements (``https://in-toto.io/Statement/v1``: bare, in DSSE, or one a line), and CycloneDX with components of
the type ``machine-learning-model``. What they are bound to is compared; whether a signature is good is not checked,
because whose key it should be is told nowhere in git.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _json
from lifelint.facts._source import Source, Unreadable
from lifelint.facts._text import decode
from lifelint.facts.evaluation.document import text
from lifelint.facts.proof import short
from lifelint.facts.releases.digests import known_as, of_component
from lifelint.facts.releases.document import Part, Release

_NAMES = lazy(
    r".*\.(?:sig|sigstore|sigstore\.json|bundle\.json|intoto\.jsonl|intoto\.json|att\.json|cdx\.json)"
    r"|(?:.*[-_.])?(?:s|ml-?|ai-?)?bom(?:[-_.].*)?\.json|(?:.*[-_.])?(?:attestations?|provenance|statement|svr)\.jsonl?"
)
_MODEL_SIGNING = "https://model_signing/signature/v1.0"
_STATEMENT = "https://in-toto.io/Statement/"


class Attestation(NamedTuple):
    """An attestation that speaks of a released model. ``form`` is ``model-signing``, ``in-toto`` or ``cyclonedx``.

    ``subject`` is the model it names, ``version`` the release; ``holds`` is whether its digest is that of the manifest,
    ``None`` where they cannot be compared, and ``why`` says more.
    """

    path: str
    line: int
    form: str
    subject: str
    version: str
    holds: bool | None
    why: str


class _Subject(NamedTuple):
    """What an attestation is about. ``version`` is that of a CycloneDX component; ``wrong`` says what is broken.

    ``files`` are those of a signed model by their last names, each with its SHA-256.
    """

    form: str
    name: str
    digests: Mapping[str, str]
    version: str = ""
    wrong: str = ""
    files: Mapping[str, str] = MappingProxyType({})


def attestations(source: Source, releases: Sequence[Release]) -> Iterator[Attestation]:
    """What is signed or attested of the models of release manifests; what is about something else is left out."""
    written = [release for release in releases if release.path in source.entries]
    if not written:
        return
    for path in source.names(_NAMES.fullmatch):
        own = [r for r in written if _of(r, path)] or written
        for subject in source.parse(path, _subjects) or ():
            found = _told(path, subject, own)
            if found is not None:
                yield found
    for release in written:
        for part in release.models:
            if part.signature and not source.is_file(part.signature):
                why = f"{part.signature}, its signature, is not there"
                yield Attestation(release.path, part.line, "model-signing", part.name, release.version, False, why)


def _of(release: Release, path: str) -> bool:
    """Whether an attestation belongs to one release: it names it, or lies in the folder of its manifest."""
    folder = release.path.rpartition("/")[0]
    return path in {part.signature for part in release.models} or bool(folder and path.startswith(f"{folder}/"))


def _told(path: str, subject: _Subject, releases: Sequence[Release]) -> Attestation | None:
    every = [(release, part) for release in releases for part in release.models]
    for release, part in every:
        names = known_as(part.digest)
        if names.items() & subject.digests.items() or names.get("sha256") in subject.files.values():
            why = subject.wrong or f"it is bound to {short(part.digest)}, its signature was not checked"
            return Attestation(path, 1, subject.form, part.name, release.version, not subject.wrong, why)
    about = [(release, part) for release, part in every if _named(path, subject, release, part)]
    return _differing(path, subject, *about[-1]) if about else None


def _differing(path: str, subject: _Subject, release: Release, part: Part) -> Attestation:
    digests = (
        {**subject.digests, "sha256": subject.files[_last(part)]} if _last(part) in subject.files else subject.digests
    )
    kind = next((kind for kind in known_as(part.digest) if kind in digests), "")
    if kind and (_of(release, path) or subject.version):
        why = f"it is about {short(f'{kind}:{digests[kind]}')}, and {release.version} is {short(part.digest)}"
        return Attestation(path, 1, subject.form, part.name, release.version, False, why)
    if kind:
        why = f"it is about {short(f'{kind}:{digests[kind]}')}, which no release manifest names"
    else:
        why = f"it has {', '.join(sorted(digests)) or 'no digest'}, and {release.version} is {short(part.digest)}"
    return Attestation(path, 1, subject.form, part.name, release.version, None, why)


def _last(part: Part) -> str:
    return part.name.rpartition("/")[2]


def _named(path: str, subject: _Subject, release: Release, part: Part) -> bool:
    if path == part.signature:
        return True
    name = subject.name.rpartition("/")[2]
    if subject.form == "cyclonedx":
        return name in (release.name, _last(part)) and subject.version == release.version
    return _last(part) in (name, *subject.files)


def _subjects(data: bytes) -> tuple[_Subject, ...]:
    try:
        documents = [_json.load(data)]
    except Unreadable:
        try:
            documents = [_json.load(line.encode()) for line in decode(data).split("\n") if line.strip()]
        except Unreadable:
            return ()  # a detached signature, or some other program's file
    return tuple(found for document in documents if isinstance(document, dict) for found in _of_document(document))


def _of_document(document: Mapping[str, Any]) -> Iterator[_Subject]:
    if document.get("bomFormat") == "CycloneDX":
        yield from _components(document)
        return
    envelope = document.get("dsseEnvelope", document)
    payload = text(envelope, "payload") if isinstance(envelope, dict) else ""
    statement: Any = document
    if payload:
        try:
            statement = _json.load(base64.b64decode(payload, validate=True))
        except ValueError:  # neither base64 nor JSON (Unreadable)
            return
    if isinstance(statement, dict) and text(statement, "_type").startswith(_STATEMENT):
        signing = text(statement, "predicateType") == _MODEL_SIGNING
        yield from _signed(statement) if signing else _stated(statement)


def _stated(statement: Mapping[str, Any]) -> Iterator[_Subject]:
    subjects = statement.get("subject")
    for subject in subjects if isinstance(subjects, list) else ():
        digest = subject.get("digest") if isinstance(subject, dict) else None
        if isinstance(digest, dict):
            yield _Subject("in-toto", text(subject, "name"), _texts(digest))


def _signed(statement: Mapping[str, Any]) -> Iterator[_Subject]:
    """The model and its files. The digest of the subject is the SHA-256 of their raw digests, in the order of names."""
    predicate = statement.get("predicate")
    found = predicate.get("resources") if isinstance(predicate, dict) else None
    resources = {
        text(resource, "name"): text(resource, "digest")
        for resource in (found if isinstance(found, list) else [])
        if isinstance(resource, dict) and text(resource, "algorithm") == "sha256"
    }
    wrong = ""
    for subject in _stated(statement):
        try:
            whole = hashlib.sha256(b"".join(bytes.fromhex(resources[name]) for name in sorted(resources))).hexdigest()
        except ValueError:
            whole = ""
        if resources and whole != subject.digests.get("sha256"):
            wrong = "the digest of its subject is not what the digests of its files come to"
        files = {name.rpartition("/")[2]: digest for name, digest in resources.items()}
        yield subject._replace(form="model-signing", files=files, wrong=wrong)


def _components(document: Mapping[str, Any]) -> Iterator[_Subject]:
    metadata, components = document.get("metadata"), document.get("components")
    first = [metadata.get("component")] if isinstance(metadata, dict) else []
    for component in [*first, *(components if isinstance(components, list) else [])]:
        if isinstance(component, dict) and component.get("type") == "machine-learning-model":
            digests = of_component(component)
            yield _Subject("cyclonedx", text(component, "name"), digests, text(component, "version"))


def _texts(digest: Mapping[str, Any]) -> Mapping[str, str]:
    return {kind: value for kind, value in digest.items() if isinstance(value, str)}

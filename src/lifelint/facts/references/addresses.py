"""What an address says of itself: Hub, lakeFS, MLflow, Quilt, Oxen, object stores, plain URLs.

Formats: huggingface_hub ``HfFileSystem`` paths, lakeFS URIs (docs, "lakefs://repo/ref/path"), MLflow model URIs
(``mlflow.store.artifact.utils.models``), Quilt+ URIs, Oxen's fsspec URLs (``oxen_fs.py``), S3 ``versionId``, Google
Cloud Storage ``#generation``, Azure ``versionid`` and ``snapshot``.
"""

from __future__ import annotations

import re

from lifelint._patterns import lazy
from lifelint.facts.data.formats import format_of
from lifelint.facts.references.noun import CONTENT, FIXED, MOVING, Named

HOLE = "\0"
"""Stands in an address for a part that only a run knows."""

SCHEMES = ("hf://", "lakefs://", "models:/", "quilt+s3://", "oxen://", "s3://", "gs://")
"""How addresses start that are references wherever they stand as a value."""

_COMMIT = lazy(r"[0-9a-f]{40}")
_LAKEFS_COMMIT = lazy(r"[0-9a-f]{64}")
_HF = lazy(r"hf://(datasets/|spaces/|models/)?([\w.-]+/[\w.-]+)(?:@([^/]+(?:/[^/]+)*?))?(?:/.*)?")
_LAKEFS = lazy(r"lakefs://([\w.-]+)/([^/]+)(?:/.*)?")
_MODELS = lazy(r"models:/+(?:(m-[0-9a-f]{32})(?:/.*)?|([\w.\0 -]+)(?:@([\w.\0-]+)|/([\w.\0-]+)(?:/.*)?))")
_QUILT = lazy(r"quilt\+s3://[\w.-]+#(?:.*&)?package=([\w-]+/[\w-]+)(?:@([0-9a-f]+)|:([\w-]+))?(?:&.*)?")
_OXEN = lazy(r"oxen://([\w.-]+):([\w.-]+)(?:@([^/]+))?/.+")
_OXEN_COMMIT = lazy(r"[0-9a-f]{16,32}")
_S3_VERSION = lazy(r"[?&]versionId=([^&#]+)", re.IGNORECASE)
_AZURE_VERSION = lazy(r"[?&](?:versionid|snapshot)=([^&#]+)", re.IGNORECASE)
_GENERATION = lazy(r"#(\d{10,})$")
_RAW_GIT = lazy(
    r"https?://(?:raw\.githubusercontent\.com/[^/]+/[^/]+/([^/]+)/"
    r"|github\.com/[^/]+/[^/]+/(?:raw|blob)/([^/]+)/"
    r"|gitlab\.com/.+?/-/(?:raw|blob)/([^/]+)/"
    r"|huggingface\.co/(?:datasets/)?[^/]+/[^/]+/(?:resolve|raw|blob)/([^/]+)/)"
)
_DEPOSITED = lazy(
    r"https?://(?:zenodo\.org/(?:api/)?records?/(\d+)/|(?:www\.)?(?:figshare\.com|ndownloader\.figshare\.com)"
    r"/(?:ndownloader/)?files/(\d+)|github\.com/[^/]+/[^/]+/releases/download/([^/]+)/)"
)
_PLAIN = lazy(r"(?:https?|ftp|s3|s3a|s3n|gs|gcs|abfss?|wasbs?|az)://[^\s\0]+")


def hub_revision(revision: str) -> tuple[str, str]:
    """How firmly a revision of the Hugging Face Hub names a version, and why."""
    if _COMMIT.fullmatch(revision):
        return CONTENT, f"it is read at the commit {revision}"
    if re.fullmatch(r"[0-9a-f]{7,39}", revision):
        return FIXED, f"it is read at the commit {revision}"
    if revision:
        return MOVING, f"the revision {revision} is a branch or a tag, which its owner can move"
    return MOVING, "no revision is given, so it is what the branch main holds at that moment"


def of_address(text: str) -> Named | None:
    """The reference that an address is wherever it stands; ``None`` for other text, or where a run decides."""
    if text.startswith("models:/"):
        return _of_models(text)
    if HOLE in text:
        return None
    for scheme, read in (
        ("hf://", _of_hub),
        ("lakefs://", _of_lakefs),
        ("quilt+s3://", _of_quilt),
        ("oxen://", _of_oxen),
    ):
        if text.startswith(scheme):
            return read(text)
    return _of_object(text) if text.startswith(("s3://", "gs://")) else None


def _of_object(text: str) -> Named | None:
    version = _S3_VERSION.search(text) if text.startswith("s3://") else _GENERATION.search(text)
    if version is None:
        return None
    name = text.partition("?")[0].partition("#")[0]
    return Named(text[:2], _kind(name), name, version[1], FIXED, f"the object's version {version[1]} is named")


def _of_models(text: str) -> Named | None:
    found = _MODELS.fullmatch(text)
    if found is None:
        return None
    if found[1]:
        return Named("mlflow", "model", found[1], found[1], FIXED, "the logged model's own id is named")
    name, alias, version = found[2].replace(HOLE, "…"), found[3], found[4]
    if HOLE in (alias or version) or name == "…":
        return None  # which model, or which version, only a run knows
    if alias:
        return Named("mlflow", "model", name, f"@{alias}", MOVING, f"the alias {alias} can be given to another version")
    if version.isdecimal():
        return Named("mlflow", "model", name, version, FIXED, f"the registered version {version} is named")
    what = "the newest version" if version == "latest" else f"whatever is in the stage {version}"
    return Named("mlflow", "model", name, version, MOVING, f"it is {what} at that moment")


def _of_hub(text: str) -> Named | None:
    served = re.fullmatch(r"hf://([\w.-]+/[\w.-]+):([\w.-]+)", text)
    if served:
        return Named("huggingface", "model", served[1], served[2], *hub_revision(served[2]))
    found = _HF.fullmatch(text)
    if found is None or found[1] == "spaces/" or found[2].startswith(("spaces/", "buckets/")):
        return None
    revision = (found[3] or "").split("/", 1)[0]
    # hf://org/name is a model to serving tools, hf://datasets/org/name a dataset to file readers
    kind = "data" if found[1] == "datasets/" else "model"
    return Named("huggingface", kind, found[2], revision, *hub_revision(revision))


def _of_lakefs(text: str) -> Named | None:
    found = _LAKEFS.fullmatch(text)
    if found is None:
        return None
    name, ref = text.replace(f"/{found[2]}", "", 1), found[2]
    if _LAKEFS_COMMIT.fullmatch(ref):
        return Named("lakefs", "data", name, ref, CONTENT, f"it is read at the commit {ref}")
    return Named("lakefs", "data", name, ref, MOVING, f"{ref} is a branch or a tag, not a commit id")


def _of_quilt(text: str) -> Named | None:
    found = _QUILT.fullmatch(text)
    if found is None:
        return None
    return quilt(found[1], found[2] or "", found[3] or "")


def quilt(name: str, top_hash: str, tag: str = "") -> Named:
    """A Quilt package by its top hash, or by a tag."""
    if top_hash:
        strength = CONTENT if len(top_hash) == 64 else FIXED
        return Named("quilt", "data", name, top_hash, strength, f"the top hash {top_hash} is named")
    return Named("quilt", "data", name, tag, MOVING, f"the tag {tag or 'latest'} moves with each push")


def _of_oxen(text: str) -> Named | None:
    found = _OXEN.fullmatch(text)
    return oxen(f"{found[1]}/{found[2]}", found[3] or "") if found else None


def oxen(name: str, revision: str) -> Named:
    """A repository of Oxen at a commit, or at a branch: without either that is ``main``."""
    if _OXEN_COMMIT.fullmatch(revision):
        return Named("oxen", "data", name, revision, FIXED, f"the commit {revision} is named")
    why = f"{revision} is a branch, which moves with each commit"
    nothing = "no revision is given, so it is what the branch main holds at that moment"
    return Named("oxen", "data", name, revision, MOVING, why if revision else nothing)


def of_read(text: str, checksum: str = "") -> Named | None:
    """The reference that an address is where a reader of data or weights is given it; ``None`` for a local path."""
    special = of_address(text)
    if special is not None or not _PLAIN.fullmatch(text) or text.startswith(("hf://", "lakefs://")):
        return special
    name, scheme = text.partition("?")[0], text.partition("://")[0]
    system = {"http": "http", "https": "http", "ftp": "http", "gcs": "gs"}.get(scheme, scheme)
    system = {"s3a": "s3", "s3n": "s3", "abfs": "azure", "abfss": "azure", "wasb": "azure", "wasbs": "azure"}.get(
        system, "azure" if system == "az" or ".blob.core.windows.net/" in text else system
    )
    if checksum:
        return Named(system, _kind(name), name, checksum, CONTENT, f"the checksum {checksum} is held against it")
    for pattern in (_S3_VERSION, _AZURE_VERSION):
        version = pattern.search(text)
        if version:
            return Named(system, _kind(name), name, version[1], FIXED, f"the object's version {version[1]} is named")
    return _of_plain(text, system, name)


def _of_plain(text: str, system: str, name: str) -> Named:
    raw = _RAW_GIT.match(text)
    if raw:
        ref = next(group for group in raw.groups() if group)
        if _COMMIT.fullmatch(ref):
            return Named(system, _kind(name), name, ref, CONTENT, f"it is read at the commit {ref}")
        return Named(system, _kind(name), name, ref, MOVING, f"{ref} is a branch or a tag, which its owner can move")
    deposited = _DEPOSITED.match(text)
    if deposited:
        version = next(group for group in deposited.groups() if group)
        return Named(system, _kind(name), name, version, FIXED, f"it is the deposited file {version}")
    why = "the address names neither a version nor a checksum, so it is what lies there at that moment"
    return Named(system, _kind(name), name, "", MOVING, why)


def _kind(name: str) -> str:
    found = format_of(name.partition("?")[0])
    return "model" if found is not None and found.kind == "model" else "data"

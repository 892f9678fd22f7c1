"""Digests with their algorithm before a colon, in the forms of other standards, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lifelint._patterns import lazy

_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_OTHER = lazy(r"([A-Za-z][A-Za-z0-9_-]{0,39}):([A-Za-z0-9][A-Za-z0-9._+=/-]{0,255})")
_CYCLONEDX = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


PROPERTY = "lifelint:digest"
"""What holds a digest as the manifest has it in CycloneDX, which has no hash for folders of DVC."""

_SWHID = "swh:1:cnt:"


def digest_set(digest: str) -> Mapping[str, str]:
    """A digest as an in-toto DigestSet (spec/v1/digest_set.md); empty for what is none.

    DVC's digest of a folder is the MD5 of its list of files, not of an artifact, and is called ``dvcDirMd5``. Versions
    that are no digests of content (an etag, a revision of a hub) keep the name that the manifest gives them.
    """
    kind, _, value = digest.partition(":")
    if kind == "git":
        return {"gitBlob": value} if re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", value) else {}
    if kind == "md5" and value.endswith(".dir"):
        return {"dvcDirMd5": value[:-4]} if re.fullmatch(r"[0-9a-f]{32}\.dir", value) else {}
    if kind in _LENGTHS:
        return {kind: value} if re.fullmatch(rf"[0-9a-f]{{{_LENGTHS[kind]}}}", value) else {}
    return {kind: value} if _OTHER.fullmatch(digest) else {}


def hashes(digest: str) -> list[dict[str, str]]:
    """A digest of content as CycloneDX hashes; empty where it is none, or of an algorithm that is unknown there."""
    return [
        {"alg": _CYCLONEDX[kind], "content": value} for kind, value in digest_set(digest).items() if kind in _CYCLONEDX
    ]


def swhid(digest: str) -> list[str]:
    """Git's id of a file as a Software Heritage identifier (of git's SHA-1 form only)."""
    value = digest_set(digest).get("gitBlob", "")
    return [f"{_SWHID}{value}"] if len(value) == 40 else []


def known_as(digest: str) -> Mapping[str, str]:
    """A digest under each name that an attestation may have for it: its own, and that of a DigestSet."""
    kind, colon, value = digest.partition(":")
    return {**({kind: value.removesuffix(".dir")} if kind and colon and value else {}), **digest_set(digest)}


def of_component(component: Mapping[str, Any]) -> Mapping[str, str]:
    """The digests of a CycloneDX component, by their names in a DigestSet: of its hashes and of what else tells it."""
    found: dict[str, str] = {}
    for each in _mappings(component, "properties"):
        if each.get("name") == PROPERTY and isinstance(each.get("value"), str):
            found |= known_as(each["value"])
    ids = component.get("swhid")
    for each in ids if isinstance(ids, list) else ():
        if isinstance(each, str) and each.startswith(_SWHID):
            found["gitBlob"] = each.removeprefix(_SWHID)
    kinds = {alg: kind for kind, alg in _CYCLONEDX.items()}
    for each in _mappings(component, "hashes"):
        alg, content = each.get("alg"), each.get("content")
        if isinstance(alg, str) and alg in kinds and isinstance(content, str):
            found[kinds[alg]] = content
    return found


def _mappings(component: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = component.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

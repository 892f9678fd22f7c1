"""Digests with their algorithm before a colon, in the forms of other standards."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_OTHER = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,39}):([A-Za-z0-9][A-Za-z0-9._+=/-]{0,255})")
_CYCLONEDX = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


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
    return [f"swh:1:cnt:{value}"] if len(value) == 40 else []

"""How git names what it stores."""

from __future__ import annotations

import hashlib


def blob_id(data: bytes, like: str = "", kind: bytes = b"blob") -> str:
    """git's name of an object (Documentation/gitformat-object): SHA-1, or SHA-256 if that is the hash of ``like``."""
    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    digest = algorithm(b"%s %d\0" % (kind, len(data)), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()

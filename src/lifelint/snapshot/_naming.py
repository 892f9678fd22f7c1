"""How git names what it stores."""

from __future__ import annotations

import sys
from typing import Any


def blob_id(data: bytes, like: str = "", kind: bytes = b"blob") -> str:
    """git's name of an object (Documentation/gitformat-object): SHA-1, or SHA-256 if that is the hash of ``like``."""
    digest = _hasher(len(like) == 64)
    digest.update(b"%s %d\0" % (kind, len(data)))
    digest.update(data)
    name: str = digest.hexdigest()
    return name


def _hasher(long: bool) -> Any:
    # OpenSSL's is six times as fast, and takes longer to load than a hook needs for its few files.
    if not long and "hashlib" not in sys.modules:
        try:
            from _sha1 import sha1  # type: ignore[import-not-found]
        except ImportError:
            pass
        else:
            return sha1()
    import hashlib

    return hashlib.sha256(usedforsecurity=False) if long else hashlib.sha1(usedforsecurity=False)

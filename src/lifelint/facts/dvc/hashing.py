"""DVC's digests of files and directories (dvc_data/hashfile: hash.py, istextfile.py, tree.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable

_TEXT = bytes(range(32, 127)) + b"\n\r\t\f\b"
_PROBE = 512
CHUNK = 1 << 20
"""Bytes that DVC reads at once; each such part of a text is judged by itself."""


def file_digest(data: bytes, hash_name: str) -> str:
    """The digest of a file's content. ``hash_name`` is ``md5`` or ``md5-dos2unix``."""
    import hashlib

    if hash_name != "md5-dos2unix" or b"\r\n" not in data:
        return hashlib.md5(data, usedforsecurity=False).hexdigest()
    return chunks_digest((data[start : start + CHUNK] for start in range(0, len(data), CHUNK)), hash_name)


def chunks_digest(chunks: Iterable[bytes], hash_name: str) -> str:
    """As ``file_digest``, of a content in parts of ``CHUNK`` bytes."""
    import hashlib

    hasher = hashlib.md5(usedforsecurity=False)
    for chunk in chunks:
        # Each chunk is judged and converted alone: a CRLF across two chunks stays, as in DVC.
        text = hash_name == "md5-dos2unix" and _is_text(chunk[:_PROBE])
        hasher.update(chunk.replace(b"\r\n", b"\n") if text else chunk)
    return hasher.hexdigest()


def _is_text(block: bytes) -> bool:
    return b"\0" not in block and len(block.translate(None, _TEXT)) / len(block) <= 0.30


def tree_digest(files: Iterable[tuple[str, str]]) -> str:
    """The ``.dir`` digest of a directory, from the relative path and digest of each file in it."""
    import hashlib

    entries = [{"md5": digest, "relpath": path} for path, digest in sorted(files)]
    return hashlib.md5(json.dumps(entries, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"

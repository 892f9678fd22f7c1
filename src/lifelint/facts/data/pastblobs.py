"""Data and models that the history still carries, and the present state does not: every clone downloads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.data import formats, places

LARGE = 1 << 20
"""Bytes from which on an old blob is told."""


class PastBlob(NamedTuple):
    """A large data or model file of an earlier commit: its path there, its content's id, its size and kind."""

    path: str
    oid: str
    size: int
    kind: str
    line: int = 0


def past_blobs(source: Source) -> Iterator[PastBlob]:
    """Blobs of data and models that earlier commits hold and this state does not, largest first.

    A history that is not all here is told as unread: what it lacks may be what is looked for.
    """
    history = source.snapshot.history
    if not history.head:
        return
    found = []
    for blob in history.stored(_is_told, besides=source.snapshot.entries):
        if blob.size >= LARGE:
            found.append(PastBlob(blob.path, blob.oid, blob.size, places.kind_of(blob.path)))
    yield from sorted(found, key=lambda blob: (-blob.size, blob.path))
    if history.incomplete:
        source.cannot_read(".git", history.incomplete)


def _is_told(path: str) -> bool:
    claim = formats.format_of(path)
    if claim is None or claim.kind in ("media", "text") or places.is_fixture(path):
        return False
    return places.kind_of(path) != "unknown"

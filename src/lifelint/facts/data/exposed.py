"""Where flagged data can be seen: in git, in the store behind a pointer, in the outputs of notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts.data.datasets import is_dataset
from lifelint.facts.data.sensitive import Exposure

if TYPE_CHECKING:
    from lifelint.facts._source import Source
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.rawfiles import Blob
    from lifelint.facts.data.remoteconfig import Remote
    from lifelint.facts.data.tables import Shown

LARGEST = 16 << 20
"""Bytes of a notebook that is looked into."""

_TELLING = 5
"""Columns that a table has in common with flagged data by no accident, however many that has."""

_STAND_IN = lazy(
    r"sample|example|synth|dummy|fake|mock|toy|anonym|pseudonym|de-?identif|redact|masked|schema|demo|dictionary|codebook",
    re.IGNORECASE,
)
_ANYBODY = lazy(
    r"https?://(?:[\w.-]*\bs3[\w.-]*\.amazonaws\.com|storage\.googleapis\.com|raw\.githubusercontent\.com"
    r"|[\w-]+\.github\.io|zenodo\.org)/",
    re.IGNORECASE,
)


def in_git(blobs: Sequence[Blob]) -> Iterator[Exposure]:
    """Files whose content git holds. What is named as a sample, as made up or as anonymised is left out."""
    for blob in blobs:
        if blob.kind != "model" and not blob.fixture and not _STAND_IN.search(blob.path):
            yield Exposure(blob.path, 0, "git", blob.path, True, "its content is in git, for all who ever clone it")


def in_stores(pointers: Sequence[Pointer]) -> Iterator[Exposure]:
    """What pointers stand for, by the store that it is kept in."""
    for pointer in pointers:
        if not is_dataset(pointer) or pointer.system == "croissant":
            continue
        if pointer.system == "dvc":
            yield _in_remote(pointer, pointer.store)
        else:
            why = f"it is kept by {pointer.system}, for those who may read its store"
            yield Exposure(pointer.path, pointer.line, "store", pointer.artifact, False, why)


def _in_remote(pointer: Pointer, store: Remote | None) -> Exposure:
    if store is None or not store.url:
        why = "where it is kept is not in the tracked configuration"
        return Exposure(pointer.path, pointer.line, "store", pointer.artifact, None, why)
    open_, why = _readable(store)
    return Exposure(store.path, store.line, "store", pointer.artifact, open_, why)


def _readable(store: Remote) -> tuple[bool | None, str]:
    """Whether anybody can read a remote, as far as its address and its options tell."""
    if store.access == "anonymous":
        return True, f"the remote {store.name} is read without a login ({store.url})"
    if not store.url.startswith(("http://", "https://")):
        return False, f"the remote {store.name} is {store.url}"
    if store.access == "login":
        return False, f"the remote {store.name} asks for a login ({store.url})"
    if _ANYBODY.match(store.url):
        return True, f"the remote {store.name} is public: {store.url} asks nobody for a login"
    return None, f"whether {store.url} asks for a login is not in the tracked configuration of the remote {store.name}"


def in_outputs(source: Source, columns: Sequence[str], private: Sequence[str]) -> Iterator[Exposure]:
    """Notebooks whose outputs show rows of a table with these columns: half of the table's, or one that is private.

    Few of many columns, such as ``id`` and ``name``, may be those of other data: that is unknown.
    """
    if not (columns or private):
        return
    from lifelint.facts.data.tables import parse_tables

    notebooks = source.suffixed(".ipynb")
    sizes = source.snapshot.sizes(notebooks)
    for path in notebooks:
        tables = source.parse(path, parse_tables) if sizes.get(path, 0) <= LARGEST else None
        shown = [one for table in tables or () if (one := _shown(path, table, columns, private))]
        yield from sorted(shown, key=lambda one: not one.open)[:1]


def _shown(path: str, table: Shown, columns: Sequence[str], private: Sequence[str]) -> Exposure | None:
    named = [name for name in table.columns if name in private]
    same = [name for name in table.columns if name in columns]
    if not named and len(same) < max(2, (len(table.columns) + 1) // 2):
        return None
    sure = bool(named) or 2 * len(same) >= len(columns) or len(same) >= _TELLING
    why = f"an output shows rows with the columns {', '.join((named or same)[:4])}"
    return Exposure(path, table.line, "output", path, True if sure else None, why)

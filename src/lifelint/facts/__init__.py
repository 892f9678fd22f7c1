"""What the bytes mean. Files are parsed one by one (pure, memoised by blob id), then linked into facts.

A *kind* is a tuple of frozen dataclasses, each with ``path`` and ``line``. The function that makes it has the kind's
name and lives in the module that ``KINDS`` gives; its parameters name what it is made of: ``source``, other kinds.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from lifelint.facts._source import Source, Unread, Unreadable

__all__ = ["KINDS", "Collected", "Facts", "Source", "Unread", "Unreadable"]

KINDS: Mapping[str, str] = {
    "manifests": "environment",
    "locks": "environment",
    "requirements": "environment",
    "images": "containers",
    "installs": "containers",
    "python_versions": "pythons",
    "pointers": "data",
    "remotes": "data",
    "blobs": "data",
    "lfs_paths": "data",
    "stages": "pipeline",
    "edges": "pipeline",
    "facets": "facets",
}
"""Kind of fact → module of ``lifelint.facts`` that makes it."""


class Collected(NamedTuple):
    """The facts of one kind, and the files that could not be read while they were made."""

    items: Sequence[Any]
    unread: Sequence[Unread]


class Facts:
    """The facts of one snapshot, made when first asked for and kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._made: dict[str, Collected] = {}

    def __getitem__(self, kind: str) -> Collected:
        """The facts of ``kind``.

        Raises:
            KeyError: there is no such kind.
        """
        if kind not in self._made:
            make = getattr(import_module(f"lifelint.facts.{KINDS[kind]}"), kind)
            names = inspect.signature(make).parameters
            below = {name: self[name] for name in names if name != "source"}
            given: dict[str, Any] = {name: made.items for name, made in below.items()}
            with self.source.recording() as unread:
                items = tuple(make(**given, source=self.source) if "source" in names else make(**given))
            above = [u for made in below.values() for u in made.unread]
            self._made[kind] = Collected(items, tuple(dict.fromkeys([*above, *unread])))
        return self._made[kind]

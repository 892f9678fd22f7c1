"""A package of ``uv.lock``, by the full reader of TOML (uv-resolver ``src/lock/mod.rs``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts.environment.pyproject import table, tables


class UvEntry(NamedTuple):
    """What is asked of a package. ``edges`` are the packages it names; ``hashed`` whether all its files have a hash."""

    name: str
    version: str
    source: Mapping[str, Any]
    metadata: Mapping[str, Any]
    edges: Sequence[str]
    hashed: bool | None


def entries(document: Mapping[str, Any]) -> list[UvEntry]:
    """The packages of a lock that have a name."""
    return [_entry(entry) for entry in tables(document.get("package")) if isinstance(entry.get("name"), str)]


def _entry(entry: Mapping[str, Any]) -> UvEntry:
    source = table(entry, "source")
    version = str(entry.get("version") or "")
    return UvEntry(entry["name"], version, source, table(entry, "metadata"), _edges(entry), _hash_state(entry, source))


def _edges(entry: Mapping[str, Any]) -> list[str]:
    groups = [entry.get("dependencies"), *table(entry, "optional-dependencies").values()]
    groups += table(entry, "dev-dependencies").values()
    return [str(d.get("name")) for group in groups for d in tables(group)]


def _hash_state(entry: Mapping[str, Any], source: Mapping[str, Any]) -> bool | None:
    """Whether every file of a package has a hash; ``None`` for what cannot have one (folders, version control)."""
    if not ("registry" in source or "url" in source):
        return None
    files = tables([entry.get("sdist")]) + tables(entry.get("wheels"))
    if not files or any("path" in f and "url" not in f for f in files):
        return None  # a folder of wheels (find-links) is not hashed by uv
    return all(str(f.get("hash", "")).startswith("sha") for f in files)

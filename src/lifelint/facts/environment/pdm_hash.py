"""The hash of a ``pyproject.toml`` that PDM keeps in its locks (pdm ``project_file.py`` and ``workspace.py``)."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._source import Source
from lifelint.facts.environment.markers import Unjudged
from lifelint.facts.environment.pyproject import parse_pyproject, table, texts

MAX_MEMBERS = 500


def expected(source: Source, manifest: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    """The hashes under which a version of PDM takes a lock for fresh, that of today first.

    Raises:
        Unjudged: what PDM hashes cannot be told from the tracked files.
    """
    if any(_workspace(above) for above in _documents_above(source, manifest)):
        raise Unjudged("a workspace that a folder above it declares")
    if not _workspace(document):
        return tuple(dict.fromkeys(_hash(content) for content in _contents(document)))
    return (_workspace_hash(source, manifest, document),)


def shared_groups(document: Mapping[str, Any]) -> frozenset[str]:
    """The groups that stand under both names: PDM hashes them differently from one call to the next."""
    standard, own = table(document, "dependency-groups"), table(document, "tool", "pdm", "dev-dependencies")
    return frozenset(map(_group, standard)) & frozenset(map(_group, own))


def _group(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).lower()


def _contents(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is hashed: by PDM since 2.16 (lock 4.4.2), then by the older ones that knew overrides only."""
    project, settings = table(document, "project"), table(document, "tool", "pdm")
    if not project:
        raise Unjudged("a project table, which pyproject.toml does not have")
    own, resolution = table(settings, "dev-dependencies"), table(settings, "resolution")
    if resolution.get("lock_inputs"):
        raise Unjudged("resolution.lock_inputs, with which PDM keeps another record")
    common = {
        "sources": settings.get("source", []),
        "dependencies": project.get("dependencies", []),
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
    }
    yield common | {"dev-dependencies": _groups(document), "resolution": resolution}
    yield common | {"dev-dependencies": own, "resolution": resolution}
    yield common | {"dev-dependencies": own, "overrides": resolution.get("overrides", {})}


def _groups(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for name, items in table(document, "dependency-groups").items():
        if _group(name) in groups:
            raise Unjudged(f"the group {name}, which is there twice")
        groups[_group(name)] = items if isinstance(items, list) else []
    for name, items in table(document, "tool", "pdm", "dev-dependencies").items():
        groups[_group(name)] = [*groups.get(_group(name), ()), *(items if isinstance(items, list) else ())]
    return groups


def _hash(content: Mapping[str, Any]) -> str:
    try:
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    except TypeError:
        raise Unjudged("a date, which PDM cannot hash") from None


def _workspace(document: Mapping[str, Any]) -> bool:
    return bool(table(document, "tool", "pdm").get("workspace"))


def _documents_above(source: Source, manifest: str) -> Iterator[Mapping[str, Any]]:
    folder = posixpath.dirname(manifest)
    while folder:
        folder = posixpath.dirname(folder)
        path = posixpath.join(folder, "pyproject.toml")
        parsed = source.parse(path, parse_pyproject) if source.is_file(path) else None
        if parsed:
            yield parsed.document


def _workspace_hash(source: Source, manifest: str, document: Mapping[str, Any]) -> str:
    folder = posixpath.dirname(manifest)
    hasher = hashlib.sha256(_hash(next(_contents(document))).encode())
    for member in members(source, folder, texts(table(document, "tool", "pdm", "workspace").get("members"))):
        parsed = source.parse(posixpath.join(folder, member, "pyproject.toml"), parse_pyproject)
        if parsed is None:
            raise Unjudged(f"the member {member}, which could not be read")
        hasher.update(f"\0{member}\0{_hash(next(_contents(parsed.document)))}".encode())
    return hasher.hexdigest()


def members(source: Source, folder: str, patterns: Sequence[str]) -> tuple[str, ...]:
    """The folders of a workspace's members, as written from its root.

    Raises:
        Unjudged: a pattern leaves the folder or uses more than ``*`` within one name.
    """
    found: set[str] = set()
    below = [posixpath.dirname(p) for p in source.under(folder) if posixpath.basename(p) == "pyproject.toml"]
    places = [place[len(folder) + 1 :] if folder else place for place in below]
    for pattern in patterns:
        parts = posixpath.normpath(pattern).split("/")
        if "**" in pattern or set(pattern) & set("?[\\") or parts[0] in ("..", "", "."):
            raise Unjudged(f"the workspace pattern {pattern!r}")
        wanted = re.compile("/".join("[^/]*".join(map(re.escape, part.split("*"))) for part in parts))
        found |= {place for place in places if wanted.fullmatch(place)}
    if len(found) > MAX_MEMBERS:
        raise Unjudged(f"more than {MAX_MEMBERS} members")
    return tuple(sorted(found))

"""Locks that keep a hash of their manifest: ``poetry.lock`` (poetry ``locker.py``) and ``Pipfile.lock`` (plette)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts._json import load as load_json
from lifelint.facts._source import Unreadable
from lifelint.facts._toml import load as load_toml
from lifelint.facts._yaml import decode
from lifelint.facts.environment.pipfile import SECTIONS
from lifelint.facts.environment.pyproject import table, tables
from lifelint.facts.environment.requirement import normalise

_LEGACY = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")


class HashedLock(NamedTuple):
    """A lock with the hash of its manifest's content. ``versions`` gives the locked versions of each package."""

    recorded: str
    line: int
    tool_version: str
    versions: Mapping[str, frozenset[str]]
    hashed: str
    unhashed: str
    unhashed_line: int
    requires_python: str
    requires_python_line: int


def parse_poetry_lock(data: bytes) -> HashedLock:
    """``poetry.lock`` of Poetry 1 and 2; the hashes stand in ``metadata.files`` or in each package."""
    document = load_toml(data)
    metadata = table(document, "metadata")
    entries = [e for e in tables(document.get("package")) if isinstance(e.get("name"), str)]
    if not isinstance(metadata.get("content-hash"), str):
        raise Unreadable("is not a Poetry lock: it has no metadata.content-hash")
    text = decode(data)
    lines = text.splitlines()
    starts = [n + 2 for n, line in enumerate(lines) if line == "[[package]]"]
    starts = starts if len(starts) == len(entries) else [0] * len(entries)
    files = {normalise(name): value for name, value in table(metadata, "files").items()}
    states: list[tuple[bool, str, int]] = []
    versions: dict[str, frozenset[str]] = {}
    for entry, line in zip(entries, starts, strict=True):
        name = normalise(entry["name"])
        versions[name] = versions.get(name, frozenset()) | {str(entry.get("version"))}
        listed = entry.get("files", files.get(name))
        if table(entry, "source").get("type") not in ("git", "directory", "file", "url"):
            states.append((_all_hashed(listed), name, line))
    header = re.search(r"Poetry (\d[^ ]*)", lines[0] if lines else "")
    python = str(metadata.get("python-versions") or "")
    return HashedLock(
        metadata["content-hash"],
        _line_of(lines, "content-hash"),
        header[1] if header else "",
        versions,
        *summary(states),
        python,
        _line_of(lines, "python-versions"),
    )


def _all_hashed(files: Any) -> bool:
    listed = tables(files)
    return bool(listed) and all(f.get("hash") for f in listed)


def _line_of(lines: Sequence[str], key: str) -> int:
    return next((n for n, line in enumerate(lines, 1) if re.match(rf'\s*"?{re.escape(key)}"?\s*[=:]', line)), 0)


def summary(states: Sequence[tuple[bool, str, int]]) -> tuple[str, str, int]:
    """``complete``, ``partial`` or ``none`` for a list of packages, with the first that has no hash."""
    without = [(name, line) for ok, name, line in states if not ok]
    if not states:
        return "", "", 0
    if not without:
        return "complete", "", 0
    return ("none" if len(without) == len(states) else "partial"), *without[0]


def parse_pipfile_lock(data: bytes) -> HashedLock:
    """``Pipfile.lock`` (pipfile-spec 6)."""
    document = load_json(data)
    recorded = table(document, "_meta", "hash").get("sha256")
    if not isinstance(recorded, str):
        raise Unreadable("is not a Pipfile.lock: it has no _meta.hash.sha256")
    lines = decode(data).splitlines()
    states: list[tuple[bool, str, int]] = []
    versions: dict[str, frozenset[str]] = {}
    for section, packages in document.items():
        if section == "_meta" or not isinstance(packages, dict):
            continue
        for name, entry in packages.items():
            if not isinstance(entry, dict):
                continue
            versions[normalise(name)] = frozenset({str(entry.get("version", "")).lstrip("=")})
            if not {"git", "path", "file", "editable"} & set(entry):
                states.append((bool(entry.get("hashes")), normalise(name), _line_of(lines, name)))
    requires = table(document, "_meta", "requires")
    key = "python_full_version" if requires.get("python_full_version") else "python_version"
    python = str(requires.get(key) or "")
    at = _line_of(lines, "sha256")
    return HashedLock(recorded, at, "", versions, *summary(states), python, _line_of(lines, key))


def poetry_hashes(document: Mapping[str, Any], tool_version: str) -> tuple[str, ...]:
    """The hashes under which Poetry takes the lock as fresh: since 2.3 the dependency groups count too."""
    found = [_poetry_hash(document, with_groups=True)]
    if tool_version and _before(tool_version, (2, 3)):
        found.append(_poetry_hash(document, with_groups=False))
    return tuple(found)


def _before(version: str, limit: tuple[int, int]) -> bool:
    match = re.match(r"(\d+)\.(\d+)", version)
    return match is not None and (int(match[1]), int(match[2])) < limit


def _poetry_hash(document: Mapping[str, Any], *, with_groups: bool) -> str:
    project, poetry = table(document, "project"), table(document, "tool", "poetry")
    groups = document.get("dependency-groups") if with_groups else None
    kept = {key: project[key] for key in _PROJECT if project.get(key) is not None}
    own = {key: poetry.get(key) for key in _LEGACY if poetry.get(key) is not None or not (kept or groups)}
    own |= {"group": poetry["group"]} if poetry.get("group") is not None else {}
    content: dict[str, Any] = {}
    content |= {"project": kept} if kept else {}
    content |= {"dependency-groups": groups} if groups else {}
    content = content | {"tool": {"poetry": own}} if content else own
    return hashlib.sha256(_json(content, None)).hexdigest()


def pipfile_hashes(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The hash as plette computes it, and as newer Pipenv does, with package names normalised."""
    return tuple(dict.fromkeys(_pipfile_hash(document, change) for change in (str, normalise)))


def _pipfile_hash(document: Mapping[str, Any], change: Any) -> str:
    default = [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}]
    sections = {"default": document.get("packages", {}), "develop": document.get("dev-packages", {})}
    sections |= {k: v for k, v in document.items() if k not in SECTIONS | {"default", "develop"}}
    content: dict[str, Any] = {
        "_meta": {"sources": document.get("source", default), "requires": document.get("requires", {})}
    }
    for name, packages in sections.items():
        content[name] = {change(k): v for k, v in packages.items()} if isinstance(packages, dict) else packages
    return hashlib.sha256(_json(content, (",", ":"))).hexdigest()


def _json(content: Any, separators: tuple[str, str] | None) -> bytes:
    try:
        return json.dumps(content, sort_keys=True, separators=separators).encode()
    except TypeError as error:  # a date in TOML: neither tool could have hashed it
        raise Unreadable(f"cannot be hashed: {error}") from None


def unsatisfied(requirements: Sequence[Any], versions: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The direct dependencies that the lock does not satisfy, as far as they are written in PEP 440."""
    from packaging.specifiers import SpecifierSet

    for wanted in requirements:
        held = versions.get(wanted.name)
        if held is None:
            if not wanted.marker:
                yield f"{wanted.name} is asked for in {wanted.path}:{wanted.line} and not in the lock"
            continue
        try:
            allowed = SpecifierSet(wanted.specifier)
            missed = not any(allowed.contains(version, prereleases=True) for version in held)
        except ValueError:
            continue
        if missed and wanted.specifier:
            place, versions_held = f"{wanted.path}:{wanted.line}", ", ".join(sorted(held))
            yield f"{wanted.name} {wanted.specifier} in {place}, the lock holds {versions_held}"

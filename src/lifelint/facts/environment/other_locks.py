"""Locks without a lock file of their own kind in this package: pdm, pylock, conda-lock, pixi, conda lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts._toml import line_of, load
from lifelint.facts._yaml import decode
from lifelint.facts.environment.hashed_locks import summary
from lifelint.facts.environment.pyproject import tables
from lifelint.facts.environment.requirement import normalise


class Locked(NamedTuple):
    """One package of a lock of conda's kind. ``needs`` names what it depends on, ``manager`` is ``conda`` or ``pip``."""

    name: str
    version: str
    build: str
    manager: str
    platform: str
    line: int
    needs: frozenset[str] = frozenset()


class OtherLock(NamedTuple):
    """Package count, hash state, and the files the lock says it was made from.

    ``versions`` gives the locked versions of each package, ``document`` the whole of a TOML lock or the metadata of
    a YAML one, ``entries`` the packages of conda's locks, ``line`` the place of what it recorded of its manifest.
    """

    packages: int
    hashed: str
    unhashed: str
    unhashed_line: int
    requires_python: str = ""
    sources: tuple[str, ...] = ()
    versions: Mapping[str, frozenset[str]] = {}
    document: Mapping[str, Any] = {}
    line: int = 0
    entries: tuple[Locked, ...] = ()


def parse_pdm_lock(data: bytes) -> OtherLock:
    """``pdm.lock``: files with hashes in each package."""
    document = load(data)
    entries = tables(document.get("package"))
    if "metadata" not in document:
        raise Unreadable("is not a PDM lock: it has no metadata")
    registry = [e for e in entries if not {"git", "path", "url"} & set(e)]
    states = [(_hashed(e.get("files")), str(e.get("name")), 0) for e in registry]
    line = line_of(data, "content_hash")
    return OtherLock(len(entries), *summary(states), versions=_versions(entries), document=document, line=line)


def parse_pylock(data: bytes) -> OtherLock:
    """``pylock.toml`` (PEP 751, packaging.python.org ``pylock-toml``)."""
    document = load(data)
    if not isinstance(document.get("lock-version"), str):
        raise Unreadable("is not a pylock file: it has no lock-version")
    entries = tables(document.get("packages"))
    states = []
    for entry in entries:
        files = [*tables(entry.get("wheels")), *tables([entry.get("sdist")]), *tables([entry.get("archive")])]
        if files:
            states.append((all(f.get("hashes") for f in files), str(entry.get("name")), 0))
    python = str(document.get("requires-python") or "")
    return OtherLock(len(entries), *summary(states), python, versions=_versions(entries), document=document)


def _versions(entries: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """An entry without a version (a folder, a repository) leaves its package without any."""
    versions: dict[str, frozenset[str]] = {}
    for entry in entries:
        name, version = normalise(str(entry.get("name"))), entry.get("version")
        versions[name] = versions.get(name, frozenset()) | ({str(version)} if version is not None else set())
    return versions


def _hashed(files: Any) -> bool:
    listed = tables(files)
    return bool(listed) and all(f.get("hash") for f in listed)


def parse_pixi_lock(data: bytes) -> OtherLock:
    """``pixi.lock``: one entry by URL or path, with its digests below."""
    lines = decode(data).splitlines()
    if not any(line.startswith("packages:") for line in lines):
        raise Unreadable("is not a pixi lock: it has no package list")
    start = lines.index("packages:") if "packages:" in lines else 0
    entry = re.compile(r"- (?:(?:conda|pypi): (\S+)|kind: \S+)")
    states = []
    for name, number, block in _blocks(lines[start:], entry):
        url = name or next((line.split()[-1] for line in block if line.strip().startswith("url:")), "")
        if url.startswith(("http:", "https:")):
            hashed = any(re.match(r"\s+(?:sha256|md5): \S{32,}", line) for line in block)
            states.append((hashed, url.rsplit("/", 1)[-1], number + start))
    return OtherLock(len(states), *summary(states))


def _blocks(lines: Sequence[str], start: re.Pattern[str]) -> Iterator[tuple[str, int, list[str]]]:
    block: list[str] = []
    name, at = "", 0
    for number, line in enumerate(lines, 1):
        match = start.match(line)
        if match:
            if at:
                yield name, at, block
            name, at, block = match[1] or "", number, []
        elif at:
            block.append(line)
    if at:
        yield name, at, block


def parse_explicit(data: bytes) -> OtherLock:
    """conda's explicit list: URLs with ``#<md5>`` or ``#sha256:`` behind them."""
    lines = decode(data).splitlines()
    if "@EXPLICIT" not in (line.strip() for line in lines):
        raise Unreadable("is not an explicit conda list")
    states = [
        (bool(re.search(r"#(?:sha256:)?[0-9a-f]{32,64}$", line.strip())), line.rsplit("/", 1)[-1][:80], number)
        for number, line in enumerate(lines, 1)
        if "://" in line and not line.lstrip().startswith("#")
    ]
    return OtherLock(len(states), *summary(states))

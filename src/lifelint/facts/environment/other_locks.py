"""What locks of pdm, PEP 751, conda-lock and pixi have in common, and the readers of the simple ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts._toml import line_of, load
from lifelint.facts._yaml import decode
from lifelint.facts.environment.compiled import read_header
from lifelint.facts.environment.hashed_locks import summary
from lifelint.facts.environment.pyproject import tables
from lifelint.facts.environment.requirement import normalise


class Locked(NamedTuple):
    """One package of a lock of conda's kind: ``manager`` is ``conda`` or ``pip``, ``needs`` what it depends on."""

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
    lines: tuple[int, ...] = ()
    header: tuple[str, ...] = ()
    channels: Mapping[str, tuple[str, ...]] = {}


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
    """``pylock.toml`` (PEP 751, packaging.python.org ``pylock-toml``); ``lines`` are those of its packages."""
    document = load(data)
    text = decode(data).splitlines()
    if not isinstance(document.get("lock-version"), str):
        raise Unreadable("is not a pylock file: it has no lock-version")
    entries = tables(document.get("packages"))
    states = []
    for entry in entries:
        files = [*tables(entry.get("wheels")), *tables([entry.get("sdist")]), *tables([entry.get("archive")])]
        if files:
            states.append((all(f.get("hashes") for f in files), str(entry.get("name")), 0))
    python = str(document.get("requires-python") or "")
    at = tuple(number for number, line in enumerate(text, 1) if line.strip() == "[[packages]]")
    header = tuple(line.lstrip("# ").rstrip() for line in text[:20] if line.startswith("#"))
    compiled = read_header(header)
    return OtherLock(
        len(entries),
        *summary(states),
        python,
        sources=compiled.sources if compiled else (),
        versions=_versions(entries),
        document=document,
        line=line_of(data, "sha256", line_of(data, "[tool.pdm]")),
        lines=at if len(at) == len(entries) else (0,) * len(entries),
        header=header,
    )


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

"""``uv.lock``: what it froze and what it remembers of its manifests (uv-resolver ``src/lock/mod.rs``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts._source import Unreadable
from lifelint.facts._toml import load
from lifelint.facts._yaml import decode
from lifelint.facts.environment import uv_plain
from lifelint.facts.environment.pyproject import table, texts
from lifelint.facts.environment.uv_entry import UvEntry, entries

LOCAL = ("editable", "virtual", "directory")
PUBLIC = ("https://pypi.org/simple",)


class UvPackage(NamedTuple):
    """One package. ``lines`` says where its metadata names each dependency: ``(section, name)`` to line."""

    name: str
    version: str
    source: Mapping[str, Any]
    metadata: Mapping[str, Any] | None
    line: int
    lines: Mapping[tuple[str, str], int]


class UvLock(NamedTuple):
    document: Mapping[str, Any]
    packages: Sequence[UvPackage]
    versions: Mapping[str, frozenset[str]]
    dangling: str
    hashed: str
    unhashed: str
    unhashed_line: int
    requires_python_line: int


def parse_uv_lock(data: bytes) -> UvLock:
    """The lock; only local packages keep their metadata, and ``document`` is what stands beside the packages."""
    document, found = uv_plain.read(decode(data)) or _read(data)
    if not isinstance(document.get("version"), int):
        raise Unreadable("is not a uv lock: it has no version")
    starts = _starts(data)
    if len(starts) != len(found):
        starts = [(0, ())] * len(found)
    packages, bare, names = [], [], {entry.name for entry in found}
    versions: dict[str, frozenset[str]] = {}
    dangling = ""
    for (name, version, source, metadata, edges, state), (line, block) in zip(found, starts, strict=True):
        local = any(kind in source for kind in LOCAL)
        versions[name] = versions.get(name, frozenset()) | {version}
        if local:
            packages.append(UvPackage(name, version, source, metadata, line, _metadata_lines(block, line)))
        missing = next((edge for edge in edges if edge not in names), "")
        dangling = dangling or (f"{name} depends on {missing}, which the lock does not hold" if missing else "")
        if state is not None:
            bare.append((state, name, line, str(source.get("registry") or "")))
    hashed, unhashed, at = _hashed(bare)
    python = next((n for n, text in enumerate(decode(data).splitlines()[:10], 1) if text.startswith("requires-p")), 0)
    return UvLock(document, tuple(packages), versions, dangling, hashed, unhashed, at, python)


def _read(data: bytes) -> tuple[Mapping[str, Any], Sequence[UvEntry]]:
    document = load(data)
    return {key: value for key, value in document.items() if key != "package"}, entries(document)


def _starts(data: bytes) -> list[tuple[int, Sequence[str]]]:
    lines = decode(data).splitlines()
    at = [n for n, line in enumerate(lines) if line == "[[package]]"]
    ends = [*at[1:], len(lines)][: len(at)]
    return [(start + 2, lines[start + 1 : end]) for start, end in zip(at, ends, strict=True)]


def _metadata_lines(block: Sequence[str], start: int) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    inside, section = False, ""
    for number, line in enumerate(block, start):
        if line.startswith("["):
            inside = line.startswith("[package.metadata")
            section = "" if not line.startswith("[package.metadata.requires-dev") else section
        if not inside:
            continue
        if line[:1].isalpha() or line[:1] == '"':
            section = line.partition(" =")[0].strip('"')
            found.setdefault((section, ""), number)
        for part in line.split('{ name = "')[1:]:
            found.setdefault((section, part.partition('"')[0]), number)
    return found


def _hashed(states: Sequence[tuple[bool, str, int, str]]) -> tuple[str, str, int]:
    # Some indexes publish no hashes at all (PyTorch's long did not); nobody can lock what is not there.
    mute = {r for *_, r in states} - {r for ok, *_, r in states if ok} - set(PUBLIC) - {""}
    judged = [state for state in states if state[3] not in mute]
    without = [(name, line) for ok, name, line, _ in judged if not ok]
    if not judged:
        return "", "", 0
    if not without:
        return "complete", "", 0
    return ("partial" if len(without) < len(judged) else "none"), *without[0]


def members(lock: UvLock) -> list[str]:
    """The names of the workspace members that the lock was made for (empty for a single project)."""
    return texts(table(lock.document, "manifest").get("members"))

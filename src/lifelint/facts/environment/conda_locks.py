"""``conda-lock.yml``, scanned by line: such files are large and written by one program in one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import Map, decode, load
from lifelint.facts.environment.hashed_locks import summary
from lifelint.facts.environment.other_locks import Locked, OtherLock
from lifelint.facts.environment.pyproject import texts
from lifelint.facts.environment.requirement import normalise

MAX_HEAD = 5000

_FIELD = lazy(r"  ([a-z_]+): ?(.*)")
_NEED = lazy(r"    ['\"]?([A-Za-z0-9_.-]+)['\"]?:")


def parse_conda_lock(data: bytes) -> OtherLock:
    """``conda-lock.yml``: what each package is, and the metadata above the list."""
    lines = decode(data).splitlines()
    if not any(line.startswith("package:") for line in lines):
        raise Unreadable("is not a conda-lock file: it has no package list")
    states: list[tuple[bool, str, int]] = []
    entries: list[Locked] = []
    for first, number, block in blocks(lines, re.compile(r"- ([a-z]+: .*)")):
        # Older versions write the keys of a package in the order of the alphabet.
        entry = _entry(number, [f"  {first}", *block])
        states.append((any(re.match(r"\s+(?:sha256|md5): \S{32,}", line) for line in block), entry.name, number))
        entries.append(entry)
    metadata = _metadata(lines)
    return OtherLock(
        len(states),
        *summary(states),
        sources=tuple(texts(metadata.get("sources"))),
        document=metadata,
        entries=tuple(entries),
    )


def _entry(number: int, block: Sequence[str]) -> Locked:
    fields = {m[1]: m[2].strip("'\" ") for m in map(_FIELD.fullmatch, block) if m}
    needs = [m[1] for m in map(_NEED.match, block) if m]
    return Locked(
        normalise(fields.get("name", "")),
        fields.get("version", ""),
        build_of(fields.get("url", "")),
        fields.get("manager", ""),
        fields.get("platform", ""),
        number,
        frozenset(map(normalise, needs)),
    )


def build_of(url: str) -> str:
    """The build in the name of a conda archive, empty when it is none."""
    parts = re.sub(r"\.(?:tar\.bz2|conda)$", "", url.rsplit("/", 1)[-1]).rsplit("-", 2)
    return parts[2] if len(parts) == 3 and url.endswith((".conda", ".tar.bz2")) else ""


def _metadata(lines: Sequence[str]) -> dict[str, Any]:
    start = next((n for n, line in enumerate(lines) if line.startswith("metadata:")), None)
    if start is None:
        return {}
    end = start + 1
    while end < min(len(lines), start + MAX_HEAD) and (lines[end][:1] in (" ", "#", "") or lines[end] == ""):
        end += 1
    document = load("\n".join(lines[start:end]).encode())
    found = document.get("metadata") if isinstance(document, Map) else None
    return found if isinstance(found, dict) else {}


def blocks(lines: Sequence[str], start: re.Pattern[str]) -> Iterator[tuple[str, int, list[str]]]:
    """The entries of a list: what their first line names, its number, and the lines below it."""
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

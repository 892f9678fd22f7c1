"""``pixi.lock`` of versions 4 to 7, scanned by line: such files are large and written by one program in one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode
from lifelint.facts.environment.conda_locks import blocks, build_of
from lifelint.facts.environment.hashed_locks import summary
from lifelint.facts.environment.other_locks import Locked, OtherLock
from lifelint.facts.environment.requirement import normalise

_ENTRY = lazy(r"- (?:(?:conda|pypi)(?:_source)?: (\S+)|kind: \S+)")
_USED = lazy(r"      - (conda|pypi)(?:_source)?: (\S+)")
_NEED = lazy(r"  - ['\"]?([A-Za-z0-9_][A-Za-z0-9_.-]*)")


class PixiPackage(NamedTuple):
    """What the list at the end of the lock says of one URL."""

    name: str
    version: str
    needs: frozenset[str]


def parse_pixi_lock(data: bytes) -> OtherLock:
    """``pixi.lock``: for each environment and platform the packages used; ``platform`` is ``environment platform``."""
    lines = decode(data).splitlines()
    if not any(line.startswith("packages:") for line in lines):
        raise Unreadable("is not a pixi lock: it has no package list")
    start = lines.index("packages:") if "packages:" in lines else 0
    states = []
    packages: dict[str, PixiPackage] = {}
    for name, number, block in blocks(lines[start:], _ENTRY):
        fields = _fields(block)
        url = name or fields.get("url", "") or fields.get("path", "")
        packages[url] = _package(url, fields, block)
        if url.startswith(("http:", "https:")):
            hashed = any(re.match(r"\s+(?:sha256|md5): \S{32,}", line) for line in block)
            states.append((hashed, url.rsplit("/", 1)[-1], number + start))
    version = next((line.partition(":")[2].strip() for line in lines[:50] if line.startswith("version:")), "")
    entries = tuple(_used(lines[:start], packages))
    return OtherLock(
        len(states),
        *summary(states),
        document={"version": version},
        entries=entries,
        channels=_channels(lines[:start]),
    )


def _channels(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    channels: dict[str, tuple[str, ...]] = {}
    environment = ""
    for line in lines:
        if re.fullmatch(r"  [^\s-].*:", line):
            environment = line.strip(" :'\"")
        elif line.startswith("    - url: "):
            channels[environment] = (*channels.get(environment, ()), line.split()[-1])
    return channels


def _fields(block: Sequence[str]) -> dict[str, str]:
    found = (re.match(r"  ([a-z_]+): (\S.*)", line) for line in block)
    return {m[1]: m[2].strip("'\" ") for m in found if m}


def _package(url: str, fields: Mapping[str, str], block: Sequence[str]) -> PixiPackage:
    stem = re.sub(r"\.(?:tar\.bz2|conda)$", "", url.rsplit("/", 1)[-1]).rsplit("-", 2)
    of_url = stem if len(stem) == 3 and url.endswith((".conda", ".tar.bz2")) else ["", "", ""]
    needs, section = set(), ""
    for line in block:
        key = re.match(r"  ([a-z_]+):", line)
        section = key[1] if key else section
        need = _NEED.match(line)
        if need and section in ("depends", "requires_dist"):
            needs.add(normalise(need[1]))
    name = fields.get("name") or of_url[0]
    return PixiPackage(normalise(name), fields.get("version") or of_url[1], frozenset(needs))


def _used(lines: Sequence[str], packages: Mapping[str, PixiPackage]) -> Iterator[Locked]:
    environment = platform = ""
    inside = False
    for number, line in enumerate(lines, 1):
        if re.match(r"\S", line):
            inside = line == "environments:"
        elif re.fullmatch(r"  [^\s-].*:", line):
            environment, platform = line.strip(" :'\""), ""
        elif re.fullmatch(r"      [^\s-].*:", line):
            platform = line.strip(" :'\"")
        used = _USED.match(line) if inside and platform else None
        if used:
            package = packages.get(used[2], PixiPackage("", "", frozenset()))
            manager = "conda" if used[1] == "conda" else "pip"
            where = f"{environment} {platform}"
            build = build_of(used[2])
            yield Locked(package.name, package.version, build, manager, where, number, package.needs)

"""A fast reader for ``uv.lock`` as uv writes it, most of which are packages of an index with their files.

It takes from a lock what the full reader takes, or declines: of a package that is written otherwise (a local one, one
with groups) the full reader reads its block, and of a lock that is unusual, all. A property test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._toml import load
from lifelint.facts.environment.uv_entry import UvEntry, entries

_PLAIN = lazy(r"[\n -~]*+")
_TEXT = r'"[ !#-\[\]-~]*+"'  # nothing escaped in it
_START = "[[package]]\n"
_FILE = (
    rf'\{{ url = {_TEXT}, hash = "sha[0-9]++:[0-9a-f]++"'
    rf"(?:, size = [1-9][0-9]{{0,17}}+)?+(?:, upload-time = {_TEXT})?+ \}}"
)
_EDGE = (
    rf"    \{{ name = {_TEXT}(?:, version = {_TEXT})?+(?:, source = \{{ registry = {_TEXT} \}})?+"
    rf"(?:, extra = \[{_TEXT}(?:, {_TEXT})*+\])?+(?:, marker = {_TEXT})?+ \}},\n"
)
_PACKAGE = lazy(
    rf"name = ({_TEXT})\nversion = ({_TEXT})\nsource = \{{ registry = ({_TEXT}) \}}\n"
    rf"(?:resolution-markers = \[\n(?:    {_TEXT},\n)++\]\n)?+"
    rf"(?:dependencies = \[\n((?:{_EDGE})++)\]\n)?+"
    rf"(sdist = {_FILE}\n)?+(wheels = \[\n(?:    {_FILE},\n)++\]\n)?+"
)
_NAME = lazy(r'^    \{ name = "([^"]*+)"', re.MULTILINE)


def read(text: str) -> tuple[Mapping[str, Any], Sequence[UvEntry]] | None:
    """What stands before the packages of a lock, and these; ``None`` where that is left to the full reader."""
    if not _PLAIN.fullmatch(text) or '"""' in text or "'''" in text:
        return None
    head, *blocks = f"\n{text}".split(f"\n{_START}")
    try:
        document = load(head.encode())
        read = [_package(block) or _other(block) for block in blocks]
    except Unreadable:
        return None
    found = [entry for entry in read if entry is not None]
    return (document, found) if len(found) == len(blocks) and "package" not in document else None


def _package(block: str) -> UvEntry | None:
    found = _PACKAGE.fullmatch(block[:-1] if block.endswith("\n\n") else block)
    if found is None:
        return None
    name, version, registry, edges, sdist, wheels = found.groups("")
    hashed = True if sdist or wheels else None
    return UvEntry(name[1:-1], version[1:-1], {"registry": registry[1:-1]}, {}, _NAME.findall(edges), hashed)


def _other(block: str) -> UvEntry | None:
    document = load(f"{_START}{block}".encode())
    found = entries(document)
    return found[0] if document.keys() == {"package"} and len(found) == 1 else None

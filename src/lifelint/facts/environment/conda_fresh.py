"""Whether a ``conda-lock.yml`` still belongs to the environment files it was made from.

By the digests of the files where it keeps them, else by satisfaction on every platform: its own content hash rests on
tables of the program that made it.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts._yaml import decode
from lifelint.facts.environment import conda_satisfied
from lifelint.facts.environment.conda import CondaFile, parse_conda
from lifelint.facts.environment.nouns import Requirement, Verdict
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pyproject import table, texts

# conda-lock ``selectors.py``: the words that stand for a platform behind a line of an environment file.
_SELECTORS: Mapping[str, frozenset[str]] = {
    "linux-64": frozenset({"linux64", "unix", "linux"}),
    "linux-aarch64": frozenset({"aarch64", "unix", "linux"}),
    "linux-ppc64le": frozenset({"ppc64le", "unix", "linux"}),
    "osx-64": frozenset({"osx64", "osx", "unix"}),
    "osx-arm64": frozenset({"arm64", "osx", "unix"}),
    "win-64": frozenset({"win", "win64"}),
}
_SELECTED = lazy(r"[^#]+#[^\[\]]*\[([^\[\]]+)\][^()]*")


class _Input(NamedTuple):
    path: str
    content: CondaFile
    lines: Sequence[str]


def judge(source: Source, path: str, lock: OtherLock) -> Verdict:
    """The verdict on the lock at ``path``."""
    written = lock.sources
    if not written:
        return Verdict(None, "it does not name the files it was made from")
    folder = posixpath.dirname(path)
    places = [posixpath.normpath(posixpath.join(folder, name)) for name in written]
    missing = next((place for place in places if not source.is_file(place)), None)
    if missing:
        return Verdict(None, f"{missing}, from which it was made, is not tracked")
    digests = [_same_digest(source, lock, *pair) for pair in zip(places, written, strict=True)]
    if all(digests):
        return Verdict(True, f"its digests are those of {' and '.join(places)}")
    inputs = [_read(source, place) for place in places]
    verdict = _judge_inputs([i for i in inputs if i], lock) if all(inputs) else None
    if verdict is None:
        unread = next((p for p, i in zip(places, inputs, strict=True) if i is None), "")
        verdict = Verdict(None, f"{unread} is no environment file that lifelint reads")
    if False in digests and verdict.fresh:
        changed = places[digests.index(False)]
        return Verdict(None, f"{changed} was changed since, but all that it asks for is locked")
    return verdict


def _same_digest(source: Source, lock: OtherLock, place: str, written: str) -> bool | None:
    recorded = table(lock.document, "inputs_metadata", written)
    data = (source.bytes(place) or b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if isinstance(recorded.get("sha256"), str):
        return bool(hashlib.sha256(data).hexdigest() == recorded["sha256"])
    if isinstance(recorded.get("md5"), str):
        return bool(hashlib.md5(data, usedforsecurity=False).hexdigest() == recorded["md5"])
    return None


def _read(source: Source, place: str) -> _Input | None:
    data = source.bytes(place) or b""
    if not place.endswith((".yml", ".yaml")) or b"{{" in data or b"{%" in data:
        return None
    content = source.parse(place, parse_conda)
    if content is None or content.includes or content.broken:
        return None
    return _Input(place, content, decode(data).splitlines())


def _judge_inputs(inputs: Sequence[_Input], lock: OtherLock) -> Verdict:
    if not all(entry.name and entry.version and entry.platform for entry in lock.entries):
        return Verdict(None, "a package in it has no name, version or platform")
    unsure: list[str] = []
    platforms = texts(lock.document.get("platforms")) or sorted({entry.platform for entry in lock.entries})
    for platform in platforms:
        wanted = []
        for one in inputs:
            found = list(_wanted(one, platform))
            if None in found:
                return Verdict(None, f"what a selector in {one.path} means on {platform} is not known")
            wanted += [r for r in found if r is not None]
        held = [entry for entry in lock.entries if entry.platform == platform]
        for verdict in conda_satisfied.differences(wanted, held, f" on {platform}"):
            if verdict.fresh is False:
                return verdict
            unsure.append(verdict.why)
    if unsure:
        return Verdict(None, unsure[0])
    return Verdict(True, f"it satisfies {' and '.join(one.path for one in inputs)} on {', '.join(platforms)}")


def _wanted(one: _Input, platform: str) -> Iterator[Requirement | None]:
    """What an environment file asks for on a platform; ``None`` for a line that cannot be told."""
    python = one.content.python_line
    requirements = list(one.content.requirements)
    if python:
        spec = Requirement("", python, "python", "python", specifier=one.content.python)
        requirements.append(spec)
    for requirement in requirements:
        line = one.lines[requirement.line - 1] if 0 < requirement.line <= len(one.lines) else ""
        selected = _SELECTED.fullmatch(line)
        if selected and platform not in _SELECTORS:
            yield None
        elif not selected or selected[1] in _SELECTORS[platform]:
            yield requirement._replace(path=one.path)

"""Whether a ``pylock.toml`` (PEP 751) still belongs to what it was made from.

The format itself keeps no record of that: PDM adds its hash, uv a comment with the command, and pip may name a folder.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lifelint.facts._source import Source
from lifelint.facts.environment import compiled_fresh, pdm_fresh
from lifelint.facts.environment.compiled import Compiled, read_header
from lifelint.facts.environment.nouns import Requirement, Verdict
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pip_files import RequirementsFile
from lifelint.facts.environment.pyproject import table, tables
from lifelint.facts.environment.requirement import normalise
from lifelint.facts.environment.uv_lock import parse_uv_lock

_LOCAL = ("vcs", "directory", "archive")


def judge(source: Source, path: str, lock: OtherLock) -> Verdict:
    """The verdict on the lock at ``path``."""
    if lock.document.get("lock-version") != "1.0":
        return Verdict(None, f"version {lock.document.get('lock-version')} of the format is not known")
    pdm = table(lock.document, "tool", "pdm")
    if "lock_inputs" in pdm:
        return Verdict(None, "it keeps lock_inputs instead of a content hash, which lifelint does not recompute")
    recorded = table(pdm, "hashes").get("sha256")
    if isinstance(recorded, str):
        return pdm_fresh.judge_hash(source, path, lock, recorded)
    compiled = read_header(lock.header) or _of_pip(lock)
    if compiled is None:
        return Verdict(None, "it names no command or hash by which it could be compared")
    pins = tuple(_pins(lock))
    listed = RequirementsFile(pins, (), (), lock.header, tuple(() for _ in pins), ())
    if compiled.tool == "uv export":
        beside = posixpath.join(posixpath.dirname(path), "uv.lock")
        uv = source.parse(beside, parse_uv_lock) if source.is_file(beside) else None
        return compiled_fresh.judge_export(listed, uv)
    made_from = compiled_fresh.sources_of(source, path, compiled)
    return compiled_fresh.judge_compiled(source, path, listed, compiled, made_from)


def _of_pip(lock: OtherLock) -> Compiled | None:
    """``pip lock .`` leaves the folder itself as a package; from a requirements file nothing remains."""
    folders = (table(entry, "directory").get("path") for entry in tables(lock.document.get("packages")))
    own = lock.document.get("created-by") == "pip" and any(folder in (".", "./") for folder in folders)
    return Compiled("pip lock", "pip lock .", ("pyproject.toml",)) if own else None


def _pins(lock: OtherLock) -> Iterator[Requirement]:
    for entry, line in zip(tables(lock.document.get("packages")), lock.lines, strict=True):
        name, version = normalise(str(entry.get("name"))), entry.get("version")
        place = next((entry[key] for key in _LOCAL if isinstance(entry.get(key), dict)), None)
        url = "" if place is None else f"{place.get('url') or place.get('path') or ''}@{place.get('commit-id') or ''}"
        specifier = f"=={version}" if version is not None else ""
        yield Requirement("", line, name, name, specifier=specifier, url=url, marker=str(entry.get("marker") or ""))

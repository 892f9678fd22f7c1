"""The versions that a lock holds, whatever wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lifelint.facts._source import Source
from lifelint.facts.environment.nouns import Lock

Versions = Mapping[str, frozenset[str]]


def versions(source: Source, lock: Lock) -> Versions:
    """Package → its locked versions (one for each kind of environment); empty for what is not known how to read."""
    if lock.tool == "uv":
        from lifelint.facts.environment.uv_lock import parse_uv_lock

        uv = source.parse(lock.path, parse_uv_lock)
        return uv.versions if uv else {}
    if lock.tool in ("poetry", "pipenv"):
        from lifelint.facts.environment.hashed_locks import parse_pipfile_lock, parse_poetry_lock

        hashed = source.parse(lock.path, parse_poetry_lock if lock.tool == "poetry" else parse_pipfile_lock)
        return hashed.versions if hashed else {}
    if lock.tool in ("pdm", "pylock"):
        from lifelint.facts.environment.other_locks import parse_pdm_lock, parse_pylock

        other = source.parse(lock.path, parse_pdm_lock if lock.tool == "pdm" else parse_pylock)
        return other.versions if other else {}
    if lock.tool in ("conda-lock", "pixi"):
        from lifelint.facts.environment.conda_locks import parse_conda_lock
        from lifelint.facts.environment.pixi_lock import parse_pixi_lock

        conda = source.parse(lock.path, parse_conda_lock if lock.tool == "conda-lock" else parse_pixi_lock)
        return _gathered((entry.name, entry.version) for entry in conda.entries) if conda else {}
    if lock.tool in ("conda", "renv"):
        return {}
    from lifelint.facts.environment.pip_files import parse_requirements

    listed = source.parse(lock.path, parse_requirements)
    return _gathered((r.name, r.specifier.lstrip("=")) for r in listed.requirements if r.exact) if listed else {}


def _gathered(pairs: Iterable[tuple[str, str]]) -> Versions:
    found: dict[str, frozenset[str]] = {}
    for name, version in pairs:
        found[name] = found.get(name, frozenset()) | {version}
    return found

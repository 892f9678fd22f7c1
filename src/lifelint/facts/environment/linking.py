"""Locks with the manifests they belong to, and the verdict on each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.facts._source import Source, Unreadable
from lifelint.facts.environment import requirements_tree
from lifelint.facts.environment.compiled import read_header
from lifelint.facts.environment.nouns import Lock, Manifest, Verdict
from lifelint.facts.environment.pip_files import RequirementsFile, parse_requirements

# What reads and compares one kind of lock is imported where there is one of that kind.
if TYPE_CHECKING:
    from lifelint.facts.environment.hashed_locks import HashedLock
    from lifelint.facts.environment.other_locks import OtherLock
    from lifelint.facts.environment.pipfile import Pipfile
    from lifelint.facts.environment.pyproject import Pyproject

_PYLOCK = r"pylock(?:\.[^.]+)?\.toml"
_CONDA_LOCK = r"(?:.*[.-])?conda-lock\.ya?ml"
_EXPLICIT = r"conda-.*\.lock|.*\.pin\.txt|.*explicit.*\.txt|spec-(?:file|list).*\.txt"
_NOT_COMPARED = "lifelint does not compare this kind of lock with its manifest"


# Few names get as far as a pattern, which costs more to compile than all else here.
def _is_pylock(name: str) -> bool:
    return name.startswith("pylock.") and re.fullmatch(_PYLOCK, name) is not None


def _is_conda_lock(name: str) -> bool:
    return "conda-lock.y" in name and re.fullmatch(_CONDA_LOCK, name) is not None


def _is_explicit(name: str) -> bool:
    return any(word in name for word in ("conda-", ".pin.", "explicit", "spec-")) and bool(
        re.fullmatch(_EXPLICIT, name)
    )


def all_locks(source: Source, manifests: Sequence[Manifest]) -> Iterator[Lock]:
    """Every lock, in the order of their paths."""
    at = {manifest.path: manifest for manifest in manifests}
    source.prefetch(
        source.named("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pixi.lock", "renv.lock")
        + source.names(_is_pylock)
        + source.names(_is_conda_lock)
    )
    found = [*_uv(source), *_hashed(source, at), *_listed(source, at), *_others(source, at), *_renvs(source)]
    return iter(sorted(found, key=lambda lock: lock.path))


def _beside(path: str, name: str) -> str:
    return posixpath.join(posixpath.dirname(path), name)


def _uv(source: Source) -> Iterator[Lock]:
    paths = source.named("uv.lock")
    if not paths:
        return
    from lifelint.facts.environment import uv_fresh
    from lifelint.facts.environment.pyproject import parse_pyproject
    from lifelint.facts.environment.uv_lock import parse_uv_lock
    from lifelint.facts.environment.uv_workspace import workspace

    for path in paths:
        lock = source.parse(path, parse_uv_lock)
        if lock is None:
            continue
        manifest = _beside(path, "pyproject.toml")
        root = source.parse(manifest, parse_pyproject) if source.is_file(manifest) else None
        members = workspace(source, posixpath.dirname(path), root.document) if root else None
        verdict = uv_fresh.judge(source, path, lock)
        yield Lock(
            path,
            0,
            "uv",
            manifest if root else "",
            tuple(dict.fromkeys([manifest, *(member.path for member in members or ())])) if root else (),
            sum(len(found) for found in lock.versions.values()),
            verdict.fresh,
            verdict.why,
            path,
            verdict.line,
            lock.hashed,
            lock.unhashed,
            lock.unhashed_line,
            str(lock.document.get("requires-python") or ""),
            lock.requires_python_line,
        )


def _hashed(source: Source, manifests: Mapping[str, Manifest]) -> Iterator[Lock]:
    paths = source.named("poetry.lock", "Pipfile.lock")
    if not paths:
        return
    from lifelint.facts.environment.hashed_locks import parse_pipfile_lock, parse_poetry_lock

    for path in paths:
        tool, name = ("poetry", "pyproject.toml") if path.endswith("poetry.lock") else ("pipenv", "Pipfile")
        lock = source.parse(path, parse_poetry_lock if tool == "poetry" else parse_pipfile_lock)
        if lock is None:
            continue
        manifest = _beside(path, name)
        verdict = _hash_verdict(source, tool, manifest, lock, manifests.get(manifest))
        yield Lock(
            path,
            0,
            tool,
            manifest if source.is_file(manifest) else "",
            (manifest,) if source.is_file(manifest) else (),
            len(lock.versions),
            verdict.fresh,
            verdict.why,
            path,
            verdict.line,
            lock.hashed,
            lock.unhashed,
            lock.unhashed_line,
            lock.requires_python,
            lock.requires_python_line,
        )


def _hash_verdict(source: Source, tool: str, path: str, lock: HashedLock, manifest: Manifest | None) -> Verdict:
    from lifelint.facts.environment.hashed_locks import pipfile_hashes, poetry_hashes, unsatisfied
    from lifelint.facts.environment.pipfile import parse_pipfile
    from lifelint.facts.environment.pyproject import parse_pyproject

    if not source.is_file(path):
        return Verdict(None, f"there is no {posixpath.basename(path)} beside it")
    parsed: Pyproject | Pipfile | None
    parsed = source.parse(path, parse_pyproject) if tool == "poetry" else source.parse(path, parse_pipfile)
    if parsed is None:
        return Verdict(None, f"{path} could not be read")
    try:
        if tool == "poetry":
            expected = poetry_hashes(parsed.document, lock.tool_version)
        else:
            expected = pipfile_hashes(parsed.document)
    except Unreadable as error:
        return Verdict(None, f"{path} {error.message}")
    if lock.recorded in expected:
        return Verdict(True, f"its content hash {lock.recorded[:12]}… is that of {path}")
    wanted = [r for r in manifest.dependencies if r.role != "build" and not r.url] if manifest else []
    first = next(unsatisfied(wanted, lock.versions), "")
    hashes = f"the content hash of {path} is {expected[0][:12]}…, the lock was made for {lock.recorded[:12]}…"
    return Verdict(False, f"{first} ({hashes})" if first else hashes, lock.line)


def _listed(source: Source, manifests: Mapping[str, Manifest]) -> Iterator[Lock]:
    for path in requirements_tree.candidates(source):
        parsed = source.parse(path, parse_requirements)
        if parsed is None or requirements_tree.is_explicit(parsed):
            continue
        compiled = read_header(parsed.header)
        if compiled is None:
            if requirements_tree.is_freeze(path) and parsed.requirements:
                yield _frozen(path, parsed, manifests)
            continue
        from lifelint.facts.environment import compiled_fresh

        made_from = compiled_fresh.sources_of(source, path, compiled)
        if compiled.tool == "uv export":
            from lifelint.facts.environment.uv_lock import parse_uv_lock

            beside = _beside(made_from[0] if made_from else path, "uv.lock")
            lock = source.parse(beside, parse_uv_lock) if source.is_file(beside) else None
            verdict = compiled_fresh.judge_export(parsed, lock)
        elif compiled.tool == "rye":
            verdict = Verdict(None, _NOT_COMPARED)
            made_from = (_beside(path, "pyproject.toml"),)
        else:
            verdict = compiled_fresh.judge_compiled(source, path, parsed, compiled, made_from)
        yield _list_lock(path, compiled.tool, parsed, made_from, verdict)


def _frozen(path: str, parsed: RequirementsFile, manifests: Mapping[str, Manifest]) -> Lock:
    from lifelint.facts.environment import compiled_fresh

    folder = posixpath.dirname(path)
    covers = tuple(
        m.path
        for m in manifests.values()
        if posixpath.dirname(m.path) == folder and compiled_fresh.covered(m, parsed.requirements)
    )
    return _list_lock(path, "pip freeze", parsed, covers, Verdict(None, _NOT_COMPARED))


def _list_lock(path: str, tool: str, parsed: RequirementsFile, covers: Sequence[str], verdict: Verdict) -> Lock:
    from lifelint.facts.environment.compiled_fresh import hash_state

    hashed, unhashed, line = hash_state(parsed.requirements)
    return Lock(
        path,
        0,
        tool,
        covers[0] if covers else "",
        tuple(covers),
        len({r.name for r in parsed.requirements}),
        verdict.fresh,
        verdict.why,
        path,
        verdict.line,
        hashed,
        unhashed,
        line,
    )


def _others(source: Source, manifests: Mapping[str, Manifest]) -> Iterator[Lock]:
    kinds: Sequence[tuple[str, Sequence[str], Sequence[str]]] = (
        ("pdm", source.named("pdm.lock"), ("pyproject.toml",)),
        ("pylock", source.names(_is_pylock), ("pyproject.toml",)),
        ("conda-lock", source.names(_is_conda_lock), ("environment.yml", "environment.yaml")),
        ("pixi", source.named("pixi.lock"), ("pixi.toml", "pyproject.toml")),
        ("conda", _explicit(source), ()),
    )
    for tool, paths, names in kinds:
        for path in paths:
            parser, judge = _comparison(tool)
            lock = source.parse(path, parser)
            if lock is not None:
                covers = _covers(path, lock.sources or names, manifests)
                yield _other(path, tool, lock, covers, judge(source, path, lock))


def _renvs(source: Source) -> Iterator[Lock]:
    for path in source.named("renv.lock"):
        from lifelint.facts.environment import renv_lock

        lock = source.parse(path, renv_lock.parse_renv_lock)
        if lock is not None:
            beside = _beside(path, "DESCRIPTION")
            manifest = beside if source.is_file(beside) else ""
            verdict = renv_lock.judge(source, path, lock)
            covers = (manifest,) if manifest else ()
            count = len(lock.versions)
            yield Lock(path, 0, "renv", manifest, covers, count, verdict.fresh, verdict.why, path, verdict.line)


def _comparison(tool: str) -> tuple[Callable[[bytes], OtherLock], Callable[[Source, str, OtherLock], Verdict]]:
    """What reads one kind of lock, and what compares it with its manifest."""
    from lifelint.facts.environment import other_locks

    if tool == "pdm":
        from lifelint.facts.environment import pdm_fresh

        return other_locks.parse_pdm_lock, pdm_fresh.judge
    if tool == "pylock":
        from lifelint.facts.environment import pylock_fresh

        return other_locks.parse_pylock, pylock_fresh.judge
    if tool == "conda-lock":
        from lifelint.facts.environment import conda_fresh, conda_locks

        return conda_locks.parse_conda_lock, conda_fresh.judge
    if tool == "pixi":
        from lifelint.facts.environment import pixi_fresh, pixi_lock

        return pixi_lock.parse_pixi_lock, pixi_fresh.judge
    return other_locks.parse_explicit, _not_compared


def _not_compared(source: Source, path: str, lock: OtherLock) -> Verdict:
    return Verdict(None, _NOT_COMPARED)


def _explicit(source: Source) -> list[str]:
    return [path for path in source.names(_is_explicit) if b"@EXPLICIT" in (source.bytes(path) or b"")]


def _covers(path: str, names: Sequence[str], manifests: Mapping[str, Manifest]) -> tuple[str, ...]:
    """The manifests that the lock names, or that stand beside it under the usual name or its own stem."""
    own = re.sub(r"\.[\w-]+\.pin\.txt$", "", posixpath.basename(path))
    stems = [f"{own}.yaml", f"{own}.yml"] if path.endswith(".pin.txt") else []
    known = (posixpath.normpath(_beside(path, name)) for name in (*names, *stems))
    return tuple(dict.fromkeys(place for place in known if place in manifests))


def _other(path: str, tool: str, lock: OtherLock, covers: Sequence[str], verdict: Verdict) -> Lock:
    return Lock(
        path,
        0,
        tool,
        covers[0] if covers else "",
        tuple(covers),
        lock.packages,
        verdict.fresh,
        verdict.why,
        path,
        verdict.line,
        lock.hashed,
        lock.unhashed,
        lock.unhashed_line,
        lock.requires_python,
    )

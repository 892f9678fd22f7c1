"""Whether compiled requirements still satisfy their sources, and exports still agree with their lock.

Compilers keep no hash, so freshness is satisfaction: everything asked for is pinned to a version that fits, and nothing
is pinned only because of a request that is gone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.environment import requirements_tree
from lifelint.facts.environment.compiled import Compiled, default_sources
from lifelint.facts.environment.hashed_locks import summary
from lifelint.facts.environment.nouns import Manifest, Requirement, Verdict
from lifelint.facts.environment.pip_files import RequirementsFile, parse_requirements
from lifelint.facts.environment.pyproject import Pyproject, parse_pyproject
from lifelint.facts.environment.setuptools_files import SetupFile, parse_setup_cfg, parse_setup_py
from lifelint.facts.environment.uv_lock import UvLock

_UNSAFE = frozenset({"pip", "setuptools", "wheel", "distribute"})
_NAMED = lazy(r"^[\w.-]+\s*(?:\[[^\]]*\]\s*)?@|[#&]egg=")
_OVERRIDING = ("--override", "--overrides", "--excludes")


def sources_of(source: Source, path: str, compiled: Compiled) -> tuple[str, ...]:
    """The tracked files a compiled file was made from, empty when one of them is not known."""
    written = compiled.sources
    if not written:
        written = tuple(n for n in default_sources(compiled) if _locate(source, path, n, compiled))[:1]
    if not written and compiled.tool in ("pip-compile", "pip-compile-multi", "uv pip compile"):
        beside = path.rsplit(".", 1)[0] + ".in"
        written = (posixpath.basename(beside),) if source.is_file(beside) else ()
    found = [_locate(source, path, name, compiled) for name in written]
    return tuple(f for f in found if f) if all(found) else ()


def _locate(source: Source, path: str, written: str, compiled: Compiled) -> str:
    """The tracked file that a compiler read as ``written``; nothing where several could be meant."""
    if "$" in written or written.startswith(("/", "~", "-")):
        return ""
    found = []
    for folder in _folders(path, compiled):
        place = posixpath.normpath(posixpath.join(folder, written))
        meant = [p for p in (place, f"{place}/pyproject.toml", f"{place}/setup.py") if source.is_file(p)]
        found += meant[:1]
    return found[0] if len(found) == 1 else ""


def _folders(path: str, compiled: Compiled) -> list[str]:
    """Where the compiler can have run: as its output option tells, else in the folder of its output or one above."""
    for name, value in compiled.options:
        output = posixpath.normpath(value)
        if name in ("-o", "--output-file", "--output") and f"/{path}".endswith(f"/{output}"):
            return [path[: -len(output)].rstrip("/")]
    folders = [posixpath.dirname(path)]
    while folders[-1]:
        folders.append(posixpath.dirname(folders[-1]))
    return folders


class Asked(NamedTuple):
    """What a source asks for. ``certain`` must be pinned; ``possible`` may be (extras, groups, other platforms).

    ``unnamed`` is an address or a path that names no package: what it is called is known when it is built.
    """

    certain: tuple[Requirement, ...]
    possible: frozenset[str]
    unnamed: str = ""


def _asked(source: Source, path: str, compiled: Compiled) -> Asked | None:
    if path.endswith((".toml", ".py", ".cfg")):
        parsed: Pyproject | SetupFile | None
        if path.endswith(".toml"):
            parsed = source.parse(path, parse_pyproject)
        else:
            parsed = source.parse(path, parse_setup_cfg if path.endswith(".cfg") else parse_setup_py)
        if (
            parsed is None
            or parsed.dynamic
            or (isinstance(parsed, Pyproject) and (parsed.includes or parsed.tool == "poetry"))
        ):
            return None
        every = tuple(r._replace(path=path) for r in parsed.requirements)
        only = compiled.has("--group", "--only-group", "--no-dev", "--only-dev")
        certain = () if only else tuple(r for r in every if not r.group)
        return Asked(certain, frozenset(r.name for r in every))
    parsed_file = source.parse(path, parse_requirements)
    if parsed_file is None:
        return None
    closure = requirements_tree.resolve(source, path, parsed_file)
    if any(not include.found for include in closure.includes) or closure.broken:
        return None
    unnamed = next((r.written for r in closure.requirements if r.url and not _NAMED.search(r.written)), "")
    return Asked(closure.requirements, frozenset(r.name for r in closure.requirements), unnamed)


def judge_compiled(
    source: Source, path: str, parsed: RequirementsFile, compiled: Compiled, sources: Sequence[str]
) -> Verdict:
    """Whether compiled requirements satisfy their sources."""
    if not sources:
        shown = compiled.command or "its header"
        return Verdict(None, f"the files it was compiled from are not known from `{shown[:120]}`")
    found = [_asked(source, name, compiled) for name in sources]
    asked = [a for a in found if a is not None]
    if len(asked) != len(found):
        return Verdict(None, "what its sources ask for cannot be read statically")
    if compiled.has(*_OVERRIDING):
        return Verdict(None, "it was compiled with overrides")
    pinned = parsed.requirements
    if compiled.tool == "pip-compile-multi":
        whole = requirements_tree.resolve(source, path, parsed)
        if not all(include.found for include in whole.includes):
            return Verdict(None, "a compiled file that it includes is not tracked")
        pinned = whole.requirements
    pins = _pins(pinned)
    for wanted in (r for a in asked for r in a.certain):
        missed = _missed(wanted, pins)
        if missed is not None:
            return missed
    orphans = list(_orphans(parsed, asked))
    worst = next((one for one in orphans if one.fresh is False), next(iter(orphans), None))
    return worst or Verdict(True, f"it satisfies {' and '.join(sources)}")


def _pins(requirements: Sequence[Requirement]) -> Mapping[str, list[Requirement]]:
    pins: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        pins.setdefault(requirement.name, []).append(requirement)
    return pins


def _missed(wanted: Requirement, pins: Mapping[str, list[Requirement]]) -> Verdict | None:
    held = pins.get(wanted.name, [])
    where = f"{wanted.path}:{wanted.line}"
    if not held:
        excused = wanted.marker or wanted.name in _UNSAFE or wanted.name.startswith(".") or wanted.url
        return None if excused else Verdict(False, f"{wanted.name} is asked for in {where} and not pinned")
    if wanted.url or any(pin.url for pin in held):
        commit = re.search(r"@([0-9a-f]{40})\b", wanted.url)
        if commit and not any(commit[1] in pin.url for pin in held):
            return Verdict(False, f"{wanted.name} is asked for at commit {commit[1][:12]} in {where}", held[0].line)
    elif not (wanted.marker and len(held) > 1) and not _fits(wanted.specifier, held):
        # Several pins for several environments are left alone: which one answers is not known here.
        pinned = held[0].specifier.lstrip("=")
        return Verdict(False, f"{wanted.name} {wanted.specifier} in {where}, pinned here to {pinned}", held[0].line)
    return None


def _fits(specifier: str, held: Sequence[Requirement]) -> bool:
    from packaging.specifiers import SpecifierSet

    try:
        allowed = SpecifierSet(specifier)
        return any(allowed.contains(pin.specifier.lstrip("="), prereleases=True) for pin in held)
    except ValueError:
        return True


def _orphans(parsed: RequirementsFile, asked: Sequence[Asked]) -> Iterator[Verdict]:
    """Pins whose only reason, by their ``# via`` note, is a request that is gone."""
    possible = frozenset(name for one in asked for name in one.possible)
    unnamed = next((one.unnamed for one in asked if one.unnamed), "")
    for pin, notes in zip(parsed.requirements, parsed.via, strict=True):
        reasons = [_named_source(note) for note in notes if not note.startswith("-c ")]
        if reasons and all(reasons) and pin.name not in possible:
            why = f"{pin.name} is pinned for {reasons[0]}, but nothing it is compiled from asks for it"
            if pin.url and unnamed:
                yield Verdict(None, f"{why} by its name; what {unnamed} is called is not known here", pin.line)
            else:
                yield Verdict(False, f"{why} any more", pin.line)


def _named_source(note: str) -> str | None:
    listed = re.fullmatch(r"-r ([^\s/-]\S*)", note)
    project = re.fullmatch(r"\S+ \((\S*(?:pyproject\.toml|setup\.(?:py|cfg)))\)", note)
    return listed[1] if listed else project[1] if project else None


def judge_export(parsed: RequirementsFile, lock: UvLock | None) -> Verdict:
    """Whether the pins that ``uv export`` wrote are those of the ``uv.lock`` beside it."""
    if lock is None:
        return Verdict(None, "the uv.lock it was exported from is not tracked beside it")
    for pin in parsed.requirements:
        held = lock.versions.get(pin.name)
        version = pin.specifier.removeprefix("==")
        if pin.url or not pin.specifier.startswith("==") or version == pin.specifier:
            continue
        if held is None:
            return Verdict(False, f"{pin.name} is exported here and not in uv.lock", pin.line)
        if not _holds(version, held):
            return Verdict(False, f"{pin.name} is {version} here, uv.lock holds {', '.join(sorted(held))}", pin.line)
    return Verdict(True, "every pin is in uv.lock")


def _holds(version: str, held: frozenset[str]) -> bool:
    from packaging.utils import canonicalize_version

    return version in held or canonicalize_version(version) in {canonicalize_version(other) for other in held}


def hash_state(requirements: Sequence[Requirement]) -> tuple[str, str, int]:
    """How complete the hashes of a requirements file are; paths and version control cannot have any."""
    judged = [r for r in requirements if not r.url or r.hashed]
    return summary([(r.hashed, r.name, r.line) for r in judged])


def covered(manifest: Manifest, requirements: Sequence[Requirement]) -> bool:
    """Whether a frozen list pins everything that a manifest of pip's kind asks for without condition."""
    if manifest.tool in ("conda", "pixi"):
        return False
    names = {r.name for r in requirements}
    wanted = {r.name for r in manifest.dependencies if not r.marker and r.role == "runtime"}
    return bool(wanted) and wanted <= names and all(r.exact is not False for r in requirements)

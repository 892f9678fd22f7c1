"""Versions that are written down where they were left open, as a lock beside them already has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts.environment.locked import versions
from lifelint.facts.environment.requirement import split
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import place

if TYPE_CHECKING:
    from lifelint.facts.environment.libraries import Library
    from lifelint.facts.environment.nouns import Manifest, Requirement
    from lifelint.facts.installs import Install

_SUBSTITUTED = lazy(r"[$`{}]")


def installs(case: Case) -> Iterator[Change]:
    """Gives what is installed by name the one version that the project's locks and exact requirements have."""
    found: list[Install] = [
        one
        for one in case.share["installs"].items
        if one.exact is False and case.seen.subject in (f"{one.path}:{one.tool} install {one.name}", one.path)
    ]
    if any(one.where == "notebook" for one in found):
        raise CannotFix("a notebook is not edited: its lines are text in JSON that other programs write")
    for one in found:
        if one.tool != "pip":
            raise CannotFix("which build of a conda package is meant, no lock of other packages tells")
        held = _held(case, one.path)
        _agrees(case, one.path, held)
        text = case.texts[one.path]
        start, _ = place(text, one.line)
        yield _pinned(one.path, text, start, _command_end(text, start), one.written, _only(held, one.name))


def requirements(case: Case) -> Iterator[Change]:
    """Pins what a requirements file leaves open to the versions of a lock beside or above it, if that has all of it."""
    asked = {
        (one.path, one.line): one
        for manifest in case.share["manifests"].items
        if manifest.tool == "pip"
        for one in manifest.dependencies
    }
    found = [
        one for one in asked.values() if case.seen.subject == ":".join(filter(None, (one.path, one.group, one.name)))
    ]
    if not found:
        raise CannotFix("only requirements files are pinned in place; for others a lock is to be made")
    for one in found:
        if one.exact:
            continue
        held = _held(case, one.path, locks_only=True)
        for other in asked.values():
            if other.path == one.path and other.exact is False:
                _admitted(other.written.partition(";")[0], _only(held, other.name))
        text = case.texts[one.path]
        yield _pinned(one.path, text, *place(text, one.line), one.written, _only(held, one.name))


def _agrees(case: Case, path: str, held: Mapping[str, set[str]]) -> None:
    """Raises ``CannotFix`` where a lock is not of a file's environment: it lacks what is open there, or differs."""
    from lifelint.checks.containers import INSTALLERS

    exempt = case.rule.params.get("allowed", INSTALLERS)
    for other in case.share["installs"].items:
        if other.path == path and other.name not in exempt:
            if other.exact is False:
                _only(held, other.name)
            for version in held.get(other.name, ()):
                _admitted(other.written, version)


def served(case: Case) -> Iterator[Change]:
    """Narrows what is served in any version to the one that trains. A version that is named is a choice, and stays."""
    from lifelint.checks.parity import nearest

    libraries: list[Library] = list(case.share["libraries"].items)
    training = [one for one in libraries if one.side == "training"]
    for one in libraries:
        if one.side == "serving" and f"{one.manifest}:{one.name}" == case.seen.subject:
            trained = {version for other in nearest(one, training) for version in other.versions}
            if one.versions or len(trained) != 1:
                raise CannotFix("which of the versions is the right one is for you to decide")
            asked = _requirement(case, one)
            text = case.texts[asked.path]
            start, end = place(text, asked.line)
            yield _pinned(asked.path, text, start, end, asked.written, min(trained).partition("+")[0])


def _requirement(case: Case, library: Library) -> Requirement:
    for manifest in case.share["manifests"].items:
        for one in manifest.dependencies:
            if manifest.path == library.manifest and (one.path, one.line) == (library.path, library.line):
                asked: Requirement = one
                return asked
    raise CannotFix("what asks for it is not written in a line of its own")


def _held(case: Case, path: str, *, locks_only: bool = False) -> Mapping[str, set[str]]:
    """Package → its versions in the locks, or the requirements that are all exact, of the nearest folder around a file.

    Those of another folder are of another environment, and one exact requirement among open ones is not all of one.
    """
    folder = "" if path.startswith(".github/") else path.rpartition("/")[0]
    while True:
        found: dict[str, set[str]] = {}
        for lock in case.share["locks"].items:
            if lock.path.rpartition("/")[0] == folder:
                for name, several in versions(case.facts.source, lock).items():
                    found.setdefault(name, set()).update(several)
        for manifest in () if locks_only else case.share["manifests"].items:
            if manifest.path.rpartition("/")[0] == folder and manifest.role == "runtime":
                for name, version in _exact(manifest):
                    found.setdefault(name, set()).add(version)
        if found or not folder:
            return found
        folder = folder.rpartition("/")[0]


def _exact(manifest: Manifest) -> Sequence[tuple[str, str]]:
    """The packages and versions of a manifest that leaves none open."""
    matches = [(one.name, re.fullmatch(r"={2,3}\s*([^,*\s]+)", one.specifier)) for one in manifest.dependencies]
    if not all(one.exact for one in manifest.dependencies):
        return ()
    return [(name, match[1]) for name, match in matches if match]


def _only(held: Mapping[str, set[str]], name: str) -> str:
    known = sorted(held.get(name, ()))
    if len(known) != 1:
        told = f"the locks have {' and '.join(known)}" if known else "no lock beside it or above it has it"
        raise CannotFix(f"the version of {name} is not known here: {told}")
    return known[0]


def _command_end(text: str, start: int) -> int:
    """Where a command ends that goes on behind each backslash."""
    end = text.find("\n", start)
    while end > 0 and text[:end].rstrip("\r").endswith("\\"):
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _pinned(path: str, text: str, start: int, end: int, written: str, version: str) -> Change:
    """The requirement as it is ``written`` between two places, with one version, which it must admit."""
    if _SUBSTITUTED.search(written):
        raise CannotFix("it is substituted when the command runs")
    _admitted(written, version)
    head, semicolon, marker = written.partition(";")
    bare = re.match(r"\s*[\w.-]+\s*(?:\[[^\]]*\])?", head)
    places = [
        m.start() for m in re.finditer(rf"(?<![\w.\[=<>~!/@-]){re.escape(written)}(?![\w\[.=<>~!/@-])", text[start:end])
    ]
    if len(places) != 1 or bare is None:
        raise CannotFix(f"{written!r} is not written there once and alone")
    new = f"{bare[0].rstrip()}=={version}{f' {semicolon}{marker}' if semicolon else ''}"
    at = start + places[0]
    return Change(path, at, at + len(written), new)


def _admitted(written: str, version: str) -> None:
    """Raises ``CannotFix`` where a requirement does not admit a version that a lock has."""
    from packaging.specifiers import SpecifierSet

    try:
        parts = split(written)
    except ValueError as error:
        raise CannotFix(f"{written!r} is not a requirement: {error}") from None
    if parts.url or not SpecifierSet(parts.specifier).contains(version, prereleases=True):
        raise CannotFix(f"{written!r} does not admit {version}, which the lock has")

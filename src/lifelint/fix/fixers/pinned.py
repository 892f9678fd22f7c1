"""Versions that are written down where they were left open, as a lock beside them already has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lifelint.facts.environment.locked import versions
from lifelint.facts.environment.requirement import split
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import place

if TYPE_CHECKING:
    from lifelint.facts.environment.libraries import Library
    from lifelint.facts.environment.nouns import Requirement
    from lifelint.facts.installs import Install

_SUBSTITUTED = re.compile(r"[$`{}]")


def installs(case: Case) -> Iterator[Change]:
    """Gives what is installed by name the one version that the project's locks and exact requirements have."""
    held = _held(case)
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
        version = _only(held, one.name)
        text = case.texts[one.path]
        start, _ = place(text, one.line)
        yield _pinned(one.path, text, start, _command_end(text, start), one.written, version)


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


def _held(case: Case) -> Mapping[str, set[str]]:
    """Package → the versions that the project has of it by its locks, or where it has none by exact requirements."""
    found: dict[str, set[str]] = {}
    for lock in case.share["locks"].items:
        for name, several in versions(case.facts.source, lock).items():
            found.setdefault(name, set()).update(several)
    for manifest in case.share["manifests"].items:
        for one in manifest.dependencies if manifest.role == "runtime" else ():
            exact = re.fullmatch(r"={2,3}\s*([^,*\s]+)", one.specifier) if one.exact else None
            if exact:
                found.setdefault(one.name, set()).add(exact[1])
    return found


def _only(held: Mapping[str, set[str]], name: str) -> str:
    known = sorted(held.get(name, ()))
    if len(known) != 1:
        told = f"the locks have {' and '.join(known)}" if known else "no lock and no exact requirement has it"
        raise CannotFix(f"its version is not known here: {told}")
    return known[0]


def _command_end(text: str, start: int) -> int:
    """Where a command ends that goes on behind each backslash."""
    end = text.find("\n", start)
    while end > 0 and text[:end].rstrip("\r").endswith("\\"):
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _pinned(path: str, text: str, start: int, end: int, written: str, version: str) -> Change:
    """The requirement as it is ``written`` between two places, with one version, which it must admit."""
    from packaging.specifiers import SpecifierSet

    if _SUBSTITUTED.search(written):
        raise CannotFix("it is substituted when the command runs")
    try:
        parts = split(written)
    except ValueError as error:
        raise CannotFix(f"{written!r} is not a requirement: {error}") from None
    if parts.url or not SpecifierSet(parts.specifier).contains(version, prereleases=True):
        raise CannotFix(f"{written!r} does not admit {version}, which the lock has")
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

"""``renv.lock`` and ``DESCRIPTION``: what an R project asks for, and what renv froze (renv docs, "Lockfiles").

renv keeps no hash of what a lock was made from. In *explicit* mode the ``DESCRIPTION`` alone says what belongs in the
lock; in every other mode renv searches the code too, so that only a package that is asked for and missing is certain.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _json
from lifelint.facts._source import Source, Unreadable
from lifelint.facts._yaml import decode
from lifelint.facts.environment.nouns import Requirement, Verdict
from lifelint.facts.environment.pyproject import table, texts

_FIELDS = ("Depends", "Imports", "LinkingTo")
_BASE = frozenset(
    ("R", "base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines", "stats",
     "stats4", "tcltk", "tools", "utils")
)  # fmt: skip
_ITEM = lazy(r"([A-Za-z][A-Za-z0-9.]*)\s*(?:\(\s*(>=|<=|==|!=|>|<|=)\s*([0-9][0-9.-]*)\s*\))?")
_VERSION = lazy(r"[0-9]+(?:[.-][0-9]+)*")


class RenvLock(NamedTuple):
    """The versions an ``renv.lock`` holds by package, and the line of each."""

    versions: Mapping[str, str]
    lines: Mapping[str, int]


class Description(NamedTuple):
    """The packages that a ``DESCRIPTION`` asks for at run time."""

    name: str
    requirements: tuple[Requirement, ...]
    line: int


def parse_renv_lock(data: bytes) -> RenvLock:
    """The packages of an ``renv.lock`` of either version of the format."""
    document = _json.load(data)
    packages = table(document, "Packages")
    if not isinstance(document, dict) or "R" not in document or not isinstance(document.get("Packages"), dict):
        raise Unreadable("is not an renv lock: it has no R or no Packages")
    versions = {name: str(entry.get("Version") or "") for name, entry in packages.items() if isinstance(entry, dict)}
    lines: dict[str, int] = {}
    for number, line in enumerate(decode(data).splitlines(), 1):
        named = re.match(r'\s*"([A-Za-z0-9.]+)"\s*:\s*\{', line)
        if named and named[1] in versions:
            lines.setdefault(named[1], number)
    return RenvLock(versions, lines)


def parse_description(data: bytes) -> Description:
    """The fields of a ``DESCRIPTION`` (Debian control format; "Writing R Extensions", 1.1.1) that name packages."""
    found: list[Requirement] = []
    field, name, first = "", "", 0
    for number, line in enumerate(decode(data).splitlines(), 1):
        head = re.match(r"([A-Za-z][\w@-]*):", line)
        field = head[1] if head else field if line[:1].isspace() else ""
        text = line[head.end() :] if head else line
        if field == "Package" and head:
            name = text.strip()
        if field in _FIELDS:
            first = first or number
            found += _asked(text, number)
    return Description(name, tuple(found), first)


def _asked(text: str, line: int) -> Iterator[Requirement]:
    for match in _ITEM.finditer(text):
        if match[1] not in _BASE:
            specifier = f"{match[2]}{match[3]}" if match[2] else ""
            written = " ".join(match[0].split())
            exact, why = bool(match[2] in ("==", "=")), "more than one version"
            yield Requirement("", line, match[1], written, specifier=specifier, exact=exact, why=why)


def judge(source: Source, path: str, lock: RenvLock) -> Verdict:
    """Whether the lock holds what the ``DESCRIPTION`` beside it asks for."""
    folder = posixpath.dirname(path)
    manifest = posixpath.join(folder, "DESCRIPTION")
    asked = source.parse(manifest, parse_description) if source.is_file(manifest) else None
    if asked is None:
        return Verdict(None, "there is no DESCRIPTION beside it, and renv searches the code for what is used")
    settings = posixpath.join(folder, "renv/settings.json")
    given = source.parse(settings, _json.load) if source.is_file(settings) else {}
    kind = table(given).get("snapshot.type")
    ignored = {*texts(table(given).get("ignored.packages")), asked.name}
    if kind not in (None, "implicit", "explicit") or table(given).get("package.dependency.fields"):
        return Verdict(None, "renv/settings.json says that something else than DESCRIPTION decides what is locked")
    for wanted in asked.requirements:
        held = lock.versions.get(wanted.name)
        if wanted.name not in ignored and held is None:
            return Verdict(False, f"{wanted.name} is asked for in {manifest}:{wanted.line} and not in the lock")
        if wanted.name not in ignored and held and wanted.specifier and _fits(held, wanted.specifier) is False:
            where = f"{wanted.name} {wanted.specifier} in {manifest}:{wanted.line}"
            return Verdict(False, f"{where}, the lock holds {held}", lock.lines.get(wanted.name, 0))
    if kind == "explicit":
        return Verdict(True, f"it holds all that {manifest} asks for")
    return Verdict(None, f"it holds all that {manifest} asks for; what the code uses besides is not searched here")


def _fits(version: str, specifier: str) -> bool | None:
    """R compares versions number by number, and takes ``1.2-3`` for ``1.2.3`` (``package_version``)."""
    split = re.fullmatch(r"(>=|<=|==|!=|>|<|=)(.*)", specifier)
    if split is None or not _VERSION.fullmatch(version) or not _VERSION.fullmatch(split[2]):
        return None
    held, limit = ([int(part) for part in re.split(r"[.-]", text)] for text in (version, split[2]))
    return {
        ">=": held >= limit, "<=": held <= limit, ">": held > limit, "<": held < limit,
        "==": held == limit, "=": held == limit, "!=": held != limit,
    }[split[1]]  # fmt: skip

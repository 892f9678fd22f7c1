"""Requirements in the form in which uv compares manifest and lock: name, extras, versions, marker, source."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from lifelint.facts.environment.markers import Unjudged
from lifelint.facts.environment.pyproject import table, tables, texts
from lifelint.facts.environment.requirement import normalise, split
from lifelint.facts.environment.uv_lock import LOCAL

Origin = tuple[str, ...]
UNSURE: Origin = ("unsure",)
WORKSPACE: Origin = ("workspace",)


class Wanted(NamedTuple):
    """One requirement of a manifest, or of the metadata in a lock.

    ``origin`` is where the package comes from; for a folder ``kinds`` says how it may be (or was) installed.
    """

    name: str
    extras: frozenset[str]
    specifier: str
    marker: str
    origin: Origin
    kinds: frozenset[str] = frozenset()

    def shown(self) -> str:
        """How the requirement reads in a message."""
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        kind = "".join(f" ({kind})" for kind in sorted(self.kinds)) if len(self.kinds) < len(LOCAL) else ""
        place = f" from {' '.join(self.origin)}{kind}" if self.origin else ""
        return f"{self.name}{extras}{f' {self.specifier}' if self.specifier else ''}{place}" + (
            f" ; {self.marker}" if self.marker else ""
        )


class Sources(NamedTuple):
    """Where one member takes packages from: its ``[tool.uv.sources]``, over those of the workspace's root.

    ``folder`` is the member's and ``root`` the lock's, both from the repository's root.
    """

    folder: str
    root: str
    own: Mapping[str, Any]
    inherited: Mapping[str, Any]
    indexes: Mapping[str, str]
    packaged: Callable[[str], bool]

    def kinds(self, name: str) -> frozenset[str]:
        """How a package that comes from a folder may be installed; empty for all others.

        Without a build system the folder is ``virtual`` to older uv and a package to newer.
        """
        folder, value = self.stated(name)
        if not isinstance(value, dict) or not (value.get("workspace") or isinstance(value.get("path"), str)):
            return frozenset()
        kinds = {*LOCAL, "path"}
        if isinstance(value.get("path"), str):
            place = posixpath.normpath(posixpath.join(folder, value["path"]))
            if value.get("package") is True or (self.packaged(place) and value.get("package") is not False):
                kinds.discard("virtual")
        if isinstance(value.get("editable"), bool):
            kinds.discard("directory" if value["editable"] else "editable")
        return frozenset(kinds)

    def stated(self, name: str) -> tuple[str, Any]:
        """The entry of a package in ``[tool.uv.sources]``, and the folder it was written for."""
        return (self.folder, self.own[name]) if name in self.own else (self.root, self.inherited.get(name))

    def of(self, name: str) -> Origin:
        """The origin of a package, ``UNSURE`` where it depends on conditions."""
        folder, value = self.stated(name)
        if value is None:
            return ()
        if not isinstance(value, dict) or {"marker", "extra", "group"} & set(value):
            return UNSURE
        if value.get("workspace"):
            return WORKSPACE
        if isinstance(value.get("path"), str):
            return self.local(posixpath.join(folder, value["path"]))
        return self._remote(value)

    def _remote(self, value: Mapping[str, Any]) -> Origin:
        if isinstance(value.get("git"), str):
            return _git(value["git"], [(k, str(value[k])) for k in ("rev", "tag", "branch") if value.get(k)])
        if isinstance(value.get("url"), str):
            return ("url", value["url"].partition("#")[0])
        url = self.indexes.get(str(value.get("index")))
        return ("index", _plain_url(url)) if url and url.startswith("http") else UNSURE

    def local(self, path: str) -> Origin:
        """A path of the repository, relative to the lock."""
        if path.startswith(("/", "~")) or "$" in path:
            return UNSURE
        return (
            "path",
            posixpath.normpath(posixpath.relpath(posixpath.join("/", path), posixpath.join("/", self.root))),
        )


def sources(
    document: Mapping[str, Any],
    root: Mapping[str, Any],
    folder: str,
    root_folder: str,
    packaged: Callable[[str], bool],
) -> Sources:
    """The sources of the member whose ``pyproject.toml`` is ``document``."""

    def named(where: Mapping[str, Any]) -> dict[str, Any]:
        return {normalise(name): value for name, value in table(where, "tool", "uv", "sources").items()}

    def indexes(where: Mapping[str, Any]) -> dict[str, str]:
        listed = tables(table(where, "tool", "uv").get("index"))
        return {str(i["name"]): str(i.get("url")) for i in listed if "name" in i}

    return Sources(folder, root_folder, named(document), named(root), indexes(root) | indexes(document), packaged)


def _plain_url(url: str) -> str:
    return re.sub(r"(://)[^/@]*@", r"\1", url).rstrip("/")


def _git(url: str, pins: Sequence[tuple[str, str]]) -> Origin:
    plain = _plain_url(url.removeprefix("git+").partition("#")[0]).removesuffix(".git")
    return ("git", plain, *(f"{kind}={value}" for kind, value in pins))


def from_text(text: str, sources: Sources, marker: str = "") -> Wanted:
    """A requirement of a manifest; ``marker`` is what extra or group add to its own.

    Raises:
        Unjudged: it is not PEP 508.
    """
    try:
        parts = split(text)
    except ValueError as error:
        raise Unjudged(str(error)) from None
    name = normalise(parts.name)
    origin = sources.of(name)
    kinds = sources.kinds(name)
    if parts.url:
        kinds = frozenset()
        origin = _from_url(parts.url)
    # uv keeps no version for what comes from one place (a folder, a commit, a URL).
    specifier = parts.specifier if origin[:1] in ((), ("index",)) else ""
    whole = f"({parts.marker}) and {marker}" if parts.marker and marker else parts.marker or marker
    return Wanted(name, frozenset(map(normalise, parts.extras)), specifier, whole, origin, kinds)


def _from_url(url: str) -> Origin:
    if url.startswith("git+"):
        base, at, revision = url.removeprefix("git+").partition("#")[0].rpartition("@")
        pinned = bool(at) and "/" in base.partition("://")[2]
        return _git(base, [("rev", revision)]) if pinned else _git(url, [])
    return ("url", url.partition("#")[0]) if url.startswith("http") else UNSURE


def from_entry(entry: Mapping[str, Any]) -> Wanted:
    """A requirement in a lock's metadata."""
    origin: Origin = ()
    kinds: frozenset[str] = frozenset()
    if isinstance(entry.get("git"), str):
        base, _, query = entry["git"].partition("#")[0].partition("?")
        pins = [(k, v) for k, v in parse_qsl(query) if k in ("rev", "tag", "branch")]
        origin = _git(base, pins)
    elif "url" in entry:
        origin = ("url", str(entry["url"]).partition("#")[0])
    elif "index" in entry:
        index = str(entry["index"])
        origin = ("index", _plain_url(index)) if index.startswith("http") else UNSURE
    else:
        kind = next((k for k in (*LOCAL, "path") if k in entry), "")
        kinds = frozenset({kind} - {""})
        if kind:
            origin = ("path", posixpath.normpath(str(entry[kind])))
    extras = frozenset(normalise(extra) for extra in texts(entry.get("extras")))
    specifier, marker = str(entry.get("specifier") or ""), str(entry.get("marker") or "")
    return Wanted(str(entry.get("name")), extras, specifier, marker, origin, kinds)


def groups(document: Mapping[str, Any]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Dependency groups with includes expanded: name to ``(requirement, marker that the group adds)``.

    Raises:
        Unjudged: an include that does not resolve.
    """
    named = {normalise(g): items for g, items in table(document, "dependency-groups").items()}
    pythons = {
        normalise(g): str(settings.get("requires-python") or "")
        for g, settings in table(document, "tool", "uv", "dependency-groups").items()
        if isinstance(settings, dict)
    }
    found = {group: list(_expand(group, named, pythons, ())) for group in named}
    legacy = table(document, "tool", "uv").get("dev-dependencies")
    if isinstance(legacy, list):
        found.setdefault("dev", []).extend((text, python_marker(pythons.get("dev", ""))) for text in texts(legacy))
    return found


def _expand(
    group: str, named: Mapping[str, Any], pythons: Mapping[str, str], above: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    if group in above or group not in named or not isinstance(named[group], list):
        raise Unjudged(f"the dependency group {group}")
    own = python_marker(pythons.get(group, ""))
    for item in named[group]:
        if isinstance(item, str):
            yield item, own
        elif isinstance(item, dict) and isinstance(item.get("include-group"), str):
            for text, marker in _expand(normalise(item["include-group"]), named, pythons, (*above, group)):
                yield text, f"{marker} and {own}" if own and marker else marker or own


def python_marker(requires_python: str) -> str:
    """A version range as a marker."""
    clauses = [c.strip() for c in requires_python.split(",") if c.strip()]
    matches = [re.fullmatch(r"(~=|===?|!=|<=|>=|<|>)\s*(\S+)", clause) for clause in clauses]
    if not all(matches):
        raise Unjudged(f"the range {requires_python!r}")
    return " and ".join(f"python_full_version {m[1]} '{m[2]}'" for m in matches if m)

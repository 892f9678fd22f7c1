"""Whether a ``uv.lock`` still belongs to its manifests, as ``uv lock --check`` decides it without resolving.

Compared are the sets that the lock remembers of each manifest. What depends on the machine (user configuration, time
limits, indexes that answer differently) is left out, and so are conditional sources and markers without a meaning.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._source import Source
from lifelint.facts.environment import uv_wanted
from lifelint.facts.environment.markers import Unjudged, same_range, signatures
from lifelint.facts.environment.nouns import Verdict
from lifelint.facts.environment.pyproject import Pyproject, parse_pyproject, table, texts
from lifelint.facts.environment.requirement import normalise
from lifelint.facts.environment.uv_compare import Place, compare, entries, merged
from lifelint.facts.environment.uv_lock import UvLock, UvPackage
from lifelint.facts.environment.uv_lock import members as locked_members
from lifelint.facts.environment.uv_wanted import from_text
from lifelint.facts.environment.uv_workspace import Member, is_package, workspace

_OPTIONS = (
    ("resolution-mode", "resolution", "highest"),
    ("prerelease-mode", "prerelease", "if-necessary-or-explicit"),
    ("fork-strategy", "fork-strategy", "requires-python"),
)


def judge(source: Source, path: str, lock: UvLock) -> Verdict:
    """The verdict on the lock at ``path``."""
    folder = posixpath.dirname(path)
    manifest = posixpath.join(folder, "pyproject.toml")
    if lock.document["version"] != 1:
        return Verdict(None, f"version {lock.document['version']} of the format is not known")
    if not source.is_file(manifest):
        return Verdict(None, "there is no pyproject.toml beside it")
    root = source.parse(manifest, parse_pyproject)
    found = workspace(source, folder, root.document) if root else None
    if root is None or found is None:
        return Verdict(None, "a pyproject.toml of its workspace could not be read")
    try:
        difference = next(_differences(source, folder, lock, root, found), None)
    except Unjudged as error:
        return Verdict(None, f"it rests on {error}")
    return difference or Verdict(True, "its metadata equals the manifest's")


def _differences(
    source: Source, folder: str, lock: UvLock, root: Pyproject, members: Sequence[Member]
) -> Iterator[Verdict]:
    requires_python = str(lock.document.get("requires-python") or "")

    def packaged(place: str) -> bool:
        path = posixpath.join(place, "pyproject.toml")
        parsed = source.parse(path, parse_pyproject) if source.is_file(path) else None
        return parsed is not None and is_package(parsed.document)

    yield from _members(lock, root, members)
    for package in lock.packages:
        member = _manifest_of(source, folder, package, members)
        if member is None:
            continue
        sources = uv_wanted.sources(member.document, root.document, member.folder, folder, packaged)
        yield from _metadata(member, package, sources, requires_python)
    yield from _python(lock, members)
    sources = uv_wanted.sources(root.document, root.document, folder, folder, packaged)
    yield from _settings(
        lock, root.document, sources, requires_python, bool(source.is_file(f"{folder}/uv.toml".strip("/")))
    )
    if lock.dangling:
        yield Verdict(False, lock.dangling)
    for package in lock.packages:
        member = _manifest_of(source, folder, package, members)
        if member is not None:
            yield from _identity(member, package, folder)


def _manifest_of(source: Source, folder: str, package: UvPackage, members: Sequence[Member]) -> Member | None:
    """The manifest of a local package: a member of the workspace, or a folder that a path points to."""
    kind = next(iter(package.source))
    place = posixpath.normpath(posixpath.join(folder, str(package.source[kind]))).removeprefix("./")
    place = "" if place == "." else place
    known = next((m for m in members if m.folder == place), None)
    if known is not None:
        return known
    path = posixpath.join(place, "pyproject.toml")
    parsed = source.parse(path, parse_pyproject) if source.is_file(path) else None
    return Member(place, path, parsed) if parsed and parsed.document.get("project") else None


def _members(lock: UvLock, root: Pyproject, members: Sequence[Member]) -> Iterator[Verdict]:
    names = {m.parsed.name for m in members if m.parsed.name}
    recorded = {normalise(name) for name in locked_members(lock)} or {
        p.name for p in lock.packages if str(next(iter(p.source.values()))) == "."
    }
    missing = sorted(names - recorded)
    if missing:
        yield Verdict(False, f"{missing[0]} is a member of the workspace, the lock was made without it")
    surplus = sorted(recorded - names)
    if surplus:
        name = root.name if len(names) == 1 and len(surplus) == 1 else ""
        yield Verdict(
            False, f"the lock was made for {surplus[0]}, which is not in the workspace" + (f" ({name} is)" * bool(name))
        )


def _metadata(
    member: Member, package: UvPackage, sources: uv_wanted.Sources, requires_python: str
) -> Iterator[Verdict]:
    project = table(member.document, "project")
    dynamic = texts(project.get("dynamic"))
    metadata = package.metadata or {}
    if "dependencies" in dynamic or "optional-dependencies" in dynamic:
        raise Unjudged(f"dependencies of {package.name} that are set when it is built (project.dynamic)")
    asked = merged([from_text(text, sources) for text in texts(project.get("dependencies"))], requires_python)
    extras = table(project, "optional-dependencies")
    for extra, items in extras.items():
        marker = f"extra == '{normalise(extra)}'"
        asked += merged([from_text(text, sources, marker) for text in texts(items)], requires_python)
    place = Place(member.path, package, "requires-dist")
    yield from compare(asked, entries(metadata.get("requires-dist")), place, requires_python)
    provided = {normalise(extra) for extra in texts(metadata.get("provides-extras"))}
    if "provides-extras" in metadata and provided != {normalise(extra) for extra in extras}:
        odd = sorted(provided ^ {normalise(extra) for extra in extras})[0]
        here = "is not in the lock" if odd not in provided else "is only in the lock"
        yield Verdict(False, f"the extra {odd} of {member.path} {here}", place.line("provides-extras", ""))
    groups = uv_wanted.groups(member.document)
    recorded = table(metadata, "requires-dev")
    for group, items in groups.items():
        if group not in recorded and items:
            yield Verdict(False, f"the group {group} of {member.path} is not in the lock", package.line)
    for group in sorted(set(recorded) | set(groups)):
        place = Place(member.path, package, group)
        if group not in groups:
            yield Verdict(False, f"the group {group} is only in the lock, not in {member.path}", place.line(group, ""))
        elif group not in recorded:
            yield Verdict(False, f"the empty group {group} of {member.path} is not in the lock", package.line)
        else:
            asked = merged([from_text(text, sources, marker) for text, marker in groups[group]], requires_python)
            yield from compare(asked, entries(recorded.get(group)), place, requires_python)


def _python(lock: UvLock, members: Sequence[Member]) -> Iterator[Verdict]:
    stated = [m for m in members if m.parsed.document.get("project", {}).get("requires-python")]
    recorded = str(lock.document.get("requires-python") or "")
    if not stated or not recorded:
        return
    asked = [str(m.parsed.document["project"]["requires-python"]) for m in stated]
    if not same_range(asked, [recorded]):
        shown = ",".join(dict.fromkeys(asked))
        where = stated[0].path if len(stated) == 1 else "the workspace"
        why = f"requires-python is {shown} in {where}, the lock was made for {recorded}"
        yield Verdict(False, why, lock.requires_python_line)


def _settings(
    lock: UvLock, root: Mapping[str, Any], sources: uv_wanted.Sources, requires_python: str, elsewhere: bool
) -> Iterator[Verdict]:
    """``[tool.uv]`` of the root; a ``uv.toml`` beside it takes its place and is not compared."""
    uv, manifest = table(root, "tool", "uv"), table(lock.document, "manifest")
    if not root.get("project"):
        # A workspace without a project at its root: the lock keeps the groups of the root by themselves.
        recorded = table(manifest, "dependency-groups")
        for group, items in uv_wanted.groups(root).items():
            asked = [from_text(text, sources, marker) for text, marker in items]
            place = Place(f"the group {group} of the workspace's pyproject.toml", None, group)
            yield from compare(asked, entries(recorded.get(group)), place, requires_python)
    if elsewhere:
        return
    for key, setting in (
        ("constraints", "constraint-dependencies"),
        ("overrides", "override-dependencies"),
        ("build-constraints", "build-constraint-dependencies"),
    ):
        value = uv.get(setting, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            # A constraint without a version constrains nothing, and is not kept.
            asked = [w for w in (from_text(text, sources) for text in value) if w.specifier or w.origin]
            place = Place(f"tool.uv.{setting} of pyproject.toml", None, key)
            yield from compare(asked, entries(manifest.get(key)), place, requires_python)
    if _conflicts(uv.get("conflicts")) != _conflicts(lock.document.get("conflicts")):
        yield Verdict(False, "tool.uv.conflicts is not what the lock was made for")
    for setting, key in (("environments", "supported-markers"), ("required-environments", "required-markers")):
        value = uv.get(setting, [])
        listed = [value] if isinstance(value, str) else texts(value)
        if not _same_environments(listed, texts(lock.document.get(key)), requires_python):
            yield Verdict(False, f"tool.uv.{setting} is not what the lock was made for")
    options = table(lock.document, "options")
    for key, setting, default in _OPTIONS:
        made_with = options.get(key, default)
        if setting in uv and uv[setting] != made_with:
            yield Verdict(False, f"tool.uv.{setting} is {uv[setting]}, the lock was made with {made_with}")
        elif setting not in uv and made_with != default:
            raise Unjudged(f"{setting} = {made_with}, which does not stand in pyproject.toml")


def _same_environments(asked: Sequence[str], recorded: Sequence[str], requires_python: str) -> bool:
    if not asked or not recorded:
        return not asked and not recorded
    try:
        found = signatures([*asked, *recorded], requires_python)
    except Unjudged:
        return True
    return set(found[: len(asked)]) == set(found[len(asked) :])


def _conflicts(value: Any) -> Counter[frozenset[tuple[str, str]]]:
    sets: Iterable[Any] = value if isinstance(value, list) else ()
    return Counter(
        frozenset(
            (k, normalise(str(v))) for item in one if isinstance(item, dict) for k, v in item.items() if k != "package"
        )
        for one in sets
        if isinstance(one, list)
    )


def _identity(member: Member, package: UvPackage, root: str) -> Iterator[Verdict]:
    from packaging.version import Version

    if (member.folder, *package.source) == (root, "virtual") and is_package(member.document):
        why = f"{member.path} has a build system, the lock was made for a project that is not installed"
        yield Verdict(False, why, package.line)
    if (member.folder, *package.source) == (root, "editable") and not is_package(member.document):
        why = f"{member.path} has no build system, the lock was made for a project that is installed"
        yield Verdict(False, why, package.line)
    version = table(member.document, "project").get("version")
    if not isinstance(version, str) or not package.version:
        return
    try:
        differs = Version(version) != Version(package.version)
    except ValueError:
        return
    if differs:
        why = f"{package.name} is {version} in {member.path}, the lock was made at {package.version}"
        yield Verdict(False, why, package.line + 1)

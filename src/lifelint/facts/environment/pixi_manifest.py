"""What each environment of a pixi manifest asks for on each platform (pixi docs, ``reference/pixi_manifest``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lifelint.facts.environment.markers import Unjudged
from lifelint.facts.environment.nouns import Requirement
from lifelint.facts.environment.places import Places
from lifelint.facts.environment.pyproject import keyed_requirement, table, texts

_SECTIONS = ("dependencies", "host-dependencies", "build-dependencies", "pypi-dependencies")
# Of a dependency written as a table, what a lock can be compared by, and what does not narrow the choice.
_KNOWN = frozenset({"version", "extras", "channel", "path", "editable"})


class Wanted(NamedTuple):
    """The requirements of one environment on one platform; ``unsure`` says what else takes part.

    ``channels`` are those of the workspace, or empty where a feature has its own.
    """

    environment: str
    platform: str
    requirements: tuple[Requirement, ...]
    unsure: str = ""
    channels: tuple[str, ...] = ()


class Content(NamedTuple):
    """A pixi document that stands below ``prefix`` of a file; ``project`` is what ``[project]`` asks for."""

    document: Mapping[str, Any]
    places: Places
    prefix: tuple[str, ...]
    path: str
    project: tuple[Requirement, ...] = ()


def wanted(content: Content) -> Iterator[Wanted]:
    """Every environment on every platform.

    Raises:
        Unjudged: the manifest is written in a way that is not known here.
    """
    document = content.document
    workspace = table(document, "workspace") or table(document, "project")
    platforms = workspace.get("platforms")
    if not isinstance(platforms, list) or not all(isinstance(p, str) for p in platforms):
        raise Unjudged("platforms that are not a list of names")
    environments: dict[str, Any] = {"default": []} | dict(table(document, "environments"))
    for name, written in environments.items():
        features = _features(name, written, document)
        parts = [(document, ()), *((document["feature"][f], ("feature", f)) for f in features if f)]
        parts = parts if "" in features else parts[1:]
        own = [texts(part.get("platforms")) for part, _ in parts[("" in features) :] if "platforms" in part]
        for platform in platforms:
            if all(platform in listed for listed in own):
                yield _on(content, name, platform, parts)


def _features(name: str, written: Any, document: Mapping[str, Any]) -> list[str]:
    """The features of an environment; the empty name is the default one."""
    fields = written if isinstance(written, dict) else {"features": written}
    if not isinstance(fields.get("features", []), list):
        raise Unjudged(f"the environment {name}")
    found = texts(fields.get("features", []))
    missing = next((f for f in found if f != "default" and f not in table(document, "feature")), None)
    if missing:
        raise Unjudged(f"the feature {missing}, which does not stand under feature")
    first = [] if fields.get("no-default-feature") else [""]
    return [*first, *(f for f in found if f != "default")]


def _on(content: Content, environment: str, platform: str, parts: list[tuple[Any, tuple[str, ...]]]) -> Wanted:
    found = list(content.project) if any(key == () for _, key in parts) else []
    unsure = ""
    for part, key in parts:
        for more, target in [((), part), *_targets(part, platform)]:
            for section in _SECTIONS:
                for name, value in table(target, section).items():
                    line = content.places.key(*content.prefix, *key, *more, section, name)
                    group = "pip" if section.startswith("pypi") else ""
                    made = keyed_requirement(name, value, line=line, group=group, bare_is_exact=False)
                    found.append(made._replace(path=content.path))
                    if isinstance(value, dict) and set(value) - _KNOWN:
                        unsure = unsure or f"{name} of {content.path}:{line} is more than a version"
            if any(key in target for key in ("constraints", "dev", "pypi-options")):
                unsure = unsure or "it has constraints or options that are not compared"
    workspace = table(content.document, "workspace") or table(content.document, "project")
    listed = texts(workspace.get("channels"))
    plain = workspace.get("channels") in (None, listed) and not any("channels" in part for part, _ in parts)
    return Wanted(environment, platform, _last(found), unsure, tuple(listed) if plain else ())


def _targets(part: Mapping[str, Any], platform: str) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The tables of a feature that hold on a platform, the general before the special."""
    family = platform.partition("-")[0]
    unix = family in ("linux", "osx")
    names = (*(("unix",) if unix else ()), {"osx": "osx"}.get(family, family), platform)
    for name in names:
        target = table(part, "target", name)
        if target:
            yield ("target", name), target


def _last(found: list[Requirement]) -> tuple[Requirement, ...]:
    """Where a name is asked for twice, which request counts depends on its places: only the presence is certain."""
    names = [(r.name, r.group) for r in found]
    return tuple(r if names.count((r.name, r.group)) == 1 else r._replace(specifier="") for r in found)

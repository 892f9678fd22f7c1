"""What earlier releases tell of the next one: its name, how it is tagged, and what it goes back to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lifelint._patterns import lazy
from lifelint.facts import Facts
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import ascending
from lifelint.facts.releases.written import manifests
from lifelint.projects import Share
from lifelint.release.lacking import Lacking

_VERSION_TAG = lazy(r"((?:[^@\s]+@)?v?)\d+\.\d+(?:\.\d+)?(?:[-.+]?[0-9A-Za-z.]+)?")


def named(facts: Facts, share: Share) -> tuple[str, Sequence[Lacking]]:
    """The name of earlier releases, else that of the project's package, else that in tags (``churn@v1.0.0``)."""
    names = sorted({release.name for release in manifests(facts.source) if release.name})
    if len(names) > 1:
        return "", [Lacking("release.name", f"earlier releases are called {', '.join(names)}", "--name NAME")]
    packages = sorted({m.name for m in share["manifests"].items if m.name and m.role == "runtime"})
    tags = sorted({before.partition("@")[0] for before in _before_versions(_tags(facts)) if "@" in before})
    for found in (names, packages, tags):
        if len(found) == 1:
            return found[0], []
    looked = "no earlier release, no single package and no tag NAME@VERSION tells it"
    return "", [Lacking("release.name", looked, "--name NAME")]


def predecessor(facts: Facts, name: str, version: str) -> tuple[str, Sequence[Lacking]]:
    """The highest release of that name below ``version``; ``none`` for the first."""
    others = sorted({release.version for release in manifests(facts.source) if release.name == name})
    if not others:
        return "none", []
    order = ascending({*others, version})
    if order is None:
        looked = f"{version} and {', '.join(others[:5])} have no order: PEP 440 and SemVer have not all of them"
        return "", [Lacking("rollback.previous", looked, "--previous VERSION")]
    below = order[: list(order).index(version)]
    if not below:
        looked = f"every release ({', '.join(others[:5])}) is later than {version}"
        return "", [Lacking("rollback.previous", looked, "--previous VERSION")]
    return below[-1], []


def tagged(facts: Facts, name: str, version: str) -> tuple[str, Sequence[Lacking]]:
    """The tag as those of earlier releases, else as most tags that are versions, else with a ``v``.

    A tag that names something else (``other@v1.0.0``) shows only that tags are named so here.
    """
    tags = _tags(facts)
    tag = f"{_prefix(name, [r for r in manifests(facts.source) if r.name == name], tags)}{version}"
    if tag in tags:
        return tag, [Lacking("release.tag", f"there is a tag {tag} already", "another VERSION, or --tag TAG")]
    return tag, []


def _tags(facts: Facts) -> set[str]:
    return {tag.name for tag in facts.source.snapshot.history.tags}


def _before_versions(tags: set[str]) -> Sequence[str]:
    return [match[1] for tag in tags if (match := _VERSION_TAG.fullmatch(tag))]


def _prefix(name: str, earlier: Sequence[Release], tags: set[str]) -> str:
    told = [r.tag.removesuffix(r.version) for r in earlier if r.tag.endswith(r.version)]
    if not told:
        every = _before_versions(tags)
        told = [p for p in every if p.startswith(f"{name}@")] or [p for p in every if "@" not in p]
        told = told or [f"{name}@v" for _ in every if name]
    return min(Counter(told).items(), key=lambda item: (-item[1], item[0]))[0] if told else "v"

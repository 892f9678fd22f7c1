"""Kedro's data catalog: where the datasets lie that its nodes name.

Format: docs.kedro.org, "Introduction to the Data Catalog" and "Configuration": in ``conf/<environment>/catalog*``,
entries by the name of the dataset, with ``filepath`` relative to the project. What a pattern (``{name}_csv``) or a
template would give is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import normpath

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Source, Unreadable
from lifelint.facts.steps.noun import Step

_PLACE = lazy(r"(?P<root>(?:.*/)?)conf/(?P<environment>[^/]+)/(?:[^/]+/)*catalog[^/]*(?:/[^/]+)*\.ya?ml")
_OPEN = frozenset("${}")


def placed(source: Source, steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, those of Kedro with the places of the datasets that its catalog tells."""
    catalogs: dict[str, dict[str, str]] | None = None
    for step in steps:
        if step.tool != "kedro":
            yield step
            continue
        if catalogs is None:
            catalogs = _catalogs(source)
        root = max((root for root in catalogs if step.path.startswith(root)), key=len, default="")
        told = catalogs.get(root, {})
        reads, makes = (tuple(told.get(name, name) for name in some) for some in (step.reads, step.makes))
        yield step._replace(reads=reads, makes=makes)


def _catalogs(source: Source) -> dict[str, dict[str, str]]:
    """By the folder of a project, the place of each dataset. What ``base`` says yields to no other environment here."""
    found: dict[str, dict[str, str]] = {}
    for path in source.names(lambda name: name.endswith((".yml", ".yaml"))):
        place = _PLACE.fullmatch(path) if "conf/" in path else None
        if place is None or place["environment"] == "local":
            continue
        told = found.setdefault(place["root"], {})
        for name, filepath in (source.parse(path, parse) or {}).items():
            at = filepath if "://" in filepath else normpath(place["root"] + filepath)
            if place["environment"] == "base" or name not in told:
                told[name] = at
    return found


def parse(data: bytes) -> dict[str, str]:
    """Where a catalog says that its datasets lie, by name. Nothing for what is no catalog, or is a template."""
    try:
        document = _yaml.load(data)
    except Unreadable:
        return {}
    entries = document.items() if isinstance(document, dict) else ()
    return {
        name: entry["filepath"]
        for name, entry in entries
        if isinstance(entry, dict) and "type" in entry and isinstance(entry.get("filepath"), str)
        and isinstance(name, str) and _OPEN.isdisjoint(name + entry["filepath"])
    }  # fmt: skip

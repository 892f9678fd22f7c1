"""The kinds ``monitors`` and ``alert_routes``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts._source import Source
from lifelint.facts.code import shows
from lifelint.facts.monitoring import documents
from lifelint.facts.monitoring.noun import BEHAVIOUR, AlertRoute, Monitor

if TYPE_CHECKING:
    from lifelint.facts.facets import Facet
    from lifelint.facts.releases.deployed import Deployed

_DRIFT = re.compile(r"(?:^|[^a-z])(?:drift|psi)(?:[^a-z]|$)")
"""Names of modules that somebody wrote to look for drift."""

_CATALOG = ("catalog-info.yaml", "catalog-info.yml")
_NOBODY = frozenset({"", "guest", "guests", "unknown", "none", "todo", "tbd", "n/a", "changeme", "owner", "your-team"})


def monitors(source: Source, facets: Sequence[Facet], deployments: Sequence[Deployed]) -> Iterator[Monitor]:
    """Alerts, objectives and checks that are kept with a model that is shipped; none are looked for elsewhere.

    What lies among samples and tests watches nothing.
    """
    if _is_shipped(facets, deployments):
        yield from looked_for(source)


def looked_for(source: Source) -> Iterator[Monitor]:
    """As ``monitors``, whether a model is shipped or not."""
    from lifelint.facts.monitoring import calls, terraform

    for path, found in _documents(source):
        yield from (one._replace(path=path) for one in found.monitors)
    for endings, words, parse in (((".tf",), terraform.WORDS, terraform.parse), ((".py",), calls.WORDS, calls.parse)):
        for path in _holding(source, endings, words):
            yield from (one._replace(path=path) for one in source.parse(path, parse) or ())
    for path in source.names(lambda name: name.endswith(".py") and _DRIFT.search(name.lower())):
        if not shows(path):
            yield Monitor(path, 0, "code", path.rpartition("/")[2], BEHAVIOUR, None)


def alert_routes(source: Source, facets: Sequence[Facet], deployments: Sequence[Deployed]) -> Iterator[AlertRoute]:
    """Receivers of alerts, and owners of a software catalogue, where a model is shipped."""
    if _is_shipped(facets, deployments):
        yield from routes_looked_for(source)


def routes_looked_for(source: Source) -> Iterator[AlertRoute]:
    """As ``alert_routes``, whether a model is shipped or not."""
    for path, found in _documents(source):
        yield from (one._replace(path=path) for one in found.routes)
    for path in source.named(*_CATALOG):
        if not shows(path):
            yield from (one._replace(path=path) for one in source.parse(path, parse_catalog) or ())


def _is_shipped(facets: Sequence[Facet], deployments: Sequence[Deployed]) -> bool:
    return bool(deployments) or any(one.name == "ships_model" for one in facets)


def _documents(source: Source) -> Iterator[tuple[str, documents.Found]]:
    for path in _holding(source, (".yaml", ".yml"), documents.WORDS):
        found = source.parse(path, documents.parse)
        if found is not None:
            yield path, found


def _holding(source: Source, endings: tuple[str, ...], words: Sequence[str]) -> Sequence[str]:
    """Files that hold a word: where git did not search for it, their bytes are."""
    wanted = [path for path in source.suffixed(*endings) if not shows(path)]
    wanted = list(source.snapshot.holding(wanted, words))
    source.prefetch(wanted)
    signs = [word.encode() for word in words]
    return [path for path in wanted if any(sign in (source.bytes(path) or b"") for sign in signs)]


def parse_catalog(data: bytes) -> tuple[AlertRoute, ...]:
    """The owners of the entities of a file (backstage.io, "Descriptor Format of Catalog Entities").

    Raises:
        Unreadable: not YAML.
    """
    from lifelint.facts._yaml import Map, load_all

    found = []
    for document in load_all(data):
        spec = document.get("spec") if isinstance(document, Map) else None
        if isinstance(spec, Map) and document.get("kind") in ("Component", "Resource", "System", "API"):
            owner = spec.get("owner")
            name = owner.strip() if isinstance(owner, str) else ""
            somebody = name.rpartition(":")[2].rpartition("/")[2].lower() not in _NOBODY
            line = spec.lines.get("owner", document.lines["spec"])
            found.append(AlertRoute("", line, "backstage", name, by=("owner",) if somebody else ()))
    return tuple(found)

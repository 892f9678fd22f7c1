"""The kinds ``monitors`` and ``alert_routes``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.code import shows
from lifelint.facts.monitoring import documents
from lifelint.facts.monitoring.noun import BEHAVIOUR, AlertRoute, Monitor

if TYPE_CHECKING:
    from lifelint.facts.facets import Facet
    from lifelint.facts.releases.deployed import Deployed

_DRIFT = lazy(r"(?:^|[^a-z])(?:drift|psi)(?:[^a-z]|$)")
"""Names of modules that somebody wrote to look for drift."""

_NAMED = lazy(
    r"(?i)(?:^|[^a-z])(?:monitor(?:ing|s)?|alert(?:s|ing|manager)?|prometheus|grafana|cloudwatch|observability|slos?)(?:[^a-z]|$)"
)
"""Folders and files of configuration that are named for monitoring."""

_CATALOG = ("catalog-info.yaml", "catalog-info.yml")
_NOBODY = frozenset({"", "guest", "guests", "unknown", "none", "todo", "tbd", "n/a", "changeme", "owner", "your-team"})


def monitors(source: Source, facets: Sequence[Facet], deployments: Sequence[Deployed]) -> Iterator[Monitor]:
    """Alerts, objectives and checks that are kept with a model.

    They are looked for everywhere where one is shipped, else only in configuration that is named for it. What lies
    among samples and tests watches nothing.
    """
    from lifelint.facts.monitoring import calls, terraform

    shipped = _is_shipped(facets, deployments)
    for path, found in _documents(source, shipped):
        yield from (one._replace(path=path) for one in found.monitors)
    for path in _holding(source, (".tf",), terraform.WORDS, shipped):
        yield from (one._replace(path=path) for one in source.parse(path, terraform.parse) or ())
    for path in _holding(source, (".py",), calls.WORDS, shipped) if shipped else ():
        yield from (one._replace(path=path) for one in source.parse(path, calls.parse) or ())
    for path in source.names(lambda name: name.endswith(".py") and _DRIFT.search(name.lower())) if shipped else ():
        if not shows(path):
            yield Monitor(path, 0, "code", path.rpartition("/")[2], BEHAVIOUR, None)


def alert_routes(source: Source, facets: Sequence[Facet], deployments: Sequence[Deployed]) -> Iterator[AlertRoute]:
    """Receivers of alerts, and owners of a software catalogue, looked for as monitors are."""
    for path, found in _documents(source, _is_shipped(facets, deployments)):
        yield from (one._replace(path=path) for one in found.routes)
    for path in source.named(*_CATALOG):
        if not shows(path):
            yield from (one._replace(path=path) for one in source.parse(path, parse_catalog) or ())


def _is_shipped(facets: Sequence[Facet], deployments: Sequence[Deployed]) -> bool:
    return bool(deployments) or any(one.name == "ships_model" for one in facets)


def _documents(source: Source, everywhere: bool) -> Iterator[tuple[str, documents.Found]]:
    for path in _holding(source, (".yaml", ".yml"), documents.WORDS, everywhere):
        found = source.parse(path, documents.parse)
        if found is not None:
            yield path, found


def _holding(source: Source, endings: tuple[str, ...], words: Sequence[str], everywhere: bool) -> Sequence[str]:
    """Files that hold a word: where git did not search for it, their bytes are."""
    wanted = [path for path in source.suffixed(*endings) if (everywhere or _NAMED.search(path)) and not shows(path)]
    wanted = list(source.holding(wanted, words)) if everywhere else wanted
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

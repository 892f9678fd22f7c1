"""Where data comes from, as people wrote it down: entries of a ``sources.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts._yaml_values import Map, Seq
from lifelint.facts.documents.placeholders import remaining

FILES = ("sources.yaml", "sources.yml", "data_sources.yaml", "data-sources.yaml")
_ARTIFACT = ("path", "artifact", "file", "pointer")
_ORIGIN = ("origin", "url", "uri", "source", "from", "query", "notebook", "generator")
_PRIVATE = ("personal_columns", "sensitive_columns", "pii_columns")
_CADENCE = ("refresh", "refreshed", "cadence", "frequency", "update_frequency", "updates", "updated", "schedule")
_VERSION = ("version", "revision", "digest", "sha256", "md5", "as_of")


class DataSource(NamedTuple):
    """One entry: ``artifact`` is the path of the data here, ``origin`` where it was taken from, in the team's words.

    ``card`` is the path of the document that describes it. ``sensitive`` is what it says if that is that the data is
    personal or sensitive; ``columns`` and ``private`` are its columns and those of them that are so. ``cadence`` says
    how it is kept up to date. Placeholders count as nothing.
    """

    path: str
    line: int
    name: str
    artifact: str
    origin: str
    version: str
    owner: str
    licence: str
    live: bool
    card: str = ""
    sensitive: str = ""
    columns: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    cadence: str = ""


def data_sources(source: Source) -> Iterator[DataSource]:
    """The entries of every ``sources.yaml``: a list, a mapping by name, or either below the key ``sources``."""
    from lifelint.facts._yaml import load

    for path in source.named(*FILES):
        document = source.parse(path, load)
        if isinstance(document, Map) and isinstance(document.get("sources"), (Map, Seq)):
            document = document["sources"]
        folder = path.rpartition("/")[0]
        for line, name, entry in _entries(document):
            yield _of_entry(path, line, name, entry, folder)


def _entries(document: Any) -> Iterator[tuple[int, str, Map]]:
    if isinstance(document, Map):
        yield from ((document.lines[name], str(name), e) for name, e in document.items() if isinstance(e, Map))
    elif isinstance(document, Seq):
        for at, entry in enumerate(document):
            if isinstance(entry, Map):
                yield document.lines[at], str(entry.get("name", "")), entry


def _of_entry(path: str, line: int, name: str, entry: Map, folder: str) -> DataSource:
    from lifelint.facts.data.flags import named, said_by

    private = {key: names for key in _PRIVATE if (names := named(entry.get(key)))}
    said = [said_by(str(key), value) for key, value in entry.items()]
    said += [f"{key}: {', '.join(names[:4])}" for key, names in private.items()]
    artifact = _text(entry, _ARTIFACT) or (name if "/" in name or "." in name else "")
    return DataSource(
        path=path,
        line=line,
        name=name,
        artifact=artifact.removesuffix(".dvc").removeprefix("./").rstrip("/"),
        origin=_text(entry, _ORIGIN),
        version=_text(entry, _VERSION),
        owner=_text(entry, ("owner", "contact", "maintainer")),
        licence=_text(entry, ("licence", "license")),
        live=entry.get("live") is True,
        card=_text(entry, ("card", "datasheet", "documentation")).removeprefix("./"),
        sensitive=next(filter(None, said), ""),
        columns=tuple(named(entry.get("columns"))),
        private=tuple(name for names in private.values() for name in names),
        cadence=_text(entry, _CADENCE),
    )


def _text(entry: Map, keys: tuple[str, ...]) -> str:
    """The first of these keys that says something. A placeholder says nothing."""
    values = (str(entry[key]) for key in keys if entry.get(key) and not isinstance(entry[key], (Map, Seq)))
    return next((value for value in values if remaining(value)), "")

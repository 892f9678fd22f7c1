"""The release manifests of a tree as they are written, before anything of them is looked up."""

from __future__ import annotations

from collections.abc import Container, Iterator

from lifelint.facts._source import Source
from lifelint.facts.releases.document import Release, parse

NAMES = ("release.yaml", "release.yml", "release.json")


def manifests(source: Source, besides: Container[str] = ()) -> Iterator[Release]:
    """Each manifest with its path, besides those at some paths; one that cannot be read is recorded and left out."""
    for path in source.named(*NAMES):
        release = None if path in besides else source.parse(path, parse)
        if release is not None:
            yield release._replace(path=path)

"""The release manifests of a tree as they are written, before anything of them is looked up."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.facts._source import Source
from lifelint.facts.releases.document import Release, parse

NAMES = ("release.yaml", "release.yml", "release.json")


def manifests(source: Source) -> Iterator[Release]:
    """Each manifest with its path; one that cannot be read is recorded by the source and left out."""
    for path in source.named(*NAMES):
        release = source.parse(path, parse)
        if release is not None:
            yield release._replace(path=path)

"""Pointers of lakeFS and Croissant: text that names the version of data kept elsewhere.

Formats: lakeFS's ``.lakefs_ref.yaml`` (pkg/local/index.go) and MLCommons' Croissant 1.x (JSON-LD, docs.mlcommons.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data.pointer import Pointer

_COMMIT = lazy(r"[0-9a-f]{64}")
_LENGTH = {"sha256": 64, "md5": 32}
_CROISSANT = lazy(rb"mlcommons\.org/croissant/")


class Distributed(NamedTuple):
    """A file that Croissant metadata describes: where it lies, and its checksum."""

    name: str
    url: str
    algorithm: str
    checksum: str
    line: int


def other_pointers(source: Source) -> Iterator[Pointer]:
    """What ``.lakefs_ref.yaml`` files and Croissant metadata point at."""
    for path in source.named(".lakefs_ref.yaml"):
        yield from _of_lakefs(source, path)
    for path, files in croissants(source).items():
        for file in files:
            good = re.fullmatch(rf"[0-9a-f]{{{_LENGTH[file.algorithm]}}}", file.checksum) is not None
            why = "" if good else f"{file.algorithm} of {file.name} does not have {_LENGTH[file.algorithm]} hex digits"
            digest = f"{file.algorithm}:{file.checksum}" if good else ""
            artifact = local_path(path, file.url) or file.url or file.name
            yield Pointer(path, file.line, "croissant", artifact, digest, None, None, "data", "integrity", good, why)


def _of_lakefs(source: Source, path: str) -> Iterator[Pointer]:
    from lifelint.facts._yaml import Map, load

    document = source.parse(path, load)
    if isinstance(document, Map) and "src" in document:
        head = str(document.get("at_head", ""))
        good = _COMMIT.fullmatch(head) is not None
        why = "" if good else f"at_head is {head!r}, which is not a commit id"
        artifact, line = path.rpartition("/")[0] or str(document["src"]), document.lines.get("at_head", document.line)
        digest = f"lakefs:{head}" if good else ""
        yield Pointer(path, line, "lakefs", artifact, digest, None, None, "data", "integrity", good, why)


def croissants(source: Source) -> dict[str, list[Distributed]]:
    """The described files of every Croissant document, by its path."""
    described = ((path, source.parse(path, parse_croissant)) for path in croissant_files(source))
    return {path: files for path, files in described if files}


def croissant_files(source: Source) -> list[str]:
    """The files that may hold Croissant metadata, by their names."""
    paths = source.names(
        lambda name: name.endswith(".json") and ("croissant" in name.lower() or name == "metadata.json")
    )
    sizes = source.snapshot.sizes(paths)
    return [path for path in paths if sizes.get(path, 0) <= 4 << 20]


def parse_croissant(data: bytes) -> list[Distributed]:
    """The files with a checksum; nothing for another kind of document.

    Raises:
        Unreadable: it speaks of Croissant and is not JSON.
    """
    from lifelint.facts._json import load

    if not _CROISSANT.search(data):
        return []
    document = load(data)
    conforms = (
        str(document.get("conformsTo") or document.get("dct:conformsTo", "")) if isinstance(document, dict) else ""
    )
    if "mlcommons.org/croissant/" not in conforms:
        return []
    return [made for entry in _listed(document.get("distribution")) for made in _distributed(entry, data)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _distributed(entry: Any, data: bytes) -> Iterator[Distributed]:
    if isinstance(entry, dict):
        algorithm = next((name for name in _LENGTH if isinstance(entry.get(name), str)), "")
        if algorithm:
            checksum = entry[algorithm]
            at = data.find(checksum.encode()) if checksum else -1
            line = data.count(b"\n", 0, at) + 1 if at >= 0 else 0
            name = str(entry.get("name") or entry.get("@id", ""))
            yield Distributed(name, str(entry.get("contentUrl", "")), algorithm, checksum, line)


def local_path(path: str, url: str) -> str:
    """The path in the repository that a relative address names."""
    if not url or "://" in url or url.startswith(("/", "..")):
        return ""
    folder = path.rpartition("/")[0]
    return f"{folder}/{url.removeprefix('./')}" if folder else url.removeprefix("./")

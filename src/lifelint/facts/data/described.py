"""Edges from Croissant metadata: the checksum in a dataset's description, held against the file described."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from lifelint.facts._source import Source
from lifelint.facts.data.otherpointers import croissants, local_path
from lifelint.facts.dvc.stage import Edge
from lifelint.facts.lfs import parse_lfs_pointer


def described(source: Source) -> Iterator[Edge]:
    """One edge for each described file that is tracked here, as content or as an LFS pointer."""
    for path, files in croissants(source).items():
        for file in files:
            tracked = local_path(path, file.url)
            data = source.bytes(tracked) if tracked and source.is_file(tracked) else None
            if data is None:
                continue
            pointer = parse_lfs_pointer(data) if data else None
            if pointer is not None:
                held = pointer.oid if file.algorithm == "sha256" else ""
            else:
                held = hashlib.new(file.algorithm, data, usedforsecurity=False).hexdigest()
            agrees = held == file.checksum.lower() if held else None
            why = "" if held else f"the pointer holds a digest of another kind than {file.algorithm}"
            yield Edge(path, file.line, path, tracked, "file", tracked, file.checksum, held, agrees, why)

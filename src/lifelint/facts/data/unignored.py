"""What DVC keeps and git is not told to leave alone: the next ``git add -A`` takes it along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.dvc.ignore import Ignore, parse_dvcignore

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer


class Unignored(NamedTuple):
    """An artifact of DVC's that no tracked ``.gitignore`` names; ``path`` and ``line`` are its pointer's."""

    path: str
    line: int
    artifact: str


def unignored(source: Source, pointers: Sequence[Pointer]) -> Iterator[Unignored]:
    """Every artifact in DVC's cache that git would take. What lies outside the repository needs no telling."""
    kept = [pointer for pointer in pointers if pointer.system == "dvc" and pointer.digest]
    ignore = _git_ignore(source) if kept else None
    for pointer in kept:
        path, folder = pointer.artifact, pointer.digest.endswith(".dir")
        if ignore is None or "://" in path or path.startswith(("/", "..")):
            continue
        # "data/*" ignores all that is in a folder, which is as good as the folder.
        if not (ignore.ignores(path, folder) or (folder and ignore.ignores(f"{path}/x"))):
            yield Unignored(pointer.path, pointer.line, path)


def _git_ignore(source: Source) -> Ignore:
    """What the tracked ``.gitignore`` files say; their grammar is that of ``.dvcignore``."""
    files = [path for path in source.paths if path == ".gitignore" or path.endswith("/.gitignore")]
    source.prefetch(files)
    return Ignore("", {path.rpartition("/")[0]: parse_dvcignore(source.bytes(path) or b"") for path in files})

"""What DVC keeps and git is not told to leave alone: the next ``git add -A`` takes it along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer


_SPECIAL = lazy(r"[*?\[\\]|/$")


class Unignored(NamedTuple):
    """An artifact of DVC's that no tracked ``.gitignore`` names; ``path`` and ``line`` are its pointer's."""

    path: str
    line: int
    artifact: str


def unignored(source: Source, pointers: Sequence[Pointer]) -> Iterator[Unignored]:
    """Every artifact in DVC's cache that git would take. What lies outside the repository needs no telling."""
    kept = [pointer for pointer in pointers if pointer.system == "dvc" and pointer.digest]
    files = _gitignores(source) if kept else {}
    plain = {folder: _plain(text) for folder, text in files.items()}
    exposed = [pointer for pointer in kept if not _outside(pointer.artifact) and not _named(pointer.artifact, plain)]
    if not exposed:
        return

    from lifelint.facts.dvc.ignore import Ignore, parse_dvcignore

    ignore = Ignore("", {folder: parse_dvcignore(text) for folder, text in files.items()})
    for pointer in exposed:
        path, folder = pointer.artifact, pointer.digest.endswith(".dir")
        # "data/*" ignores all that is in a folder, which is as good as the folder.
        if not (ignore.ignores(path, folder) or (folder and ignore.ignores(f"{path}/x"))):
            yield Unignored(pointer.path, pointer.line, path)


def _outside(path: str) -> bool:
    return "://" in path or path.startswith(("/", ".."))


def _gitignores(source: Source) -> Mapping[str, bytes]:
    """Folder → its tracked ``.gitignore``, whose grammar is that of ``.dvcignore``."""
    files = [path for path in source.suffixes("gitignore".__eq__) if f"/{path}".endswith("/.gitignore")]
    source.prefetch(files)
    return {path.rpartition("/")[0]: source.bytes(path) or b"" for path in files}


def _plain(text: bytes) -> frozenset[str]:
    """The paths that a ``.gitignore`` names outright, as DVC writes them; none where a line brings something back."""
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines()]
    if any(line.startswith("!") for line in lines):
        return frozenset()
    return frozenset(line[1:] for line in lines if line.startswith("/") and not _SPECIAL.search(line))


def _named(path: str, plain: Mapping[str, frozenset[str]]) -> bool:
    """Whether the ``.gitignore`` beside the artifact names it, which is where DVC writes it."""
    folder, _, name = path.rpartition("/")
    return name in plain.get(folder, ())

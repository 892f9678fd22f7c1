"""What is versioned by a pointer: DVC's files and cached outputs, LFS pointers, git-annex keys, lakeFS, Croissant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.data.annex import parse_key
from lifelint.facts.data.dvcpointers import file_pointers, projects_of, stage_pointers, stored
from lifelint.facts.data.pointer import Pointer
from lifelint.facts.data.smallfiles import annex_keys

if TYPE_CHECKING:
    from lifelint.facts.data.lfsfiles import LfsPath
    from lifelint.facts.data.remoteconfig import Remote
    from lifelint.facts.dvc.stage import Stage


def pointers(
    source: Source, lfs_paths: Sequence[LfsPath], remotes: Sequence[Remote], stages: Sequence[Stage]
) -> Iterator[Pointer]:
    """Every pointer: DVC's, git-lfs's, git-annex's, then others'."""
    projects = projects_of(source)
    for pointer in [*file_pointers(source), *stage_pointers(stages)]:
        yield stored(source, pointer, projects, remotes)
    for item in lfs_paths:
        if item.pointer in ("canonical", "non-canonical") and (item.tracked or not item.left_out):
            yield _of_lfs(item)
    yield from _annexed(source)
    if source.suffixed(".lakefs_ref.yaml", ".json"):
        from lifelint.facts.data.otherpointers import other_pointers

        yield from other_pointers(source)


def _of_lfs(item: LfsPath) -> Pointer:
    good = item.pointer == "canonical"
    kind = places.kind_of(item.path)
    digest = f"sha256:{item.oid}"
    return Pointer(item.path, 0, "lfs", item.path, digest, item.size, None, kind, "integrity", good, item.why)


def _annexed(source: Source) -> Iterator[Pointer]:
    for path, text in sorted(annex_keys(source).items()):
        key = parse_key(text)
        strength = "integrity" if key.digest else "declared"
        kind = places.kind_of(path)
        yield Pointer(path, 0, "annex", path, key.digest, key.size, None, kind, strength, key.well_formed, key.why)

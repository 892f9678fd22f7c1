"""Whether agreed conventions hold. Here: what git itself is for, and what it is not for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import Group, folded
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.pastblobs import PastBlob
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.rawfiles import Blob
    from lifelint.facts.data.unignored import Unignored
    from lifelint.facts.run_records import RunRecord

_CROWD = 50
"""From this many files on, a folder of small ones is a dataset and not a sample."""


def pointed_at(
    blobs: Sequence[Blob],
    pointers: Sequence[Pointer],
    *,
    data_kib: int = 1024,
    model_kib: int = 64,
    fixture_kib: int = 512,
    fixture_data_kib: int = 5120,
    folder_mib: int = 25,
) -> Iterator[Observation]:
    """Data and models above a size are behind pointers, not in git."""
    limits = {"model": model_kib, "fixture model": fixture_kib, "data": data_kib, "fixture data": fixture_data_kib}
    verdicts = {blob.path: _fits(blob, limits) for blob in blobs}
    kept = [blob for blob in blobs if verdicts[blob.path] is True]
    heavy = _heavy_folders(kept, folder_mib)
    for group in folded([b for b in blobs if verdicts[b.path] is False], lambda b: b.path):
        yield _told(group, False)
    for blob in (b for b in blobs if verdicts[b.path] is None):
        what = f"the {blob.format} file is not in the object database, so its size is not known"
        yield Observation(None, blob.path, what, blob.path)
    for root, inside in heavy.items():
        yield _told(Group(f"{root}/**", inside), False)
    for group in folded([b for b in kept if _alone(b) and b.root not in heavy], lambda b: b.path, "small:"):
        yield _told(group, True)
    for paths in folded({p.artifact: p for p in pointers if p.digest}.values(), lambda p: p.artifact):
        first, count = paths.items[0], len(paths.items)
        detail = (
            f"{first.artifact} is behind a pointer ({first.digest})" if count == 1 else f"{count} are behind pointers"
        )
        yield Observation(True, f"pointer:{paths.subject}", detail, first.path, first.line)


def _fits(blob: Blob, limits: Mapping[str, int]) -> bool | None:
    """Whether the file may be in git by its size alone."""
    if not _alone(blob):
        return True
    if blob.size is None:
        return None
    kind = "model" if blob.kind == "model" else "data"
    return blob.size <= limits[f"fixture {kind}" if blob.fixture else kind] << 10


def _alone(blob: Blob) -> bool:
    """Whether the file counts by itself. A picture or a sound does only inside a dataset."""
    return blob.kind != "media" or blob.dataset


def _heavy_folders(blobs: Sequence[Blob], folder_mib: int) -> Mapping[str, Sequence[Blob]]:
    """Folders of data whose many small files together are too much."""
    roots: dict[str, list[Blob]] = {}
    for blob in blobs:
        if blob.reason.startswith("it lies") and not blob.fixture and blob.size is not None:
            roots.setdefault(blob.root, []).append(blob)
    return {
        root: inside
        for root, inside in roots.items()
        if len(inside) >= _CROWD and sum(blob.size or 0 for blob in inside) > folder_mib << 20
    }


def _told(group: Group[Blob], ok: bool) -> Observation:
    largest = max(group.items, key=lambda blob: (blob.size or 0, blob.path))
    if len(group.items) == 1:
        proof = "by its first bytes" if largest.evidence == "magic" else "by its name"
        detail = f"{largest.format} ({proof}), {_size(largest.size or 0)}, is an ordinary git blob"
    else:
        total = sum(blob.size or 0 for blob in group.items)
        formats = ", ".join(sorted({blob.format for blob in group.items}))
        detail = (
            f"{len(group.items)} files ({formats}), {_size(total)} together, are ordinary git blobs;"
            f" the largest is {largest.path} with {_size(largest.size or 0)}"
        )
    return Observation(ok, group.subject, detail, largest.path)


def _size(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB" if size >= 1 << 20 else f"{size / 1024:.1f} KiB"


def tracked_once(pointers: Sequence[Pointer], unignored: Sequence[Unignored]) -> Iterator[Observation]:
    """What DVC keeps in its cache is not in git as well, nor taken by the next ``git add``."""
    kept = {p.artifact: p for p in pointers if p.system == "dvc" and p.digest}
    for pointer in (p for p in kept.values() if p.also_in_git):
        by = f"the stage {pointer.stage}" if pointer.stage else pointer.path
        what = "it" if pointer.also_in_git == pointer.artifact else pointer.also_in_git
        detail = f"{pointer.artifact} is kept in DVC's cache by {by}, and git tracks {what} too"
        yield Observation(False, pointer.artifact, detail, pointer.path, pointer.line)
    exposed = {one.artifact for one in unignored}
    for pointer in (p for p in kept.values() if not p.also_in_git and p.artifact in exposed):
        detail = f"{pointer.artifact} is kept in DVC's cache, and no .gitignore keeps git from taking it too"
        yield Observation(False, pointer.artifact, detail, pointer.path, pointer.line)
    sound = [p for p in kept.values() if not p.also_in_git and p.artifact not in exposed]
    for group in folded(sound, lambda p: p.artifact, "once:"):
        first, count = group.items[0], len(group.items)
        detail = f"git does not track {first.artifact}" if count == 1 else f"git tracks none of its {count} artifacts"
        yield Observation(True, group.subject, detail, first.path, first.line)


def runs_left_out(run_records: Sequence[RunRecord]) -> Iterator[Observation]:
    """No store of an experiment tracker is in git."""
    for record in run_records:
        if record.ignored:
            yield Observation(True, f"ignored:{record.root}", f"{record.root} is kept out", record.path, record.line)
        else:
            some = f"{record.files} files" if record.files > 1 else "a file"
            detail = f"{record.root} holds what {record.tool} records of runs: {some}, {_size(record.size)}"
            yield Observation(False, record.root, detail, record.path)


def past_free(past_blobs: Sequence[PastBlob], *, most_mib: int = 10) -> Iterator[Observation]:
    """Data and models of earlier commits are not more than a few MiB together."""
    if not past_blobs:
        return
    total = sum(blob.size for blob in past_blobs)
    first, count = past_blobs[0], len({blob.path for blob in past_blobs})
    detail = (
        f"{len(past_blobs)} versions of {count} data and model files that are gone still lie in history, {_size(total)}"
        f" together; the largest is {first.path} with {_size(first.size)} ({first.oid[:12]})"
    )
    yield Observation(total <= most_mib << 20, "history", detail, first.path)

"""Whether a change leaves outside git what was kept outside git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.lfsfiles import LfsPath
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.rawfiles import Blob

_SYSTEMS = {"dvc": "DVC", "lfs": "LFS", "annex": "git-annex"}


def outside(
    pointers: Sequence[Pointer],
    blobs: Sequence[Blob],
    lfs_paths: Sequence[LfsPath],
    base_pointers: Sequence[Pointer],
    base_lfs_paths: Sequence[LfsPath],
    *,
    least_kib: int = 64,
) -> Iterator[Observation]:
    """What was behind a pointer is not an ordinary blob now, and LFS manages what it managed.

    Small files may be taken into git on purpose: those below ``least_kib`` are left alone.
    """
    raw: dict[str, int | None] = {item.path: item.size for item in lfs_paths if item.pointer == "not-a-pointer"}
    raw |= {blob.path: blob.size for blob in blobs}
    stray = {item.path for item in lfs_paths if not item.tracked and item.pointer in ("canonical", "non-canonical")}
    managed = {item.path for item in base_lfs_paths if item.tracked and not item.left_out}
    still = {pointer.artifact for pointer in pointers}
    below, parts = _by_folder(raw), _by_folder(still)
    seen = []
    for old in _kept(base_pointers):
        inside = {path: raw[path] for path in below.get(old.artifact, ())}
        if inside:
            ok, told = _taken(old, inside, least_kib << 10)
            if ok is False and old.artifact in parts and old.artifact not in still:
                ok, told = None, f"{told}, and pointers stand for other parts of it: what was in it is not known here"
            seen.append((old.artifact, ok, told))
        elif old.system == "lfs" and old.artifact in stray and old.artifact in managed:
            why = "no .gitattributes gives it filter=lfs any longer: the next commit of it takes the content into git"
            seen.append((old.artifact, False, f"is still a pointer, and {why}"))
        elif old.artifact in still:
            seen.append((old.artifact, True, "is behind a pointer, as before"))
    for ok, label in ((False, ""), (None, "open:"), (True, "kept:")):
        for group in folded([one for one in seen if one[1] is ok], lambda one: one[0], label):
            path, _, detail = group.items[0]
            more = f"; so {'is' if len(group.items) == 2 else 'are'} {len(group.items) - 1} more"
            told = f"{path} {detail}{more if len(group.items) > 1 else ''}"
            yield Observation(ok, group.subject, told, path)


def _kept(pointers: Sequence[Pointer]) -> Sequence[Pointer]:
    """One pointer for each artifact that was kept outside git, and nowhere else."""
    found = {p.artifact: p for p in pointers if p.system in _SYSTEMS and p.digest and not p.also_in_git}
    return list(found.values())


def _by_folder(paths: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The paths that are a path or lie in it, for each path and each folder around one."""
    found: dict[str, list[str]] = {}
    for path in paths:
        place = path
        while place:
            found.setdefault(place, []).append(path)
            place = place.rpartition("/")[0]
    return found


def _taken(old: Pointer, inside: Mapping[str, int | None], least: int) -> tuple[bool | None, str]:
    sizes = [size for size in inside.values() if size is not None]
    where = f"was kept by {_SYSTEMS[old.system]} and is "
    what = "an ordinary blob" if len(inside) == 1 else f"{len(inside)} ordinary blobs"
    if len(sizes) < len(inside):
        return None, f"{where}{what} of unknown size now"
    total = sum(sizes)
    size = f"{total / (1 << 20):.1f} MiB" if total >= 1 << 20 else f"{total / 1024:.1f} KiB"
    return total < least, f"{where}{what} now, {size}"

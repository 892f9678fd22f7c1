"""Data and models in the bill: behind pointers, elsewhere by address, and in git itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from lifelint.audit.nouns import Item
from lifelint.facts.data import places
from lifelint.release.parts import role_by_name

if TYPE_CHECKING:
    from lifelint.facts import Facts
    from lifelint.projects import Share

_MANY, _ROWS, _DEEPEST = 8, 40, 99
"""Files of a folder beyond which they are one row; rows of a kind that are few; names of a path."""

_PULL: Mapping[str, str] = {
    "dvc": "dvc pull {}",
    "lfs": "git lfs pull --include {}",
    "annex": "git annex get {}",
}
_NAMED: Mapping[str, tuple[bool | None, str, str]] = {
    "content": (True, "integrity", "its content is fixed by what names it"),
    "fixed": (True, "bound", "it is named by a version that is given once"),
    "moving": (False, "declared", "what names it may mean something else tomorrow"),
    "unknown": (None, "declared", "which version it is only a run knows"),
}
"""Strength of a reference → whether it holds, as evidence, and in words."""


def artifacts(facts: Facts, share: Share, root: str) -> Iterator[Item]:
    """Every dataset and model of the project at ``root``; what its tests and examples are made of is left out."""
    inside = f"{root}/" if root else ""
    own = [one for one in share.get("pointers").items if not places.is_fixture(one.artifact.removeprefix(inside))]
    rows = [*map(_pointer, own), *_references(share), *_blobs(facts, share)]
    order = ("data", "model", "base model", "artifact")
    for kind in order:
        yield from _grouped([row for row in rows if row.kind == kind])


def _pointer(pointer: Any) -> Item:
    kind = pointer.kind if pointer.kind in ("data", "model") else "artifact"
    role = role_by_name(pointer.artifact) if kind == "data" else ""
    made = f"made by {pointer.stage}; " if pointer.stage else ""
    holds: bool | None
    if not pointer.digest:
        holds, why = False, pointer.why or "its pointer records no digest"
    elif pointer.well_formed is False or pointer.checksum_holds is False:
        holds, why = False, pointer.why or "its pointer was edited by hand: it does not match its own checksum"
    else:
        holds = True if pointer.strength == "integrity" else None
        why = f"{made}its pointer names its content"
    pull = _PULL.get(pointer.system, "").format(quote(pointer.artifact))
    command = f"dvc repro {quote(pointer.stage)}" if pointer.stage else pull
    return Item(
        kind,
        f"{pointer.artifact}{f' ({role})' if role else ''}",
        pointer.digest,
        pointer.strength if pointer.digest else "",
        holds,
        why,
        pointer.path,
        pointer.line,
        command,
    )


def _references(share: Share) -> Iterator[Item]:
    """What code names by an address elsewhere, each version once."""
    seen: dict[tuple[str, str, str, str], Any] = {}
    for one in share.get("references").items:
        if not one.fixture:
            seen.setdefault((one.system, one.kind, one.name, one.version), one)
    for one in seen.values():
        holds, strength, why = _NAMED[one.strength]
        kind = "base model" if one.kind == "model" else "data"
        name = f"{one.name} ({one.system})"
        yield Item(kind, name, one.version, strength, holds, one.why or why, one.path, one.line)


def _blobs(facts: Facts, share: Share) -> Iterator[Item]:
    for blob in share.get("blobs").items:
        kind = "model" if blob.kind == "model" else "data" if blob.kind in ("data", "archive") or blob.dataset else ""
        if kind and not blob.fixture and blob.path in facts.source.entries:
            name = f"git:{facts.source.snapshot.oid(blob.path)}"
            here = blob.size is not None
            why = "its content is in git" if here else "the commit names its content, which is not in this clone"
            yield Item(kind, blob.path, name, "integrity", here or None, why, blob.path)


def _grouped(rows: Sequence[Item]) -> Iterator[Item]:
    """The rows; of many, those below one folder with one verdict are one, the lowest folder that makes them few."""
    folders: dict[tuple[str, str, bool | None], list[Item]] = {}
    for depth in (_DEEPEST, 3, 2, 1):
        folders = {}
        for row in rows:
            inside = _folder(row, depth)
            folders.setdefault((inside or row.name, row.strength, row.holds), []).append(row)
        if sum(len(some) if len(some) <= _MANY else 1 for some in folders.values()) <= _ROWS:
            break
    for (folder, strength, holds), some in folders.items():
        if len(some) <= _MANY:
            yield from some
        else:
            first = some[0]
            digests = len({row.identifier for row in some if row.identifier})
            name = f"{folder}/ ({len(some)} files)"
            yield Item(
                *(first.kind, name, f"{digests} digests" if digests else "", strength, holds),
                *(first.why, first.path, first.line),
            )


def _folder(row: Item, depth: int) -> str:
    """The folder of an artifact here, ``depth`` names of it; ``""`` for what lies elsewhere or at the top."""
    parts = row.name.split("/")[:-1]
    return "" if row.kind == "base model" or row.name.endswith(")") else "/".join(parts[:depth])

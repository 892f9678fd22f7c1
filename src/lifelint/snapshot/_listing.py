"""What git lists: a tree or the index as paths, modes and blob ids."""

from __future__ import annotations

from collections.abc import Sequence

from lifelint._patterns import lazy
from lifelint.snapshot import Entry, _index
from lifelint.snapshot._git import Git, index_file
from lifelint.snapshot._layout import Layout

_LINE = 20_000  # characters of names that any command line holds; for more, everything is listed and sorted out here
_OUTWARD = lazy(r"\t/|[\t/]\.\./")
_EMPTY = {
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813": (
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
    ),
}
"""The empty blob → the empty tree, in SHA-1 and in SHA-256; git knows both without having stored them."""


def tree(git: Git, commit: str, paths: Sequence[str] = ()) -> dict[str, Entry]:
    """The entries of a commit's tree, or those at and below ``paths``."""
    entries: dict[str, Entry] = {}
    modes = _Modes()
    short = paths if sum(map(len, paths)) < _LINE else ()
    for record in _records(git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *short)):
        about, _, path = record.partition("\t")
        mode, _, oid = about.split(" ")
        entries[path] = Entry(modes[mode], oid)
    if short == paths:
        return entries
    inside = tuple(f"{path}/" for path in paths)
    return {path: entry for path, entry in entries.items() if path in {*paths} or path.startswith(inside)}


def changed(git: Git, base: str, *, commit: str = "", staged: bool = False) -> list[str]:
    """The paths, sorted, in which another ``commit``, the index or the working tree's tracked files differ from one."""
    way = ["diff-tree", "-r"] if commit else ["diff-index", "--cached"] if staged else ["diff-index"]
    how = ("-z", "--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
    # Between two commits git would read the index all the same, which takes longer than to compare them.
    index = git.no_index if commit else None
    return sorted({*_records(git.run(*way, *how, base, *([commit] if commit else ()), "--", index=index))})


def index(git: Git) -> tuple[dict[str, Entry], list[str]]:
    """The entries of the index, and the paths that have several because a merge left them so."""
    records = _records(git.run("ls-files", "-s", "-z"))
    return _entries(records)


def some(git: Git, layout: Layout, names: Sequence[str], *, staged: bool) -> tuple[dict[str, Entry], list[str]]:
    """As ``index``, of ``names`` alone; with ``staged`` without those that are only intended to be added."""
    wanted = dict.fromkeys(names)
    try:
        entries, intended = _index.find(layout, index_file(layout), wanted)
    except _index.Declined:
        short = names if sum(map(len, names)) < _LINE else ()
        records = _records(git.run("--literal-pathspecs", "ls-files", "-s", "-z", "--", *short))
        entries, conflicts = _entries(records)
        entries = {path: entry for path, entry in entries.items() if path in wanted}
        return without_intended(git, entries) if staged else entries, [path for path in conflicts if path in entries]
    return {path: entry for path, entry in sorted(entries.items()) if not (staged and path in intended)}, []


def _entries(records: Sequence[str]) -> tuple[dict[str, Entry], list[str]]:
    if not records:
        return {}, []
    modes, make = _Modes(), Entry._make
    tab = records[0].index("\t")  # "<mode> <oid> <stage>\t<path>"; ids of one repository have one length
    entries = {record[tab + 1 :]: make((modes[record[:6]], record[7 : tab - 2])) for record in records}
    return entries, list(dict.fromkeys(record[tab + 1 :] for record in records if record[tab - 1] != "0"))


def without_intended(git: Git, entries: dict[str, Entry]) -> dict[str, Entry]:
    """Leaves out what ``git add --intent-to-add`` only announced: the index lists it as empty, a commit lacks it."""
    suspects = [path for path, entry in entries.items() if entry.oid in _EMPTY]
    if not suspects:
        return entries
    tree = _EMPTY[entries[suspects[0]].oid]
    command = ("diff-index", "--cached", "--ita-invisible-in-index", "--no-renames", "--name-only", "-z", tree)
    held = frozenset(git.run(*command).decode("utf-8", "surrogateescape").split("\0"))
    return {path: entry for path, entry in entries.items() if entry.oid not in _EMPTY or path in held}


def _records(listed: bytes) -> list[str]:
    """The records of a listing, without forged paths that lead out of the repository (git itself makes none)."""
    records = listed.decode("utf-8", "surrogateescape").split("\0")
    records.pop()
    if b"\t/" in listed or b"\t../" in listed or b"/../" in listed:
        return [record for record in records if not _OUTWARD.search(record)]
    return records


class _Modes(dict[str, int]):
    """Octal text → number, one object for each."""

    def __missing__(self, text: str) -> int:
        mode = self[text] = int(text, 8)
        return mode

"""A state that git knows: its entries, and their contents from disk or from the object database."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import MAX_BYTES, SUBMODULE, SYMLINK, Entry, Missing, _search
from lifelint.snapshot._disk import Disk
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import Layout
from lifelint.snapshot._naming import blob_id
from lifelint.snapshot._objects import Objects
from lifelint.snapshot._stored import ATTRIBUTES, stored_form

if TYPE_CHECKING:
    from lifelint.snapshot.githistory import GitHistory

_AHEAD = 400  # paths looked up on disk before the object database is asked for the rest of them
_HELD = 32 * 1024 * 1024  # bytes held while doing so


class GitSnapshot:
    """Entries listed by git; contents from disk where they equal what git stores, else from the object database.

    Disk is tried first because it is three times faster. A file whose content differs is *edited*: in a working-tree
    snapshot the edit counts, unless a filter or line-ending conversion made the difference (the smudged form of an LFS
    pointer is not what a commit holds); in an index snapshot the stored blob counts. A tracked file that is not on
    disk counts as stored: a sparse or failed checkout lacks files that nobody removed, so only staging removes one.
    """

    def __init__(
        self,
        git: Git,
        layout: Layout,
        entries: Mapping[str, Entry],
        *,
        kind: str,
        revision: str,
        disk: str | None = None,
        partial: bool = False,
        diagnostics: Iterable[Diagnostic] = (),
        objects: Objects | None = None,
    ) -> None:
        self.entries = entries
        self.diagnostics = tuple(diagnostics)
        self._git, self._layout, self._kind, self._revision = git, layout, kind, revision
        self._partial = partial  # only some paths were listed, perhaps not the .gitattributes above them
        if not partial:
            import hashlib  # noqa: F401  (much will be named: see blob_id)
        self._disk = Disk(disk) if disk is not None else None
        self._objects = objects or Objects(git)
        self._seen: set[str] = set()
        self.edited: dict[str, str] = {}
        self._attributes: dict[str, Mapping[str, str]] = {}
        self._sought: dict[Sequence[str], _search.Search] = {}  # by their words

    @property
    def subject(self) -> Subject:
        """What was inspected; ``dirty`` when content that was read differs from the revision's, or could be staged.

        Where only some paths were listed nobody asks git what is staged: that takes longer than to judge them.
        """
        dirty = bool(self.edited) or (None if self._partial else self._compared == 1)
        folder = self._layout.root or self._layout.git_dir
        return Subject(folder, self._kind, self._revision, dirty, self._layout.shallow)

    @cached_property
    def _compared(self) -> int:
        """What git says of the index: 0 that it is the tree of the revision, 1 that it is not, more that it cannot."""
        if self._kind == "revision" or not self._revision:
            return 0
        command = ("diff-index", "--cached", "--quiet", "--no-ext-diff", "--ignore-submodules=none", self._revision)
        return self._git.attempt(*command, "--").returncode

    def oid(self, path: str) -> str:
        if self._kind == "worktree" and path not in self._seen:
            for _ in self.read([path]):
                pass
        return self.edited.get(path) or self.entries[path].oid

    # Content -------------------------------------------------------------------------------------------------------

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        wanted = list(paths)
        if self._disk is None:
            yield from zip(wanted, self._blobs(wanted), strict=True)
            return
        ahead: list[tuple[str, bytes | None]] = []
        held = 0
        for path in wanted:
            data = self._from_disk(path, wanted)
            if data is not None and not ahead:
                yield path, data  # nobody waits for the object database: it is used while the processor has it at hand
                continue
            ahead.append((path, data))
            held += len(data or b"")
            if len(ahead) >= _AHEAD or held > _HELD:
                yield from self._completed(ahead)
                ahead, held = [], 0
        yield from self._completed(ahead)

    def _completed(self, ahead: Sequence[tuple[str, bytes | None]]) -> Iterator[tuple[str, bytes | Missing]]:
        blobs = self._blobs([path for path, data in ahead if data is None])
        for path, data in ahead:
            yield path, next(blobs) if data is None else data

    def _blobs(self, paths: Sequence[str]) -> Iterator[bytes | Missing]:
        contents = self._objects.contents([e.oid for p in paths if (e := self.entries[p]).mode != SUBMODULE])
        for path in paths:
            yield Missing("is a submodule") if self.entries[path].mode == SUBMODULE else next(contents)

    def _from_disk(self, path: str, wanted: Sequence[str]) -> bytes | None:
        """What git has stored or would store of ``path``; ``None`` when disk cannot tell."""
        self._seen.add(path)
        mode, oid = self.entries[path]
        if mode == SUBMODULE or self._disk is None:
            return None
        data = self._disk.content(path, symlink=mode == SYMLINK)
        if isinstance(data, Missing):
            return None
        if blob_id(data, oid) == oid:
            return data
        if self._kind != "worktree":
            return None
        stored = data if mode == SYMLINK else self._stored_form(path, data, wanted)
        if stored is not None and (name := blob_id(stored, oid)) != oid:
            self.edited[path] = name
        return stored

    def _stored_form(self, path: str, data: bytes, wanted: Sequence[str]) -> bytes | None:
        if path not in self._attributes:
            # All at once: every question costs a git process.
            self._attributes |= {asked: {} for asked in wanted}
            self._attributes |= self._git.attributes(wanted, ATTRIBUTES, personal=True)

        def before() -> bytes:
            # A checkout with CRLF differs in nothing else, and is told apart without reading what is stored.
            oid = self.entries[path].oid
            if blob_id(data.replace(b"\r\n", b"\n"), oid) == oid:
                return b""
            [blob] = self._objects.contents([oid])
            return b"" if isinstance(blob, Missing) else blob

        return stored_form(data, self._attributes[path], autocrlf=lambda: self._autocrlf, before=before)

    @cached_property
    def _autocrlf(self) -> bool:
        value = self._git.attempt("config", "--get", "core.autocrlf").stdout.strip().lower()
        return value in (b"true", b"input", b"yes", b"on", b"1")

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        wanted = [path for path in paths if self.entries[path].mode != SUBMODULE]
        known = dict(self._sizes_on_disk(wanted)) if self._partial else {}
        asked = [path for path in wanted if path not in known]
        sizes = self._objects.sizes([self.entries[path].oid for path in asked])
        return known | {path: size for path, size in zip(asked, sizes, strict=True) if size is not None}

    def _sizes_on_disk(self, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
        """The sizes of those that are on disk as git has stored them: for a few files, quicker than a process."""
        if self._disk is None:
            return
        for path in paths:
            mode, oid = self.entries[path]
            data = self._disk.content(path, symlink=mode == SYMLINK)
            if isinstance(data, bytes) and blob_id(data, oid) == oid:
                yield path, len(data)

    def seek(self, endings: Sequence[str], words: Sequence[str]) -> None:
        if self._kind == "worktree" and tuple(words) not in self._sought:
            self._sought[tuple(words)] = _search.Search(self._git, words, endings, "", ())

    def holding(self, paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
        if len(paths) < _search.WORTHWHILE or (self._kind == "index" and self.diagnostics):
            return paths  # of a conflict git searches no side in the index
        try:
            silent = self._silent(paths, words)
        except LookupError:
            return paths
        return [path for path in paths if path not in silent]

    def _silent(self, paths: Sequence[str], words: Sequence[str]) -> Collection[str]:
        """Files with the endings of ``paths`` that hold none of ``words``, read as ``read`` does."""
        if self._kind != "worktree" or self._disk is None:
            sizes = self.sizes(paths)
            large = [path for path in paths if sizes.get(path, MAX_BYTES + 1) > MAX_BYTES]
            where = "--cached" if self._kind == "index" else self._revision
            return _search.Search(self._git, words, _search.endings_of(paths), where, large).silent()
        search = self._sought.pop(tuple(words), None)
        if search is not None and any(not path.endswith(search.endings) for path in paths):
            search.end()
            search = None
        search = search or _search.Search(self._git, words, _search.endings_of(paths), "", ())
        silent = search.silent()
        # Not what an attribute converts, whose stored form may hold other words, nor what a symlink led git to.
        if self._may_filter:
            silent -= self._git.attributes(paths, ("filter", "working-tree-encoding"), personal=True).keys()
        folders = {path.rpartition("/")[0] for path in silent}
        elsewhere = {folder for folder in folders if not self._disk.leads_inside(folder)}
        return {path for path in silent if path.rpartition("/")[0] not in elsewhere} if elsewhere else silent

    @cached_property
    def touched(self) -> Collection[str]:
        """As git tells it by times and sizes (gitformat-index): it does not look into what these say is the same."""
        if self._kind != "worktree":
            return ()
        listed = self._git.run("diff-files", "--name-only", "-z", "--no-renames", "--no-ext-diff")
        return frozenset(listed.decode("utf-8", "surrogateescape").split("\0"))

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        if not self._may_filter:
            return {}
        tree = self._revision if self._kind == "revision" else ""
        found = self._git.attributes(paths, ["filter"], tree=tree)
        return {path: named["filter"] for path, named in found.items() if named["filter"] not in ("set", "unset")}

    @cached_property
    def _may_filter(self) -> bool:
        return (
            self._partial
            or os.path.isfile(f"{self._layout.common_dir}/info/attributes")
            or ".gitattributes\n" in "\n".join((*self.entries, ""))  # to look at each takes ten times as long
        )

    @cached_property
    def history(self) -> GitHistory:
        from lifelint.snapshot.githistory import GitHistory
        from lifelint.snapshot.gitstates import tree

        def take(commit: str, below: str) -> GitSnapshot:
            return tree(self._layout, commit, self._objects, [below] if below else [])

        def is_tree(entries: Mapping[str, Entry]) -> bool:
            return entries is self.entries and not self._partial and self._compared == 0

        return GitHistory(self._git, self._layout, self._objects, self._revision, take, is_tree)

    def close(self) -> None:
        self._objects.close()
        while self._sought:
            self._sought.popitem()[1].end()
        self._git.close()

"""The three states git knows: a revision, the index, and the working tree of tracked files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from lifelint.model import Diagnostic, Subject
from lifelint.snapshot import MAX_BYTES, SUBMODULE, SYMLINK, Entry, Missing, SnapshotError
from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import Layout


class GitSnapshot:
    """Entries listed by git; contents from disk where they equal what git stores, else from the object database.

    Disk is tried first because it is three times faster. A file whose content differs is *edited*: in a working-tree
    snapshot the edit counts, unless a filter or line-ending conversion made the difference (the smudged form of an LFS
    pointer is not what a commit holds); in an index snapshot the stored blob counts.
    """

    def __init__(
        self,
        git: Git,
        layout: Layout,
        entries: Mapping[str, Entry],
        *,
        kind: str,
        revision: str,
        disk: Path | None,
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        self.entries = entries
        self.diagnostics = tuple(diagnostics)
        self._git, self._layout, self._kind, self._revision = git, layout, kind, revision
        self._disk = disk
        self._edited: dict[str, str] = {}
        self._read: dict[str, bytes] = {}
        self._folders: dict[str, bool] = {}

    @cached_property
    def subject(self) -> Subject:
        """What was inspected; ``dirty`` when the judged content differs from the revision's."""
        dirty = self._kind != "revision" and (bool(self._edited) or self._staged())
        folder = self._layout.root or self._layout.git_dir
        return Subject(str(folder), self._kind, self._revision, dirty, self._layout.shallow)

    def _staged(self) -> bool:
        return bool(self._revision) and not self._git.succeeds(
            "diff-index", "--cached", "--quiet", self._revision, "--"
        )

    def oid(self, path: str) -> str:
        if self._disk is not None and self._kind == "worktree" and path not in self._read:
            for _ in self.read([path]):
                pass
        return self._edited.get(path, self.entries[path].oid)

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | Missing]]:
        wanted = list(paths)
        got: dict[str, bytes | Missing] = {}
        differing: dict[str, bytes] = {}
        for path in wanted:
            data = self._from_disk(path)
            if data is None:
                continue
            if self._name(data, path) == self.entries[path].oid:
                got[path] = data
            elif self._kind == "worktree":
                differing[path] = data
        got.update(self._edits(differing))
        stored = [path for path in wanted if path not in got]
        got.update(zip(stored, self._git.blobs([self.entries[path].oid for path in stored]), strict=True))
        for path in wanted:
            data_or_why = got[path]
            if self._kind == "worktree" and isinstance(data_or_why, bytes):
                self._read[path] = b""
            yield path, data_or_why

    def _edits(self, differing: Mapping[str, bytes]) -> Iterator[tuple[str, bytes | Missing]]:
        filtered = self.filters(differing) if differing else {}
        for path, data in differing.items():
            if path in filtered:
                continue
            plain = data.replace(b"\r\n", b"\n")
            if self._name(plain, path) == self.entries[path].oid:
                yield path, plain
                continue
            self._edited[path] = self._name(data, path)
            yield path, data

    def sizes(self, paths: Iterable[str]) -> Mapping[str, int]:
        wanted = [path for path in paths if self.entries[path].mode != SUBMODULE]
        found: dict[str, int] = {}
        asked = wanted
        if self._disk is not None:
            # Most files are small and few attributes apply: only what is large on disk is asked of git, which alone
            # knows the stored size of a filtered file.
            small = {path: size for path in wanted if (size := self._disk_size(path)) is not None and size < 4096}
            found.update(small)
            asked = [path for path in wanted if path not in small]
        for path, size in zip(asked, self._git.sizes([self.entries[path].oid for path in asked]), strict=True):
            if size is not None:
                found[path] = size
        return found

    def filters(self, paths: Iterable[str]) -> Mapping[str, str]:
        if not any(path == ".gitattributes" or path.endswith("/.gitattributes") for path in self.entries):
            return {}
        return self._git.filters(paths, self._revision if self._kind == "revision" else None)

    def close(self) -> None:
        self._git.close()

    # Disk ----------------------------------------------------------------------------------------------------------

    def _from_disk(self, path: str) -> bytes | None:
        if self._disk is None or not self._inside(path):
            return None
        place = os.path.join(self._disk, path)
        try:
            if self.entries[path].mode == SYMLINK:
                return os.fsencode(os.readlink(place))
            handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (OSError, ValueError):
            return None
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                return None
            return file.read()

    def _disk_size(self, path: str) -> int | None:
        if not self._inside(path):
            return None
        try:
            status = os.lstat(os.path.join(str(self._disk), path))
        except (OSError, ValueError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def _inside(self, path: str) -> bool:
        """Whether no folder on the way to ``path`` is a symlink: a tracked folder may have been replaced by one."""
        folder = path.rpartition("/")[0]
        if not folder:
            return True
        if folder not in self._folders:
            place = os.path.join(str(self._disk), folder)
            self._folders[folder] = self._inside(folder) and not os.path.islink(place)
        return self._folders[folder]

    def _name(self, data: bytes, path: str) -> str:
        algorithm = "sha256" if len(self.entries[path].oid) == 64 else "sha1"
        return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def revision(layout: Layout, rev: str) -> GitSnapshot:
    """The tree of ``rev``, read from the object database without a checkout.

    Raises:
        SnapshotError: there is no such commit here.
    """
    git = Git(layout)
    if not git.succeeds(*_verify(rev)):
        git.run("rev-parse", "--git-dir")  # a refusal by git explains itself better than a missing commit does
        hint = ": this clone is shallow; fetch more history" if layout.shallow else ""
        raise SnapshotError(f"there is no commit called {rev!r} in {git.folder}{hint}")
    commit = git.run(*_verify(rev)).decode().strip()
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    modes: dict[str, int] = {}
    entries: dict[str, Entry] = {}
    for record in listed.split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode, _, oid = about.split(" ")
        entries[path] = Entry(modes.setdefault(mode, int(mode, 8)), oid)
    return GitSnapshot(git, layout, entries, kind="revision", revision=commit, disk=None)


def _verify(rev: str) -> tuple[str, ...]:
    return ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")


def tracked(layout: Layout, *, staged: bool, only: Iterable[str] = ()) -> GitSnapshot:
    """The index (``staged``) or the working tree's tracked files; ``only`` restricts it to some paths.

    Raises:
        SnapshotError: the repository is bare, or git refuses to read it.
    """
    if layout.root is None:
        raise SnapshotError(f"{layout.git_dir} is a bare repository: it has no index and no working tree; give --rev")
    git = Git(layout)
    limits = [f":(literal,top){path}" for path in only]
    listed = git.run("ls-files", "-s", "-z", "--", *limits).decode("utf-8", "surrogateescape")
    modes: dict[str, int] = {}
    entries: dict[str, Entry] = {}
    conflicts: dict[str, None] = {}
    for record in listed.split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode = about[:6]
        if about[-1] != "0":
            conflicts[path] = None
        entries[path] = Entry(modes.get(mode) or modes.setdefault(mode, int(mode, 8)), about[7:-2])
    head = layout.head()
    if head is None:
        head = git.run("rev-parse", "HEAD").decode().strip()
    return GitSnapshot(
        git,
        layout,
        entries,
        kind="index" if staged else "worktree",
        revision=head,
        disk=layout.root,
        diagnostics=[
            Diagnostic(path, 0, "has an unresolved merge conflict; one side of it was read") for path in conflicts
        ],
    )

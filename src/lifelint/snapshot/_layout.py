"""Where a repository's parts are on disk, found without starting git."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from lifelint.snapshot import SnapshotError

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Layout(NamedTuple):
    """A repository: its working tree (``None`` when bare), its git directory, and what linked worktrees share."""

    root: Path | None
    git_dir: Path
    common_dir: Path

    @property
    def shallow(self) -> bool:
        """Whether history was cut off (git's Documentation/technical/shallow)."""
        return (self.common_dir / "shallow").is_file()

    @property
    def partial(self) -> bool:
        """Whether objects were left with a remote on purpose (git's Documentation/technical/partial-clone)."""
        config = self.common_dir / "config"
        text = config.read_bytes().lower() if config.is_file() else b""
        return b"promisor" in text or b"partialclone" in text

    def head(self) -> str | None:
        """The commit that HEAD names; ``""`` before the first commit; ``None`` when only git can tell (reftable)."""
        try:
            text = _line(self.git_dir / "HEAD")
            for _ in range(5):
                if not text.startswith("ref: "):
                    return text if not text or _OID.fullmatch(text) else None
                if text == "ref: refs/heads/.invalid":
                    return None
                text = self._ref(text.removeprefix("ref: "))
        except OSError:
            return None
        return None

    def _ref(self, name: str) -> str:
        for folder in (self.git_dir, self.common_dir):
            if (folder / name).is_file():
                return _line(folder / name)
        packed = self.common_dir / "packed-refs"
        if packed.is_file():
            for line in packed.read_text("utf-8", "surrogateescape").split("\n"):
                oid, _, ref = line.partition(" ")
                if ref == name:
                    return oid
        return ""


def _line(file: Path) -> str:
    return file.read_text("utf-8", "surrogateescape").strip()


def discover(path: Path) -> Layout | None:
    """The repository that ``path`` lies in, or ``None`` when it lies in none.

    Raises:
        SnapshotError: there is a ``.git`` that leads nowhere, or that may not be read.
    """
    start = Path(os.path.abspath(path))
    try:
        if _is_git_dir(start):
            return _indirect(start.parent) if start.name == ".git" else Layout(None, start, start)
        for folder in (start, *start.parents):
            dot_git = folder / ".git"
            if _is_git_dir(dot_git) and not (dot_git / "commondir").exists():
                return Layout(folder, dot_git, dot_git)
            if dot_git.exists() or dot_git.is_symlink():
                return _indirect(folder)
    except OSError as error:
        raise SnapshotError(f"{error.filename} cannot be read ({error.strerror})") from None
    return None


def _is_git_dir(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _indirect(folder: Path) -> Layout:
    # Linked worktrees, submodules and other indirections: GitPython knows their layouts. It is imported only for them,
    # because it takes longer to import than most runs take altogether.
    try:
        import git
    except ImportError:
        raise SnapshotError("git is not installed, or not on PATH") from None

    try:
        with git.Repo(folder, expand_vars=False) as repo:
            return Layout(folder, Path(repo.git_dir), Path(repo.common_dir))
    except (git.InvalidGitRepositoryError, git.NoSuchPathError, OSError, ValueError):
        raise SnapshotError(f"{folder / '.git'} does not lead to a git repository") from None

"""Where a repository's parts are on disk, found without starting git."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from lifelint.snapshot import SnapshotError

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True)
class Layout:
    """A repository: its working tree (``None`` when bare), its git directory, and what linked worktrees share."""

    root: Path | None
    git_dir: Path
    common_dir: Path

    @property
    def shallow(self) -> bool:
        """Whether history was cut off (git's Documentation/technical/shallow)."""
        return (self.common_dir / "shallow").is_file()

    def head(self) -> str | None:
        """The commit that HEAD names; ``""`` before the first commit; ``None`` when only git can tell (reftable)."""
        try:
            text = (self.git_dir / "HEAD").read_text("ascii", "replace").strip()
            for _ in range(5):
                if not text.startswith("ref: "):
                    return text if _OID.fullmatch(text) else None
                name = text.removeprefix("ref: ")
                if name == "refs/heads/.invalid":
                    return None
                text = self._ref(name)
        except OSError:
            return None
        return None

    def _ref(self, name: str) -> str:
        for folder in (self.git_dir, self.common_dir):
            loose = folder / name
            if loose.is_file():
                return loose.read_text("ascii", "replace").strip()
        packed = self.common_dir / "packed-refs"
        if packed.is_file():
            for line in packed.read_text("utf-8", "replace").splitlines():
                oid, _, ref = line.partition(" ")
                if ref == name:
                    return oid
        return ""


def discover(path: Path) -> Layout | None:
    """The repository that ``path`` lies in, or ``None`` when it lies in none.

    Raises:
        SnapshotError: there is a ``.git`` that leads nowhere.
    """
    start = Path(os.path.abspath(path))
    if _is_git_dir(start):
        return _odd(start.parent) if start.name == ".git" else Layout(None, start, start)
    for folder in (start, *start.parents):
        dot_git = folder / ".git"
        if _is_git_dir(dot_git) and not (dot_git / "commondir").exists():
            return Layout(folder, dot_git, dot_git)
        if dot_git.exists():
            return _odd(folder)
    return None


def _is_git_dir(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _odd(folder: Path) -> Layout:
    # Linked worktrees, submodules and other indirections: GitPython knows their layouts. It is imported only for them,
    # because it takes longer to import than most runs take altogether.
    import git

    try:
        with git.Repo(folder) as repo:
            root = None if repo.bare or repo.working_tree_dir is None else Path(repo.working_tree_dir)
            return Layout(root, Path(repo.git_dir), Path(repo.common_dir))
    except (git.InvalidGitRepositoryError, git.NoSuchPathError, OSError, ValueError) as error:
        raise SnapshotError(f"{folder / '.git'} does not lead to a git repository ({error})") from None

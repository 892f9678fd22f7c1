"""Where a repository's parts are on disk, found without starting git."""

import errno
import os
import re
import stat
from typing import NamedTuple

from lifelint.snapshot import SnapshotError

_OID = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"


class Layout(NamedTuple):
    """A repository: its working tree (``None`` when bare), its git directory, and what linked worktrees share."""

    root: str | None
    git_dir: str
    common_dir: str

    @property
    def shallow(self) -> bool:
        """Whether history was cut off (git's Documentation/technical/shallow)."""
        return _is_file(f"{self.common_dir}/shallow")

    @property
    def partial(self) -> bool:
        """Whether objects were left with a remote on purpose (git's Documentation/technical/partial-clone)."""
        config = f"{self.common_dir}/config"
        text = _text(config).lower() if _is_file(config) else ""
        return "promisor" in text or "partialclone" in text

    def head(self) -> str | None:
        """The commit that HEAD names; ``""`` before the first commit; ``None`` when only git can tell (reftable)."""
        try:
            text = _text(f"{self.git_dir}/HEAD").strip()
            for _ in range(5):
                if not text.startswith("ref: "):
                    return text if not text or re.fullmatch(_OID, text) else None
                if text == "ref: refs/heads/.invalid":
                    return None
                text = self._ref(text.removeprefix("ref: "))
        except OSError:
            return None
        return None

    def _ref(self, name: str) -> str:
        for folder in (self.git_dir, self.common_dir):
            if _is_file(f"{folder}/{name}"):
                return _text(f"{folder}/{name}").strip()
        packed = f"{self.common_dir}/packed-refs"
        if _is_file(packed):
            for line in _text(packed).split("\n"):
                oid, _, ref = line.partition(" ")
                if ref == name:
                    return oid
        return ""


def _text(file: str) -> str:
    with open(file, encoding="utf-8", errors="surrogateescape") as opened:
        return opened.read()


def discover(path: str | os.PathLike[str]) -> Layout | None:
    """The repository that ``path`` lies in, or ``None`` when it lies in none.

    Raises:
        SnapshotError: there is a ``.git`` that leads nowhere, or that may not be read.
    """
    start = folder = os.path.abspath(path)
    try:
        if _is_git_dir(start):
            parent, name = os.path.split(start)
            return _indirect(parent) if name == ".git" else Layout(None, start, start)
        while True:
            dot_git = os.path.join(folder, ".git")
            if _is_git_dir(dot_git) and not _mode(f"{dot_git}/commondir"):
                return Layout(folder, dot_git, dot_git)
            if _mode(dot_git) or os.path.islink(dot_git):
                return _indirect(folder)
            if folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)
    except OSError as error:
        raise SnapshotError(f"{error.filename} cannot be read ({error.strerror})") from None


def _is_git_dir(path: str) -> bool:
    return _is_file(f"{path}/HEAD") and all(stat.S_ISDIR(_mode(f"{path}/{name}")) for name in ("objects", "refs"))


def _is_file(path: str) -> bool:
    return stat.S_ISREG(_mode(path))


def _mode(path: str) -> int:
    """What is at ``path``, links followed; 0 for nothing.

    Raises:
        OSError: it may not be looked at.
    """
    try:
        return os.stat(path).st_mode
    except ValueError:  # a null character
        return 0
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EBADF):
            return 0
        raise


def _indirect(folder: str) -> Layout:
    # Linked worktrees, submodules and other indirections: GitPython knows their layouts. It is imported only for them,
    # because it takes longer to import than most runs take altogether.
    try:
        import git
    except ImportError:
        raise SnapshotError("git is not installed, or not on PATH") from None

    try:
        with git.Repo(folder, expand_vars=False) as repo:
            return Layout(folder, str(repo.git_dir), str(repo.common_dir))
    except (git.InvalidGitRepositoryError, git.NoSuchPathError, OSError, ValueError):
        raise SnapshotError(f"{os.path.join(folder, '.git')} does not lead to a git repository") from None

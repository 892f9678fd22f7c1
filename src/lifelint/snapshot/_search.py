"""Which of many files hold one of a few words: asked of ``git grep``, which is thirty times faster than a pattern here.

It reads files in the working tree as they are on disk, and blobs in an index or a tree. No text conversion is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lifelint.snapshot._git import Git

WORTHWHILE = 500
"""Paths from which on a process is quicker than to read them."""

_COMMAND = ("grep", "-l", "-z", "-a", "-F", "--full-name", "--no-color", "--no-recurse-submodules", "--no-textconv")
_MOST = 100  # files left out by name on the command line


def search(git: Git, words: Sequence[str], paths: Iterable[str], where: str, without: Sequence[str]) -> set[str]:
    """The files of ``where`` (``--cached``, a commit, or nothing for the working tree) that hold one of ``words``.

    Only files with names that end as those of ``paths`` do are opened, and none of ``without``.

    Raises:
        LookupError: git could not read all of them.
    """
    if len(without) > _MOST:
        raise LookupError
    patterns = [argument for word in words for argument in ("-e", word)]
    excluded = [f":(exclude,literal){path}" for path in without]
    done = git.attempt(*_COMMAND, *patterns, *([where] if where else []), "--", *_endings(paths), *excluded)
    if done.returncode > 1 or done.stderr:
        raise LookupError
    prefix = "" if where in ("", "--cached") else f"{where}:"
    return {name.removeprefix(prefix) for name in done.stdout.decode("utf-8", "surrogateescape").split("\0")}


def _endings(paths: Iterable[str]) -> list[str]:
    """Pathspecs for all files that end as one of ``paths`` does, or have its name where that has no ending."""
    endings = {path[max(path.rfind("."), path.rfind("/") + 1) :] for path in paths}
    return ["*" + re.sub(r"([*?\[\\])", r"\\\1", ending) for ending in sorted(endings)]

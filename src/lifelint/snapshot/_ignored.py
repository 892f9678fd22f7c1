"""Which new files git would not take, because a pattern of somebody ignores them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import discover


def ignored(folder: str | os.PathLike[str], paths: Iterable[str]) -> list[str]:
    """Those of ``paths`` that git ignores in the repository around ``folder``; what it tracks it does not ignore."""
    layout = discover(folder)
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if layout is None or not asked:
        return []
    done = Git(layout).attempt("check-ignore", "-z", "--stdin", stdin=asked)
    return [os.fsdecode(path) for path in done.stdout.split(b"\0") if path] if done.returncode == 0 else []

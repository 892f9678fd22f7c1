"""Paths as DVC files write them: relative to some folder, or a URL."""

from __future__ import annotations

from functools import lru_cache
from posixpath import join, normpath

from lifelint._patterns import lazy

_ODD = lazy(r"(?:^|/)(?:[/.]|$)")


@lru_cache(1 << 15)  # a path is placed when it is read, when it is hashed and when it is compared
def placed(folder: str, written: str) -> str:
    """The path in the repository of one that is ``written`` where paths start from ``folder``; a URL stays one."""
    if not _ODD.search(written) and (not folder or folder[-1] not in "./"):  # the usual case, at a tenth of the cost
        return f"{folder}/{written}" if folder else written
    return written if "://" in written else normpath(join(folder, written))

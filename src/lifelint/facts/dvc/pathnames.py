"""Paths as DVC files write them: relative to some folder, or a URL."""

from __future__ import annotations

import re
from posixpath import join, normpath

_ODD = re.compile(r"(?:^|/)(?:[/.]|$)")


def placed(folder: str, written: str) -> str:
    """The path in the repository of one that is ``written`` where paths start from ``folder``; a URL stays one."""
    if not _ODD.search(written) and (not folder or folder[-1] not in "./"):  # the usual case, at a tenth of the cost
        return f"{folder}/{written}" if folder else written
    return written if "://" in written else normpath(join(folder, written))

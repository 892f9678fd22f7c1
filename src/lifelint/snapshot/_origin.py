"""The address of the remote that a repository was cloned from."""

from __future__ import annotations

import os

from lifelint.snapshot._git import Git
from lifelint.snapshot._layout import discover


def origin(folder: str | os.PathLike[str]) -> str:
    """The address of ``origin`` in the configuration of the repository around ``folder``; ``""`` where there is none.

    It is as written: it may hold credentials, and nobody has checked where it leads.
    """
    layout = discover(folder)
    if layout is None:
        return ""
    done = Git(layout).attempt("config", "--local", "--get", "remote.origin.url")
    return done.stdout.decode("utf-8", "surrogateescape").strip() if done.returncode == 0 else ""

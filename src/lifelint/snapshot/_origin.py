"""The remote that a repository was cloned from."""

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


def main_branch(folder: str | os.PathLike[str]) -> str:
    """The branch that changes are made for: the one that ``origin`` has as HEAD, else ``main``, ``master`` or HEAD's.

    ``""`` where there is no branch. It is as git has it: a name that nobody has checked.
    """
    layout = discover(folder)
    if layout is None:
        return ""
    git = Git(layout)
    remote = git.attempt("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").stdout
    heads = git.attempt("for-each-ref", "--format=%(refname)", "refs/heads/main", "refs/heads/master").stdout
    own = git.attempt("symbolic-ref", "--quiet", "HEAD").stdout
    names = [remote.strip().removeprefix(b"refs/remotes/origin/"), *heads.split(b"\n"), own.strip()]
    found = next((name for name in names if name), b"")
    return found.removeprefix(b"refs/heads/").decode("utf-8", "surrogateescape")

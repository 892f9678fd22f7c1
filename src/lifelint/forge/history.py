"""Commits that a shallow clone lacks, taken from the remote that the runner cloned it from."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Mapping
from urllib.parse import urlsplit

_SECONDS = 60


def parents(folder: str, commit: str) -> list[str]:
    """The parents of a commit in the order of a merge; none where it is not here."""
    found = _git(folder, "rev-list", "--parents", "--max-count=1", commit, "--")
    return found.stdout.decode("ascii", "replace").split()[1:] if found.returncode == 0 else []


def here(folder: str, commit: str) -> bool:
    """Whether a commit is in the repository."""
    return _git(folder, "cat-file", "-e", f"{commit}^{{commit}}").returncode == 0


def fetched(folder: str, commit: str, server: str, token: str) -> str:
    """Fetches a commit, of a shallow clone without its history; why that did not work, ``""`` if it did.

    The token goes to ``server`` only, and not on the command line, where every process could read it.
    """
    remote = _git(folder, "remote", "get-url", "origin").stdout.decode("utf-8", "replace").strip()
    shallow = _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    depth = ("--depth=1",) if shallow else ()  # it would cut a whole history short
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", *depth)
    try:
        done = _git(folder, "fetch", *options, "origin", commit, extra=_credentials(remote, server, token))
    except subprocess.TimeoutExpired:
        return f"git fetch took more than {_SECONDS} s"
    return done.stderr.decode("utf-8", "replace").strip() if done.returncode else ""


def _credentials(remote: str, server: str, token: str) -> dict[str, str]:
    """git's configuration for one process, as ``actions/checkout`` sets it (src/git-auth-helper.ts).

    An empty value first takes away the header that checkout may have left: GitHub refuses two.
    """
    there, own = urlsplit(remote), urlsplit(server)
    if not token or (there.scheme, there.netloc) != (own.scheme, own.netloc):
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdigit() else 0
    found = {"GIT_CONFIG_COUNT": str(first + 2)}
    for number, value in enumerate(("", f"AUTHORIZATION: basic {basic}"), first):
        found |= {f"GIT_CONFIG_KEY_{number}": f"http.{server}/.extraheader", f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _git(folder: str, *args: str, extra: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """git with nothing that the repository's configuration could make it run: what is fetched runs no hook."""
    off = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
    environment = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", **(extra or {})}
    return subprocess.run(
        ["git", "-C", folder, *off, *args], capture_output=True, check=False, env=environment, timeout=_SECONDS
    )

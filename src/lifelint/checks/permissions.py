"""Whether jobs say what their token may do, so that nobody else's code can do more with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.permissions import Permissions


def least(permissions: Sequence[Permissions]) -> Iterator[Observation]:
    """Each job says what its token may do, by itself or in its workflow, and none may do everything."""
    for path in dict.fromkeys(one.path for one in permissions):
        jobs = [one for one in permissions if one.path == path]
        silent = [one for one in jobs if not one.declared]
        whole = {(one.line, one.declared): one for one in jobs if one.scopes == ("write-all",)}
        if silent:
            named = f"{silent[0].job}{f' and {len(silent) - 1} more' if len(silent) > 1 else ''}"
            detail = f"{named}: what the token may do is not said here, and a setting outside of git decides"
            yield Observation(False, path, detail, path, silent[0].line)
        for (line, where), one in whole.items():
            subject = f"{path}:{one.job}" if where == "job" else f"{path}:permissions"
            yield Observation(False, subject, "write-all lets every step change all there is", path, line)
        if not silent and not whole:
            said = {scope for one in jobs for scope in one.scopes if scope.endswith(": write")}
            detail = f"writes only {', '.join(sorted(said))}" if said else "no job may write"
            yield Observation(True, path, detail, path, jobs[0].line)

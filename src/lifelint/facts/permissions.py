"""What the token of a job of GitHub Actions may do, as its workflow says.

Source: docs.github.com, "Workflow syntax for GitHub Actions", ``permissions``: what a job says counts for it, else what
stands at the top of the file, else a setting of the repository or its organisation that is not in git.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint.facts._jobs import parse_github
from lifelint.facts._source import Source
from lifelint.facts._yaml import Map, load_all


class Permissions(NamedTuple):
    """What the token of one job may do.

    ``line`` is that of the ``permissions`` that count, of the job where there are none. ``declared`` says where they
    stand: ``job``, ``workflow`` or, where a setting outside of git decides, nothing. ``scopes`` are as written
    (``contents: read``), or ``read-all`` or ``write-all`` alone.
    """

    path: str
    line: int
    job: str
    declared: str
    scopes: tuple[str, ...]


def permissions(source: Source) -> Iterator[Permissions]:
    """One for each job of each workflow. One that only others call has what its callers give it, and is left out."""
    for path in source.names(lambda name: name.endswith((".yml", ".yaml"))):
        if path.startswith(".github/workflows/") and path.count("/") == 2:
            workflow = source.parse(path, parse_github)
            if workflow is not None and workflow.on != ("workflow_call",):
                yield from (one._replace(path=path) for one in source.parse(path, parse_permissions) or ())


def parse_permissions(data: bytes) -> tuple[Permissions, ...]:
    """What each job of a workflow may do, without its path; nothing for other YAML.

    Raises:
        Unreadable: not YAML.
    """
    document = next((found for found in load_all(data) if isinstance(found, Map)), Map())
    jobs = document.get("jobs")
    return tuple(_of_job(document, jobs, name) for name in jobs) if isinstance(jobs, Map) else ()


def _of_job(document: Map, jobs: Map, name: Any) -> Permissions:
    job = jobs[name]
    for where, held in (("job", job), ("workflow", document)):
        if isinstance(held, Map) and "permissions" in held:
            return Permissions("", held.lines["permissions"], str(name), where, _scopes(held["permissions"]))
    return Permissions("", jobs.lines[name], str(name), "", ())


def _scopes(value: Any) -> tuple[str, ...]:
    if isinstance(value, Map):
        return tuple(f"{scope}: {access}" for scope, access in value.items())
    return (str(value),) if value else ()

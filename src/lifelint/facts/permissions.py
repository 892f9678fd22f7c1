"""What the token of a job of GitHub Actions may do, as its workflow says.

Source: docs.github.com, "Workflow syntax for GitHub Actions", ``permissions``: what a job says counts for it, else what
stands at the top of the file, else a setting of the repository or its organisation that is not in git.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint.facts._jobs import parse_github
from lifelint.facts._source import Source


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
                yield from (Permissions(path, *token) for token in workflow.tokens)

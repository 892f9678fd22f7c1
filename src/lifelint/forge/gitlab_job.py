"""What a GitLab runner tells of the job (docs.gitlab.com, Predefined CI/CD variables reference)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Merge(NamedTuple):
    """A merge request, and the commit of its branch that was judged.

    ``project`` (an id) and ``path`` are those that it was made in: of a fork's, not the fork. ``server`` and ``api``
    are addresses of the GitLab that runs the job. ``forked`` tells that the fork's own pipeline runs, which is given
    nothing of that project.
    """

    project: str
    path: str
    number: int
    commit: str
    server: str
    api: str
    job: str
    forked: bool

    @property
    def address(self) -> str:
        """Its page."""
        return f"{self.server}/{self.path}/-/merge_requests/{self.number}"


def merge(environment: Mapping[str, str]) -> Merge | None:
    """The merge request whose pipeline this is, if it is one of a merge request."""
    get = environment.get
    number, project = get("CI_MERGE_REQUEST_IID", ""), get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if not (number.isascii() and number.isdigit() and project):
        return None
    path = get("CI_MERGE_REQUEST_PROJECT_PATH", "")
    return Merge(
        project=project,
        path=path,
        number=int(number),
        # A pipeline on the merged result runs on a commit that is on no branch
        commit=get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or get("CI_COMMIT_SHA", ""),
        server=get("CI_MERGE_REQUEST_PROJECT_URL", "").removesuffix(f"/{path}"),
        api=get("CI_API_V4_URL", ""),
        job=get("CI_JOB_URL", ""),
        forked=get("CI_PROJECT_ID", project) != project,
    )

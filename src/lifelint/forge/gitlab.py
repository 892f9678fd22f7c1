"""Notes on a merge request (docs.gitlab.com, Notes API), written with a project's access token.

The token of a job, ``CI_JOB_TOKEN``, cannot write notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from lifelint.forge.answers import strange
from lifelint.forge.client import Client
from lifelint.forge.sticky import Comment


class MergeThread:
    """The conversation of merge request ``number`` of ``project``, an id or a path."""

    permission = "LIFELINT_GITLAB_TOKEN must be a project access token with the scope `api` and the role Reporter"

    def __init__(self, client: Client, project: str, number: int, address: str = "") -> None:
        self._client = client
        self._merge = f"/projects/{quote(project, safe='')}/merge_requests/{number}"
        self._address = address

    def head(self) -> tuple[str, str]:
        """The commit it is at, and whether it is closed or locked."""
        match self._client.get(self._merge):
            case {"sha": str(commit), "discussion_locked": True}:
                return commit, "the conversation is locked"
            case {"sha": str(commit), "state": str(state)}:
                return commit, "" if state == "opened" else f"the merge request is {state}"
        raise strange("a merge request")

    def me(self) -> str:
        """Whose token it is."""
        match self._client.get("/user"):
            case {"username": str(name)}:
                return name
        raise strange("a user")

    def comments(self) -> Iterator[Comment]:
        """All notes, a hundred a request."""
        return map(self._comment, self._client.pages(f"{self._merge}/notes?per_page=100&sort=asc&order_by=created_at"))

    def create(self, body: str) -> Comment:
        """Writes a note."""
        return self._comment(self._client.create(f"{self._merge}/notes", {"body": body}))

    def edit(self, comment: Comment, body: str) -> Comment:
        """Edits one; nobody is notified."""
        return self._comment(self._client.change("PUT", f"{self._merge}/notes/{comment.id}", {"body": body}))

    def delete(self, comment: Comment) -> None:
        """Deletes one."""
        self._client.change("DELETE", f"{self._merge}/notes/{comment.id}")

    def _comment(self, data: Any) -> Comment:
        match data:
            case {"id": int(number), "author": {"username": str(name)}, "body": str(body)}:
                return Comment(number, name, body, f"{self._address}#note_{number}" if self._address else "")
        raise strange("a note")


def client(api: str, token: str) -> Client:
    """The API at ``CI_API_V4_URL``."""
    return Client(api, {"PRIVATE-TOKEN": token.strip()})

"""Notes on a merge request (docs.gitlab.com, Notes API), written with a project's access token.

The token of a job, ``CI_JOB_TOKEN``, cannot write notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

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
        merge = self._client.get(self._merge).data
        if merge.get("discussion_locked"):
            return merge["sha"], "the conversation is locked"
        return merge["sha"], "" if merge["state"] == "opened" else f"the merge request is {merge['state']}"

    def me(self) -> str:
        """Whose token it is."""
        name: str = self._client.get("/user").data["username"]
        return name

    def comments(self) -> Iterator[Comment]:
        """All notes, a hundred a request."""
        return map(self._comment, self._client.pages(f"{self._merge}/notes?per_page=100&sort=asc&order_by=created_at"))

    def create(self, body: str) -> Comment:
        """Writes a note."""
        return self._comment(self._client.send("POST", f"{self._merge}/notes", {"body": body}).data)

    def edit(self, comment: Comment, body: str) -> Comment:
        """Edits one; nobody is notified."""
        return self._comment(self._client.send("PUT", f"{self._merge}/notes/{comment.id}", {"body": body}).data)

    def delete(self, comment: Comment) -> None:
        """Deletes one."""
        self._client.send("DELETE", f"{self._merge}/notes/{comment.id}")

    def _comment(self, data: Mapping[str, Any]) -> Comment:
        author = data.get("author") or {}
        address = f"{self._address}#note_{data['id']}" if self._address else ""
        return Comment(data["id"], author.get("username") or "", data.get("body") or "", address)


def client(api: str, token: str) -> Client:
    """The API at ``CI_API_V4_URL``."""
    return Client(api, {"PRIVATE-TOKEN": token}, seconds=20)

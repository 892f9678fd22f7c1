"""Pull requests of GitHub and of Enterprise Servers (docs.github.com, REST API: issue comments, pull requests)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from lifelint.forge.actions import Pull
from lifelint.forge.answers import ForgeError, strange
from lifelint.forge.client import Client
from lifelint.forge.sticky import Comment

_BOT = "github-actions[bot]"


class PullThread:
    """The conversation of a pull request. ``graphql`` is the address of the server's GraphQL."""

    permission = "the job needs `permissions: pull-requests: write`, which a fork's or Dependabot's run cannot have"

    def __init__(self, client: Client, pull: Pull, graphql: str) -> None:
        self._client = client
        self._graphql = graphql
        self._pull = f"/repos/{pull.repository}/pulls/{pull.number}"
        self._list = f"/repos/{pull.repository}/issues/{pull.number}/comments"
        self._each = f"/repos/{pull.repository}/issues/comments"

    def head(self) -> tuple[str, str]:
        """The commit it is at, and whether it is closed or locked."""
        match self._client.get(self._pull):
            case {"head": {"sha": str(commit)}, "locked": True}:
                return commit, "the conversation is locked"
            case {"head": {"sha": str(commit)}, "state": str(state)}:
                return commit, "" if state == "open" else f"the pull request is {state}"
        raise strange("a pull request")

    def me(self) -> str:
        """Who we are. A workflow's token may not ask for its user, but GraphQL tells it.

        Where GraphQL is refused, we are who the token of a workflow is. Where it only fails, we do not know: taken for
        somebody else, we would not find our comment and write a second one.
        """
        try:
            told = self._client.graphql(self._graphql, "{viewer{login}}")
        except ForgeError as error:
            if error.status not in (401, 403, 404):
                raise
            return _BOT
        match told:
            case {"data": {"viewer": {"login": str(login)}}}:
                return login
        return _BOT

    def comments(self) -> Iterator[Comment]:
        """All comments, a hundred a request."""
        return map(_comment, self._client.pages(f"{self._list}?per_page=100"))

    def create(self, body: str) -> Comment:
        """Writes a comment."""
        return _comment(self._client.create(self._list, {"body": body}))

    def edit(self, comment: Comment, body: str) -> Comment:
        """Edits one; nobody is notified."""
        return _comment(self._client.change("PATCH", f"{self._each}/{comment.id}", {"body": body}))

    def delete(self, comment: Comment) -> None:
        """Deletes one."""
        self._client.change("DELETE", f"{self._each}/{comment.id}")


def _comment(data: Any) -> Comment:
    """The author of a comment whose account is gone is null, and its body may be."""
    match data:
        case {"id": int(number), "html_url": str(address)}:
            author, body = data.get("user"), data.get("body")
            login = author.get("login") if isinstance(author, dict) else None
            return Comment(
                number, login if isinstance(login, str) else "", body if isinstance(body, str) else "", address
            )
    raise strange("a comment")


def open_pull(client: Client, repository: str, owner: str, branch: str, commit: str) -> Pull | None:
    """The open pull request of a branch, also of a fork's (``owner`` is whose), that is at ``commit`` now.

    Raises:
        ForgeError: they cannot be listed.
    """
    head = quote(f"{owner}:{branch}", safe="")
    for pull in client.pages(f"/repos/{repository}/pulls?state=open&per_page=100&head={head}"):
        match pull:
            case {"number": int(number), "head": {"sha": str(at)}} if at == commit:
                return Pull(repository, number, commit)
    return None

"""What a GitHub Actions runner tells of the run (docs.github.com, Variables reference; Webhook events and payloads)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from lifelint.forge.client import Client, ForgeError
from lifelint.forge.sticky import Comment

_ZEROS = "0" * 40
_BOT = "github-actions[bot]"


class Pull(NamedTuple):
    """A pull request of ``repository`` (``owner/name``), and the commit of its branch that was judged."""

    repository: str
    number: int
    commit: str


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
        pull = self._client.get(self._pull).data
        if pull.get("locked"):
            return pull["head"]["sha"], "the conversation is locked"
        return pull["head"]["sha"], "" if pull["state"] == "open" else f"the pull request is {pull['state']}"

    def me(self) -> str:
        """Who we are. A workflow's token may not ask for its user, but GraphQL tells it."""
        try:
            login = self._client.send("POST", self._graphql, {"query": "{viewer{login}}"}).data["data"]["viewer"][
                "login"
            ]
        except (ForgeError, KeyError, TypeError):
            return _BOT
        return login if isinstance(login, str) else _BOT

    def comments(self) -> Iterator[Comment]:
        """All comments, a hundred a request."""
        return map(_comment, self._client.pages(f"{self._list}?per_page=100"))

    def create(self, body: str) -> Comment:
        """Writes a comment."""
        return _comment(self._client.send("POST", self._list, {"body": body}).data)

    def edit(self, comment: Comment, body: str) -> Comment:
        """Edits one; nobody is notified."""
        return _comment(self._client.send("PATCH", f"{self._each}/{comment.id}", {"body": body}).data)

    def delete(self, comment: Comment) -> None:
        """Deletes one."""
        self._client.send("DELETE", f"{self._each}/{comment.id}")


def _comment(data: Mapping[str, Any]) -> Comment:
    author = data.get("user") or {}
    return Comment(data["id"], author.get("login") or "", data.get("body") or "", data.get("html_url") or "")


def open_pull(client: Client, repository: str, owner: str, branch: str, commit: str) -> Pull | None:
    """The open pull request of a branch, also of a fork's (``owner`` is whose), that is at ``commit`` now.

    Raises:
        ForgeError: they cannot be listed.
    """
    head = quote(f"{owner}:{branch}", safe="")
    for pull in client.pages(f"/repos/{repository}/pulls?state=open&per_page=100&head={head}"):
        if pull["head"]["sha"] == commit:
            return Pull(repository, pull["number"], commit)
    return None


class Run(NamedTuple):
    """One run of a workflow.

    ``base`` is the commit that the change is to be compared with, ``""`` where the event has none. ``forked`` tells
    that the token cannot write, whatever the workflow asks for. The addresses are those of the server that runs it,
    which may be an Enterprise Server's.
    """

    event: str
    repository: str
    commit: str
    base: str
    pull: Pull | None
    forked: bool
    server: str
    api: str
    graphql: str
    address: str

    def client(self, token: str) -> Client:
        """The API of this server."""
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        return Client(self.api, {**headers, "Accept": "application/vnd.github+json"}, seconds=20)


def run(environment: Mapping[str, str], payload: bytes) -> Run:
    """The run that the runner's environment and the event's payload describe.

    Raises:
        ValueError: the payload is not JSON.
    """
    event = json.loads(payload or b"{}")
    get, name = environment.get, environment.get("GITHUB_EVENT_NAME", "")
    repository, server = get("GITHUB_REPOSITORY", ""), get("GITHUB_SERVER_URL", "https://github.com")
    commit = get("GITHUB_SHA", "")
    pull, forked = _pull(event, repository, environment)
    return Run(
        event=name,
        repository=repository,
        commit=pull.commit if pull else commit,
        base=_base(event),
        pull=pull,
        forked=forked,
        server=server,
        api=get("GITHUB_API_URL", "https://api.github.com"),
        graphql=get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"),
        address=f"{server}/{repository}/actions/runs/{get('GITHUB_RUN_ID', '')}" if get("GITHUB_RUN_ID") else "",
    )


def _pull(event: Mapping[str, Any], repository: str, environment: Mapping[str, str]) -> tuple[Pull | None, bool]:
    asked = event.get("pull_request")
    if not isinstance(asked, dict) or not isinstance(asked.get("number"), int):
        return None, False
    head = asked.get("head") or {}
    pull = Pull(repository, asked["number"], str(head.get("sha", "")))
    # The repository of a fork that was deleted is null
    elsewhere = (head.get("repo") or {}).get("full_name") != repository
    return pull, elsewhere or environment.get("GITHUB_ACTOR") == "dependabot[bot]"


def _base(event: Mapping[str, Any]) -> str:
    """The commit before the change: of a pull request, a merge group, or a push to a branch that was there before."""
    asked, group = event.get("pull_request"), event.get("merge_group")
    if isinstance(asked, dict):
        found = (asked.get("base") or {}).get("sha")
    elif isinstance(group, dict):
        found = group.get("base_sha")
    else:
        found = event.get("before")
    return found if isinstance(found, str) and found != _ZEROS else ""


class Ended(NamedTuple):
    """The run whose end started this one: for which repository, of whose branch, at which commit."""

    repository: str
    owner: str
    branch: str
    commit: str


def ended(payload: bytes) -> Ended:
    """What a ``workflow_run`` event tells of the run that ended: GitHub's own words, not the run's.

    Raises:
        ValueError: it is another event, or the repository of the branch is gone.
    """
    event = json.loads(payload)
    try:
        run_, source = event["workflow_run"], event["workflow_run"]["head_repository"]
        return Ended(event["repository"]["full_name"], source["owner"]["login"], run_["head_branch"], run_["head_sha"])
    except (KeyError, TypeError):
        raise ValueError("this is no workflow_run event with a branch") from None

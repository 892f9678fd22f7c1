"""A small GitHub on loopback: pull requests, their comments and who asks, with faults on demand.

    with FakeGitHub() as hub:
        hub.pull(7, commit="4b64…")
        hub.fail("PATCH", BAD_GATEWAY)
        ...                     # GITHUB_API_URL=hub.url, GITHUB_GRAPHQL_URL=hub.graphql, GITHUB_TOKEN=hub.token
        assert [one.body for one in hub.comments(7)] == ["…"]
        assert hub.violations == []

Requests and answers are held against GitHub's own description of its API (``slice_openapi.py`` says from where); what
does not fit is in ``hub.violations``. Permissions, limits and locks, of which the description says nothing, are our
reading of GitHub's documentation. With ``enterprise=True`` it is an Enterprise Server, below ``/api/v3``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from tests.forge.contract import Contract, Operation
from tests.forge.loopback import Fault, Loopback, Reply, Request

HERE = Path(__file__).parent
LONGEST = 65_536  # characters of a comment
BOT = "github-actions[bot]"


class Comment(NamedTuple):
    """A comment as it is now."""

    id: int
    author: str
    body: str


def refused(status: int, message: str, headers: Mapping[str, str] = {}, **more: Any) -> Reply:
    """A refusal in GitHub's form."""
    return Reply(status, {"message": message, "documentation_url": "https://docs.github.com/rest", **more}, headers)


def limited(after: str | None = None) -> Fault:
    """GitHub's secondary limit, which says how long to wait, or does not."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Fault(refused(403, message, {"Retry-After": after} if after is not None else {}))


DENIED = Fault(refused(403, "Resource not accessible by integration"))
MISSING = Fault(refused(404, "Not Found"))
INVALID = Fault(refused(422, "Validation Failed", errors=[{"code": "custom", "message": "body is wrong"}]))


class FakeGitHub:
    """A server with one repository. Leave it to let go of requests that hang."""

    def __init__(
        self, *, enterprise: bool = False, repository: str = "acme/churn", viewer: str | None = BOT, port: int = 0
    ) -> None:
        """``viewer`` is whose the tokens are, ``None`` where the server does not tell; comments are the bot's then."""
        self.contract = Contract(HERE / ("ghes.json" if enterprise else "api.github.com.json"))
        self.repository = repository
        self.viewer = viewer
        self.token = "can-write"
        self.read_token = "can-read"  # as a fork's pull request gets it
        self.violations: list[str] = []
        self._prefix, self._graphql = ("/api/v3", "/api/graphql") if enterprise else ("", "/graphql")
        self._pulls: dict[int, dict[str, Any]] = {}
        self._comments: dict[int, tuple[int, Comment]] = {}
        self._ids = itertools.count(1000)
        self._loopback = Loopback(self._reply, port=port, kind=self._kind)
        self.server = self._loopback.url  # GITHUB_SERVER_URL
        self.url = self.server + self._prefix  # GITHUB_API_URL
        self.graphql = self.server + self._graphql  # GITHUB_GRAPHQL_URL

    def __enter__(self) -> Self:
        self._loopback.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._loopback.__exit__()

    @property
    def requests(self) -> list[Request]:
        """What was asked, in order."""
        return self._loopback.requests

    @property
    def writes(self) -> list[str]:
        """The methods of the requests that asked for a change."""
        return [one.method for one in self.requests if one.method in ("POST", "PATCH", "DELETE", "PUT")]

    def fail(self, method: str, *faults: Fault) -> None:
        """The next requests of a method meet these faults, one each. ``GRAPHQL`` is a method of its own."""
        self._loopback.faults[method].extend(faults)

    # What there is ---------------------------------------------------------------------------------------------------

    def pull(
        self,
        number: int,
        commit: str,
        *,
        owner: str = "",
        branch: str = "topic",
        state: str = "open",
        locked: bool = False,
    ) -> None:
        """Opens a pull request, or moves it to another commit or state. ``owner`` is a fork's."""
        owner = owner or self.repository.partition("/")[0]
        self._pulls[number] = {"commit": commit, "owner": owner, "branch": branch, "state": state, "locked": locked}

    def comment(self, number: int, author: str, body: str) -> Comment:
        """Writes a comment as anybody."""
        made = Comment(next(self._ids), author, body)
        self._comments[made.id] = number, made
        return made

    def comments(self, number: int) -> list[Comment]:
        """The comments of a pull request, the oldest first."""
        return [one for at, one in self._comments.values() if at == number]

    # What is asked ---------------------------------------------------------------------------------------------------

    def _kind(self, request: Request) -> str:
        return "GRAPHQL" if request.path == self._graphql else request.method

    def _reply(self, request: Request) -> Reply:
        method, path, query, headers, body, _ = request
        token = headers.get("Authorization", "").partition(" ")[2]
        if token not in (self.token, self.read_token):
            return refused(401, "Bad credentials")
        if method == "GRAPHQL":
            return self._who(body)
        below = path.startswith(self._prefix + "/")
        operation = self.contract.operation(method, path.removeprefix(self._prefix)) if below else None
        if operation is None:
            self.violations.append(f"{method} {path}: there is no such operation")
            return refused(404, "Not Found")
        wrong = self.contract.wrong_request(operation, query, body)
        if wrong:
            reply = refused(422, "Validation Failed", errors=[{"code": "invalid", "message": one} for one in wrong])
        elif f"{operation.values['owner']}/{operation.values['repo']}" != self.repository:
            reply = refused(404, "Not Found")
        elif method != "GET" and token != self.token:
            reply = refused(403, "Resource not accessible by integration")
        else:
            reply = self._done(method, operation, query, body)
        wrong += [f"our own answer: {one}" for one in self.contract.wrong_answer(operation, reply.status, reply.body)]
        self.violations += [f"{method} {path}: {one}" for one in wrong]
        return reply

    def _who(self, body: Any) -> Reply:
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            self.violations.append("GraphQL: there is no query")
        if self.viewer is None:
            return refused(403, "Resource not accessible by integration")
        return Reply(200, {"data": {"viewer": {"login": self.viewer}}})

    def _done(self, method: str, operation: Operation, query: Mapping[str, str], body: Any) -> Reply:
        match method, operation.path.rpartition("/")[2]:
            case _, "{comment_id}":
                return self._on_comment(method, int(operation.values["comment_id"]), body)
            case "GET", "pulls":
                return self._page(operation, query, self._found(query))
            case "GET", "{pull_number}":
                number = int(operation.values["pull_number"])
                return Reply(200, self._pull(number)) if number in self._pulls else refused(404, "Not Found")
        number = int(operation.values["issue_number"])
        if number not in self._pulls:
            return refused(404, "Not Found")
        if method == "GET":
            return self._page(operation, query, [self._json(number, one) for one in self.comments(number)])
        if self._pulls[number]["locked"]:
            return refused(403, "Unable to create comment because issue is locked.")
        if too_long := _too_long(body):
            return too_long
        return Reply(201, self._json(number, self.comment(number, self.viewer or BOT, body["body"])))

    def _on_comment(self, method: str, identity: int, body: Any) -> Reply:
        if identity not in self._comments:
            return refused(404, "Not Found")
        number, old = self._comments[identity]
        if method == "DELETE":
            del self._comments[identity]
            return Reply(204)
        if method == "PATCH":
            if too_long := _too_long(body):
                return too_long
            self._comments[identity] = number, old._replace(body=body["body"])
        return Reply(200, self._json(*self._comments[identity]))

    def _page(self, operation: Operation, query: Mapping[str, str], items: list[Any]) -> Reply:
        size, page = min(int(query.get("per_page", 30)), 100), int(query.get("page", 1))
        end = page * size
        path = operation.path.format(**operation.values)
        following = f'<{self.url}{path}?{urlencode({**query, "page": page + 1})}>; rel="next"'
        first = f'<{self.url}{path}?{urlencode({**query, "page": 1})}>; rel="first"'
        links = [first] * (page > 1) + [following] * (len(items) > end)
        return Reply(200, items[end - size : end], {"Link": ", ".join(links)} if links else {})

    # In GitHub's words: its own examples with our values -----------------------------------------------------------

    def _json(self, number: int, comment: Comment) -> dict[str, Any]:
        page = f"{self.server}/{self.repository}/pull/{number}#issuecomment-{comment.id}"
        example = self.contract.example("issue-comment")
        user = {**example["user"], "login": comment.author, "type": "Bot" if comment.author == BOT else "User"}
        address = f"{self.url}/repos/{self.repository}/issues"
        places = {"html_url": page, "url": f"{address}/comments/{comment.id}", "issue_url": f"{address}/{number}"}
        return {**example, **places, "id": comment.id, "user": user, "body": comment.body}

    def _found(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        state, head = query.get("state", "open"), query.get("head", "")
        numbers = [
            number
            for number, pull in self._pulls.items()
            if state in ("all", pull["state"]) and head in ("", f"{pull['owner']}:{pull['branch']}")
        ]
        return [self._pull(number, simple=True) for number in numbers]

    def _pull(self, number: int, *, simple: bool = False) -> dict[str, Any]:
        pull = self._pulls[number]
        names = ("pull-request-simple-items", "pull-request")
        example = self.contract.example(names[0])[0] if simple else self.contract.example(names[1])
        label = f"{pull['owner']}:{pull['branch']}"
        head = {**example["head"], "sha": pull["commit"], "ref": pull["branch"], "label": label}
        address = f"{self.url}/repos/{self.repository}"
        places = {"url": f"{address}/pulls/{number}", "issue_url": f"{address}/issues/{number}"}
        places["comments_url"] = f"{address}/issues/{number}/comments"
        state = {"state": pull["state"], "locked": pull["locked"]}
        return {**example, **places, **state, "number": number, "head": head}


def _too_long(body: Any) -> Reply | None:
    if len(body["body"]) <= LONGEST:
        return None
    error = {"resource": "IssueComment", "code": "unprocessable", "field": "data"}
    error["message"] = f"Body is too long (maximum is {LONGEST} characters)"
    return refused(422, "Validation Failed", errors=[error])

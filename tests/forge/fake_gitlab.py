"""A small GitLab on loopback: one merge request and its notes.

No description of GitLab's API is held against it: it is our own reading of docs.gitlab.com (Notes API, Merge requests
API, REST API: pagination, status codes). That python-gitlab, which others wrote, can use it is what speaks for it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import quote, urlencode

from tests.forge.loopback import Fault, Loopback, Reply, Request

LONGEST = 1_000_000  # characters of a note
API = "/api/v4"


class Note(NamedTuple):
    """A note as it is now."""

    id: int
    author: str
    body: str


class FakeGitLab:
    """A server with one project. Leave it to let go of requests that hang."""

    def __init__(self, *, project: str = "acme/churn", number: int = 3, commit: str = "4b64" * 10) -> None:
        self.project = project
        self.merge = {"iid": number, "sha": commit, "state": "opened", "discussion_locked": None}
        self.token = "project-token"
        self.job_token = "job-token"  # CI_JOB_TOKEN, which cannot write notes
        self.viewer = "project_42_bot_0123"
        self._notes: dict[int, Note] = {}
        self._ids = itertools.count(100)
        self._merge = f"{API}/projects/{quote(project, safe='')}/merge_requests/{number}"
        self._loopback = Loopback(self._reply)
        self.url = self._loopback.url + API  # CI_API_V4_URL
        self.server = self._loopback.url

    def __enter__(self) -> Self:
        self._loopback.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._loopback.__exit__()

    @property
    def requests(self) -> list[Request]:
        """What was asked, in order."""
        return self._loopback.requests

    def fail(self, method: str, *faults: Fault) -> None:
        """The next requests of a method meet these faults, one each."""
        self._loopback.faults[method].extend(faults)

    def note(self, author: str, body: str) -> Note:
        """Writes a note as anybody."""
        made = Note(next(self._ids), author, body)
        self._notes[made.id] = made
        return made

    def notes(self) -> list[Note]:
        """The notes of the merge request, the oldest first."""
        return list(self._notes.values())

    def _reply(self, request: Request) -> Reply:
        if request.headers.get("Private-Token") not in (self.token, self.job_token):
            return Reply(401, {"message": "401 Unauthorized"})
        if request.method != "GET" and request.headers["Private-Token"] != self.token:
            return Reply(403, {"message": "403 Forbidden"})
        if request.path == f"{API}/user" and request.method == "GET":
            return Reply(200, _user(self.viewer))
        if request.path == self._merge and request.method == "GET":
            return Reply(200, self.merge)
        if request.path == f"{self._merge}/notes":
            return self._list(request) if request.method == "GET" else self._write(request, None)
        if found := re.fullmatch(re.escape(f"{self._merge}/notes/") + r"([0-9]+)", request.path):
            return self._write(request, int(found[1]))
        return Reply(404, {"error": "404 Not Found"})

    def _write(self, request: Request, number: int | None) -> Reply:
        if number is not None and number not in self._notes:
            return Reply(404, {"message": "404 Note Not Found"})
        match request.method, number:
            case "DELETE", int():
                del self._notes[number]
                return Reply(204)
            case ("POST", None) | ("PUT", int()):
                body = request.body.get("body") if isinstance(request.body, dict) else None
                if not isinstance(body, str):
                    return Reply(400, {"error": "body is missing"})
                if len(body) > LONGEST:
                    return Reply(400, {"message": {"note": [f"is too long (maximum is {LONGEST} characters)"]}})
                if number is None:
                    return Reply(201, self._json(self.note(self.viewer, body)))
                self._notes[number] = self._notes[number]._replace(body=body)
                return Reply(200, self._json(self._notes[number]))
        return Reply(405, {"error": "405 Not Allowed"})

    def _list(self, request: Request) -> Reply:
        query = request.query
        size, page = min(int(query.get("per_page", 20)), 100), int(query.get("page", 1))
        notes = sorted(self._notes.values(), reverse=query.get("sort", "desc") == "desc")
        following = f"{self.server}{request.path}?{urlencode({**query, 'page': page + 1})}"
        links = {"Link": f'<{following}>; rel="next"'} if len(notes) > page * size else {}
        return Reply(200, [self._json(one) for one in notes[(page - 1) * size : page * size]], links)

    def _json(self, note: Note) -> Mapping[str, Any]:
        more = {"system": False, "noteable_type": "MergeRequest", "noteable_iid": self.merge["iid"], "internal": False}
        return {"id": note.id, "type": None, "body": note.body, "author": _user(note.author), **more}


def _user(name: str) -> Mapping[str, Any]:
    return {"id": 1, "username": name, "name": name, "state": "active"}

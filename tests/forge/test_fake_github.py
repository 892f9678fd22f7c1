"""The fake is of use only if it refuses what GitHub refuses, and answers as GitHub's description says."""

from __future__ import annotations

import json
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.forge.fake_github import DENIED, FakeGitHub, limited
from tests.forge.loopback import BAD_GATEWAY, LOST

COMMIT = "4b64" * 10
LIST = "/repos/acme/churn/issues/7/comments"


def ask(hub: FakeGitHub, method: str, path: str, body: Any = None, token: str = "can-write") -> tuple[int, Any, str]:
    parts = urlsplit(hub.url)
    line = HTTPConnection(parts.hostname or "", parts.port)
    try:
        sent = None if body is None else json.dumps(body)
        line.request(method, parts.path + path, sent, {"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        data = answer.read()
        return answer.status, json.loads(data) if data else None, answer.headers.get("Link", "")
    finally:
        line.close()


def test_keeps_what_is_written(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)

    status, made, _ = ask(hub, "POST", LIST, {"body": "one"})
    edited, _, _ = ask(hub, "PATCH", f"/repos/acme/churn/issues/comments/{made['id']}", {"body": "two"})

    assert (status, edited) == (201, 200)
    assert [(one.author, one.body) for one in hub.comments(7)] == [("github-actions[bot]", "two")]
    assert ask(hub, "DELETE", f"/repos/acme/churn/issues/comments/{made['id']}")[0] == 204
    assert hub.comments(7) == []
    assert hub.writes == ["POST", "PATCH", "DELETE"]


def test_tells_of_pull_requests_by_number_and_by_branch(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT, owner="ann")
    hub.pull(8, COMMIT, state="closed")

    assert ask(hub, "GET", "/repos/acme/churn/pulls/7")[1]["head"]["sha"] == COMMIT
    assert ask(hub, "GET", "/repos/acme/churn/pulls/8")[1]["state"] == "closed"
    assert [one["number"] for one in ask(hub, "GET", "/repos/acme/churn/pulls?state=all")[1]] == [7, 8]
    assert [one["number"] for one in ask(hub, "GET", "/repos/acme/churn/pulls?head=ann:topic")[1]] == [7]
    assert ask(hub, "GET", "/repos/acme/churn/pulls?head=acme:topic")[1] == []


def test_lists_page_after_page(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)
    for number in range(130):
        hub.comment(7, "ann", f"no. {number}")

    _, first, link = ask(hub, "GET", LIST + "?per_page=100")
    _, second, last = ask(hub, "GET", LIST + "?per_page=100&page=2")

    assert (len(first), len(second)) == (100, 30)
    assert f"{hub.url}{LIST}?per_page=100&page=2" in link
    assert 'rel="next"' not in last


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("POST", LIST, {"bodyy": "one"}, 422),
        ("POST", LIST, {"body": "one", "bodyy": "two"}, 422),
        ("POST", LIST, {"body": 3}, 422),
        ("POST", LIST, None, 422),
        ("GET", LIST, {"body": "one"}, 422),
        ("GET", LIST + "?page=two", None, 422),
        ("GET", LIST + "?perpage=2", None, 422),
        ("GET", "/repos/acme/churn/pulls?state=opened", None, 422),
        ("PATCH", "/repos/acme/churn/issues/comments/abc", {"body": "one"}, 422),
        ("POST", "/repos/acme/churn/issue/7/comments", {"body": "one"}, 404),
        ("PUT", LIST, {"body": "one"}, 404),
    ],
)
def test_notes_what_the_description_does_not_know(method: str, path: str, body: Any, status: int) -> None:
    with FakeGitHub() as hub:
        hub.pull(7, COMMIT)

        assert ask(hub, method, path, body)[0] == status

    assert len(hub.violations) >= 1
    assert hub.comments(7) == []


def test_notes_an_answer_of_its_own_that_the_description_does_not_know() -> None:
    with FakeGitHub() as hub:
        hub.pull(7, COMMIT, state="merged")

        ask(hub, "GET", "/repos/acme/churn/pulls/7")

    [violation] = hub.violations
    assert "our own answer" in violation and "merged" in violation


def test_enterprise_is_below_its_prefix_alone() -> None:
    with FakeGitHub(enterprise=True) as hub:
        hub.pull(7, COMMIT)
        line = HTTPConnection("127.0.0.1", urlsplit(hub.url).port or 0)
        line.request("GET", "/repos/acme/churn/pulls/7", headers={"Authorization": "Bearer can-write"})

        assert line.getresponse().status == 404

        line.close()


def test_refuses_for_want_of_rights_and_for_length(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)
    hub.pull(8, COMMIT, locked=True)

    assert ask(hub, "POST", LIST, {"body": "one"}, token="can-read")[0] == 403
    assert ask(hub, "GET", LIST, token="can-read")[0] == 200
    assert ask(hub, "GET", LIST, token="unknown")[0] == 401
    assert ask(hub, "GET", "/repos/acme/other/pulls/7")[0] == 404
    assert ask(hub, "POST", "/repos/acme/churn/issues/8/comments", {"body": "one"})[0] == 403
    assert ask(hub, "POST", LIST, {"body": "x" * 65_536})[0] == 201
    status, refusal, _ = ask(hub, "POST", LIST, {"body": "x" * 65_537})
    assert (status, refusal["errors"][0]["message"]) == (422, "Body is too long (maximum is 65536 characters)")


def test_fails_when_told_to(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)
    hub.fail("GET", DENIED, limited("3"), BAD_GATEWAY)
    hub.fail("POST", LOST)

    assert [ask(hub, "GET", LIST)[0] for _ in range(2)] == [403, 403]
    with pytest.raises(ValueError, match="Expecting value"):
        ask(hub, "GET", LIST)
    with pytest.raises(RemoteDisconnected):
        ask(hub, "POST", LIST, {"body": "one"})

    assert [one["body"] for one in ask(hub, "GET", LIST)[1]] == ["one"]
    assert [one.status for one in hub.requests] == [403, 403, 502, 0, 200]

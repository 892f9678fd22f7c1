"""Prism, which others wrote, finds nothing wrong with our requests by GitHub's description of its API."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from lifelint.forge.actions import Pull, run
from lifelint.forge.github import PullThread, open_pull
from lifelint.forge.sticky import publish
from tests.forge.fake_github import BOT, FakeGitHub
from tests.forge.loopback import LOST

PRISM = Path(__file__).parents[1] / "tools/node_modules/.bin/prism"
HERE = Path(__file__).parent
COMMIT = "4b64" * 10
MARKER = "<!-- lifelint:comment v=1 key=default -->"
LONGEST = 90.0  # seconds that Prism may live

pytestmark = pytest.mark.skipif(
    not PRISM.exists(), reason="npm has not installed Prism: nobody else checks our requests to GitHub"
)


class Prism(NamedTuple):
    """The address of a running one, and whether it stands for an Enterprise Server."""

    url: str
    enterprise: bool

    def status(self, method: str, target: str, headers: Mapping[str, str], body: Any) -> int:
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            line.request(method, target, None if body is None else json.dumps(body), dict(headers))
            return line.getresponse().status
        finally:
            line.close()


@pytest.fixture(scope="module", params=[False, True], ids=["github.com", "enterprise"])
def prism(request: pytest.FixtureRequest) -> Iterator[Prism]:
    description = HERE / ("ghes.json" if request.param else "api.github.com.json")
    process = subprocess.Popen(
        [PRISM, "mock", "-h", "127.0.0.1", "-p", "0", "--errors", description],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        start_new_session=True,
    )
    assert process.stdout is not None
    rest = threading.Thread(target=process.stdout.read)  # or its pipe would be full one day
    stop = threading.Timer(LONGEST, lambda: os.killpg(process.pid, signal.SIGKILL))
    stop.start()
    try:
        said = []
        for text in process.stdout:
            said.append(text)
            if found := re.search(r"listening on (http://\S+)", text):
                rest.start()
                yield Prism(found[1], request.param)
                break
        else:
            pytest.fail("Prism did not start:\n" + "".join(said))
    finally:
        stop.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if rest.ident is not None:
            rest.join()
        process.stdout.close()


def test_every_request_of_ours_is_as_described(prism: Prism) -> None:
    with FakeGitHub(enterprise=prism.enterprise) as hub:
        everything(hub)

    assert {one.method for one in hub.requests} == {"GET", "POST", "PATCH", "DELETE", "GRAPHQL"}
    prefix = urlsplit(hub.url).path
    good = {"GET": 200, "POST": 201, "PATCH": 200, "DELETE": 204}
    for one in hub.requests:
        if one.method != "GRAPHQL":
            target = one.path.removeprefix(prefix) + (f"?{urlencode(one.query)}" if one.query else "")
            assert prism.status(one.method, target, one.headers, one.body) == good[one.method], one


def everything(hub: FakeGitHub) -> None:
    """All that is ever asked of GitHub."""
    hub.pull(7, COMMIT)
    hub.pull(8, COMMIT, owner="ann", branch="fix/a&b #1")
    environment = {"GITHUB_API_URL": hub.url, "GITHUB_GRAPHQL_URL": hub.graphql}
    client = run(environment, b"{}").client(hub.token)
    thread = PullThread(client, Pull(hub.repository, 7, COMMIT), hub.graphql)
    hub.fail("POST", LOST)
    for number in range(130):
        hub.comment(7, "ann", f"no. {number}")
    assert publish(thread, COMMIT, f"{MARKER}\none", create=True).status == "created"
    hub.comment(7, BOT, f"{MARKER}\nanother")
    assert publish(thread, COMMIT, f"{MARKER}\n\u202e\U0001f680", create=True).status == "updated"
    assert open_pull(client, hub.repository, "ann", "fix/a&b #1", COMMIT) is not None


@pytest.mark.parametrize(
    "method, target, body",
    [
        ("POST", "/repos/acme/churn/issues/7/comments", None),
        ("POST", "/repos/acme/churn/issues/7/comments", {"body": 3}),
        ("POST", "/repos/acme/churn/issues/7/comments", {"bodyy": "one"}),
        ("POST", "/repos/acme/churn/issue/7/comments", {"body": "one"}),
        ("PATCH", "/repos/acme/churn/issues/comments/abc", {"body": "one"}),
        ("PUT", "/repos/acme/churn/issues/comments/5", {"body": "one"}),
        ("GET", "/repos/acme/churn/pulls?state=opened", None),
    ],
)
def test_prism_refuses_what_is_not(prism: Prism, method: str, target: str, body: Any) -> None:
    assert prism.status(method, target, {"Content-Type": "application/json"}, body) in (404, 405, 422)

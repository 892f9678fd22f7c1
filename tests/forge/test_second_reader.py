"""PyGithub, which others wrote, sees what we wrote and what we will find."""

from __future__ import annotations

from typing import Any

import github
import pytest

from lifelint.forge.actions import Pull
from lifelint.forge.client import Client
from lifelint.forge.github import PullThread
from lifelint.forge.sticky import publish
from tests.forge.fake_github import BOT, FakeGitHub

COMMIT = "4b64" * 10
MARKER = "<!-- lifelint:comment v=1 key=default -->"


def other(hub: FakeGitHub) -> Any:
    login = github.Auth.Token(hub.token)
    return github.Github(base_url=hub.url, auth=login, retry=None, seconds_between_requests=None, lazy=True).get_repo(
        hub.repository
    )


def said(hub: FakeGitHub, body: str) -> str:
    client = Client(hub.url, {"Authorization": f"Bearer {hub.token}"})
    return publish(PullThread(client, Pull(hub.repository, 7, COMMIT), hub.graphql), COMMIT, body, create=True).status


@pytest.fixture(autouse=True)
def pull(hub: FakeGitHub) -> None:
    hub.pull(7, COMMIT)


def test_sees_one_comment_of_ours_among_all(hub: FakeGitHub) -> None:
    for number in range(130):
        hub.comment(7, "ann", f"no. {number}")
    hub.comment(7, "mallory", f"{MARKER}\nspoof")

    assert [said(hub, f"{MARKER}\n{text}") for text in ("one", "two", "two")] == ["created", "updated", "unchanged"]

    pull = other(hub).get_pull(7)
    found = [(one.user.login, one.body) for one in pull.get_issue_comments()]
    assert len(found) == 132
    assert [body for login, body in found if login == BOT] == [f"{MARKER}\ntwo"]
    assert (pull.head.sha, pull.state) == (COMMIT, "open")


def test_writes_what_we_find(hub: FakeGitHub) -> None:
    other(hub).get_pull(7).create_issue_comment(f"{MARKER}\nfrom PyGithub")

    assert said(hub, f"{MARKER}\nfrom us") == "updated"
    assert [one.body for one in other(hub).get_pull(7).get_issue_comments()] == [f"{MARKER}\nfrom us"]


def test_finds_the_pull_request_of_a_forks_branch(hub: FakeGitHub) -> None:
    hub.pull(8, COMMIT, owner="ann", branch="fix")

    assert [one.number for one in other(hub).get_pulls(state="open", head="ann:fix")] == [8]

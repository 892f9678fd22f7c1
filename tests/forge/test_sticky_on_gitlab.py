"""One note on a merge request, by our own reading of GitLab's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gitlab
import pytest

from lifelint.forge.client import Client
from lifelint.forge.gitlab import MergeThread, client
from lifelint.forge.sticky import Published, publish
from tests.forge.fake_gitlab import FakeGitLab
from tests.forge.loopback import BAD_GATEWAY, LOST, Fault, Reply

COMMIT = "4b64" * 10
MARKER = "<!-- lifelint:comment v=1 key=default -->"
BODY, NEXT = f"{MARKER}\nlevel 2", f"{MARKER}\nlevel 3"


@pytest.fixture
def lab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as fake:
        yield fake


def said(lab: FakeGitLab, body: str = BODY, *, token: str = "", create: bool = True) -> Published:
    quick = Client(lab.url, {"PRIVATE-TOKEN": token or lab.token}, sleep=lambda _: None)
    page = f"{lab.server}/acme/churn/-/merge_requests/3"
    return publish(MergeThread(quick, lab.project, 3, page), COMMIT, body, create=create)


def other(lab: FakeGitLab) -> Any:
    """The notes as python-gitlab sees them."""
    reader = gitlab.Gitlab(lab.server, private_token=lab.token)
    return reader.projects.get(lab.project, lazy=True).mergerequests.get(3, lazy=True).notes


def test_a_note_is_created_then_edited_then_left_alone(lab: FakeGitLab) -> None:
    for number in range(130):
        lab.note("ann", f"no. {number}")
    lab.note("mallory", BODY)

    published = [said(lab, body) for body in (BODY, NEXT, NEXT)]

    [ours] = [one for one in lab.notes() if one.author == lab.viewer]
    assert [one.status for one in published] == ["created", "updated", "unchanged"]
    assert {one.address for one in published} == {f"{lab.server}/acme/churn/-/merge_requests/3#note_{ours.id}"}
    assert ours.body == NEXT
    assert [one.method for one in lab.requests if one.method != "GET"] == ["POST", "PUT"]


def test_another_client_sees_what_we_wrote_and_we_what_it_wrote(lab: FakeGitLab) -> None:
    other(lab).create({"body": BODY})

    assert said(lab, NEXT).status == "updated"
    assert [(one.author["username"], one.body) for one in other(lab).list(get_all=True)] == [(lab.viewer, NEXT)]


def test_the_oldest_of_several_stays(lab: FakeGitLab) -> None:
    oldest, _, _ = lab.note(lab.viewer, BODY), lab.note(lab.viewer, BODY), lab.note(lab.viewer, NEXT)

    assert said(lab, NEXT).status == "updated"
    assert lab.notes() == [oldest._replace(body=NEXT)]


def test_nothing_is_created_when_there_is_nothing_to_say(lab: FakeGitLab) -> None:
    assert said(lab, create=False).status == "skipped"
    assert lab.notes() == []


def test_a_jobs_own_token_is_denied_and_told_which_is_needed(lab: FakeGitLab) -> None:
    published = said(lab, token=lab.job_token)

    assert published.status == "denied"
    assert "403 Forbidden" in published.why
    assert "project access token" in published.why


def test_an_unknown_token_is_denied(lab: FakeGitLab) -> None:
    assert said(lab, token="expired").status == "denied"


def test_a_narrow_scope_is_named(lab: FakeGitLab) -> None:
    narrow = {
        "error": "insufficient_scope",
        "error_description": "The request requires higher privileges.",
        "scope": "api",
    }
    lab.fail("POST", Fault(Reply(403, narrow)))

    published = said(lab)

    assert published.status == "denied"
    assert published.why.startswith("The request requires higher privileges.")


def test_a_note_that_is_too_long_is_refused_in_gitlabs_words(lab: FakeGitLab) -> None:
    published = said(lab, BODY + "x" * 1_000_000)

    assert published.status == "failed"
    assert "is too long (maximum is 1000000 characters)" in published.why


@pytest.mark.parametrize(
    "state, expected",
    [
        ({"sha": "9c1f" * 10}, "stale"),
        ({"state": "merged"}, "skipped"),
        ({"state": "closed"}, "skipped"),
        ({"discussion_locked": True}, "skipped"),
        ({"sha": None}, "failed"),
    ],
)
def test_nothing_is_said_where_nobody_would_read_it(lab: FakeGitLab, state: dict[str, Any], expected: str) -> None:
    lab.merge.update(state)

    assert said(lab).status == expected
    assert lab.notes() == []


def test_a_note_whose_answer_was_lost_is_not_written_twice(lab: FakeGitLab) -> None:
    lab.fail("POST", LOST)

    assert said(lab).status == "created"
    assert len(lab.notes()) == 1


def test_an_edit_and_a_limit_are_tried_again(lab: FakeGitLab) -> None:
    lab.note(lab.viewer, BODY)
    lab.fail("GET", Fault(Reply(429, b"Retry later\n", {"Retry-After": "2"})))
    lab.fail("PUT", BAD_GATEWAY)

    assert said(lab, NEXT).status == "updated"


@pytest.mark.parametrize("body", [[], {}, None, {"username": 3}, b"<html>"])
def test_strange_answers_are_failures(lab: FakeGitLab, body: Any) -> None:
    lab.fail("GET", Fault(Reply(200, lab.merge)), Fault(Reply(200, body)))

    assert said(lab).status == "failed"


@pytest.mark.parametrize("body", [{}, [{}], [None], [{"id": 1, "author": None, "body": "x"}]])
def test_strange_notes_are_failures(lab: FakeGitLab, body: Any) -> None:
    lab.fail("GET", Fault(Reply(200, lab.merge)), Fault(Reply(200, {"username": lab.viewer})), Fault(Reply(200, body)))

    assert said(lab).status == "failed"


def test_the_token_stands_in_its_own_header(lab: FakeGitLab) -> None:
    thread = MergeThread(client(lab.url, f"{lab.token}\n"), lab.project, 3)

    assert publish(thread, COMMIT, BODY, create=True) == Published("created")
    assert all(lab.token not in one.path and "Authorization" not in one.headers for one in lab.requests)

"""What is read of a run: GitHub's payloads as they are documented, and any other JSON without a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.forge.actions import Ended, Pull, ended, run

COMMIT, BASE = "4b64" * 10, "9c1f" * 10
ENVIRONMENT = {"GITHUB_REPOSITORY": "acme/churn", "GITHUB_SHA": "aaaa" * 10, "GITHUB_RUN_ID": "42"}


def pull_request(source: str | None = "acme/churn", **more: Any) -> dict[str, Any]:
    head = {"sha": COMMIT, "repo": None if source is None else {"full_name": source}}
    return {"number": 7, "pull_request": {"number": 7, "head": head, "base": {"sha": BASE}, **more}}


def of(payload: Any, name: str = "pull_request", **environment: str) -> Any:
    return run({**ENVIRONMENT, "GITHUB_EVENT_NAME": name, **environment}, json.dumps(payload).encode())


class TestARun:
    def test_of_a_pull_request_judges_the_commit_of_its_branch(self) -> None:
        found = of(pull_request())

        assert found.pull == Pull("acme/churn", 7, COMMIT)
        assert (found.commit, found.base, found.forked) == (COMMIT, BASE, False)

    @pytest.mark.parametrize("source", ["ann/churn", None])
    def test_of_a_fork_cannot_write(self, source: str | None) -> None:
        assert of(pull_request(source)).forked

    def test_of_dependabot_cannot_write(self) -> None:
        assert of(pull_request(), GITHUB_ACTOR="dependabot[bot]").forked

    def test_that_the_base_judges_may_write(self) -> None:
        assert not of(pull_request("ann/churn"), "pull_request_target").forked

    def test_of_a_merge_group_has_a_base_and_no_pull_request(self) -> None:
        found = of({"merge_group": {"base_sha": BASE, "head_sha": COMMIT}}, "merge_group")

        assert (found.pull, found.commit, found.base, found.forked) == (None, "aaaa" * 10, BASE, False)

    def test_of_a_push_compares_with_what_was_there(self) -> None:
        assert of({"before": BASE, "after": COMMIT}, "push").base == BASE

    def test_of_a_new_branch_has_no_base(self) -> None:
        assert of({"before": "0" * 40, "after": COMMIT}, "push").base == ""

    def test_has_an_address(self) -> None:
        assert of({}, "schedule").address == "https://github.com/acme/churn/actions/runs/42"

    def test_without_a_payload_is_one(self) -> None:
        assert run(ENVIRONMENT, b"").pull is None

    def test_belongs_to_the_server_that_runs_it(self) -> None:
        server = {"GITHUB_SERVER_URL": "https://ghe.example", "GITHUB_API_URL": "https://ghe.example/api/v3"}

        found = of({}, "push", **server)

        assert found.api == "https://ghe.example/api/v3"
        assert found.graphql == "https://ghe.example/api/graphql"
        assert found.address.startswith("https://ghe.example/")

    def test_asks_nothing_of_another_server_than_its_own(self) -> None:
        assert of({}).graphql == "https://api.github.com/graphql"
        assert of({}, GITHUB_GRAPHQL_URL="https://api.x.ghe.com/graphql").graphql == "https://api.x.ghe.com/graphql"

    @pytest.mark.parametrize("payload", [b"{", b"\xff", b"[" * 100_000])
    def test_with_a_broken_payload_says_so(self, payload: bytes) -> None:
        with pytest.raises(ValueError):
            run(ENVIRONMENT, payload)


WORKFLOW_RUN = {
    "repository": {"full_name": "acme/churn"},
    "workflow_run": {
        "head_branch": "topic",
        "head_sha": COMMIT,
        "html_url": "https://github.com/acme/churn/actions/runs/1",
        "pull_requests": [],
        "head_repository": {"full_name": "ann/churn", "owner": {"login": "ann"}},
    },
}


class TestTheRunThatEnded:
    def test_is_told_by_the_event(self) -> None:
        assert ended(json.dumps(WORKFLOW_RUN).encode()) == Ended(
            "acme/churn", "ann", "topic", COMMIT, "https://github.com/acme/churn/actions/runs/1"
        )

    @pytest.mark.parametrize("payload", [b"{}", b"[]", b"{", b"[" * 100_000])
    def test_is_not_guessed(self, payload: bytes) -> None:
        with pytest.raises(ValueError):
            ended(payload)

    @pytest.mark.parametrize("lost", ["head_branch", "head_sha", "head_repository"])
    def test_needs_its_branch(self, lost: str) -> None:
        event = {**WORKFLOW_RUN, "workflow_run": {**WORKFLOW_RUN["workflow_run"], lost: None}}

        with pytest.raises(ValueError, match="no workflow_run event with a branch"):
            ended(json.dumps(event).encode())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(COMMIT)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner)
)


@st.composite
def spoilt(draw: st.DrawFn, event: Any) -> Any:
    """An event some of whose parts are something else, or gone."""
    if draw(st.integers(0, 5)) == 0:
        return draw(ANYTHING)
    if not isinstance(event, dict):
        return event
    kept = [key for key in event if draw(st.integers(0, 9))]
    return {key: draw(spoilt(event[key])) for key in kept}


EVENT = {**pull_request(), **WORKFLOW_RUN, "merge_group": {"base_sha": BASE}, "before": BASE}


@given(spoilt(EVENT) | spoilt(pull_request()) | spoilt(WORKFLOW_RUN) | ANYTHING)
def test_no_payload_breaks_anything(event: Any) -> None:
    payload = json.dumps(event).encode()

    found = run(ENVIRONMENT, payload)

    assert isinstance(found.base, str) and isinstance(found.commit, str)
    assert found.pull is None or found.pull.commit == found.commit
    try:
        told = ended(payload)
    except ValueError:
        return
    assert all(isinstance(part, str) for part in told)

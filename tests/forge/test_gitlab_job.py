"""Which merge request a job belongs to, by what its runner tells."""

from __future__ import annotations

from typing import Any

import pytest

from lifelint.forge.gitlab_job import Merge, merge

HEAD, MERGED = "4b64" * 10, "9c1f" * 10
DETACHED = {
    "CI_API_V4_URL": "https://gitlab.example/git/api/v4",
    "CI_COMMIT_SHA": HEAD,
    "CI_JOB_URL": "https://gitlab.example/git/acme/churn/-/jobs/12",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_PROJECT_PATH": "acme/churn",
    "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example/git/acme/churn",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
    "CI_PROJECT_ID": "42",
}
EXPECTED = Merge(
    project="42",
    path="acme/churn",
    number=7,
    commit=HEAD,
    server="https://gitlab.example/git",
    api="https://gitlab.example/git/api/v4",
    job="https://gitlab.example/git/acme/churn/-/jobs/12",
    forked=False,
)


@pytest.mark.parametrize(
    ("told", "differs"),
    [
        ({}, {}),
        # A pipeline on the merged result, or in a merge train: GitLab asks of the branch's own commit
        ({"CI_COMMIT_SHA": MERGED, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD}, {}),
        ({"CI_PROJECT_ID": "99"}, {"forked": True}),
    ],
    ids=["detached", "merged result", "in the fork"],
)
def test_a_merge_request_is_that_of_the_project_it_is_made_in(told: dict[str, str], differs: dict[str, Any]) -> None:
    assert merge({**DETACHED, **told}) == EXPECTED._replace(**differs)


def test_its_page_is_on_the_same_server() -> None:
    assert EXPECTED.address == "https://gitlab.example/git/acme/churn/-/merge_requests/7"


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {name: value for name, value in DETACHED.items() if not name.startswith("CI_MERGE")},
        {**DETACHED, "CI_MERGE_REQUEST_IID": "7/notes"},
        {**DETACHED, "CI_MERGE_REQUEST_IID": "\u0667"},
        {**DETACHED, "CI_MERGE_REQUEST_PROJECT_ID": ""},
    ],
)
def test_another_pipeline_has_none(environment: dict[str, str]) -> None:
    assert merge(environment) is None

"""What a GitHub Actions runner tells of the run (docs.github.com, Variables reference; Webhook events and payloads).

The runner's environment is believed. A payload has what people chose in it, and any part of it may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from lifelint.forge.client import Client

_ZEROS = "0" * 40


class Pull(NamedTuple):
    """A pull request of ``repository`` (``owner/name``), and the commit of its branch that was judged."""

    repository: str
    number: int
    commit: str


class Run(NamedTuple):
    """One run of a workflow.

    ``base`` is the commit that the change is to be compared with, ``""`` where the event has none. ``forked`` tells
    that the token cannot write, whatever the workflow asks for, unless its owner lets forks write. The addresses are
    those of the server that runs it, which may be an Enterprise Server's.
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
        return Client(self.api, {"Authorization": f"Bearer {token.strip()}", "X-GitHub-Api-Version": "2022-11-28"})


def run(environment: Mapping[str, str], payload: bytes) -> Run:
    """The run that the runner's environment and the event's payload describe.

    Raises:
        ValueError: the payload is not JSON.
    """
    event = _json(payload or b"{}")
    name, repository = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REPOSITORY", "")
    server = environment.get("GITHUB_SERVER_URL") or "https://github.com"
    api = environment.get("GITHUB_API_URL") or "https://api.github.com"
    number = environment.get("GITHUB_RUN_ID")
    pull = _pull(event, repository)
    return Run(
        event=name,
        repository=repository,
        commit=pull.commit if pull else environment.get("GITHUB_SHA", ""),
        base=_base(event),
        pull=pull,
        forked=pull is not None and _read_only(name, event, repository, environment.get("GITHUB_ACTOR", "")),
        server=server,
        api=api,
        graphql=environment.get("GITHUB_GRAPHQL_URL") or f"{api.rstrip('/').removesuffix('/v3')}/graphql",
        address=f"{server}/{repository}/actions/runs/{number}" if number else "",
    )


def _pull(event: Any, repository: str) -> Pull | None:
    match event:
        case {"pull_request": {"number": int(number), "head": {"sha": str(commit)}}}:
            return Pull(repository, number, commit)
    return None


def _read_only(name: str, event: Any, repository: str, actor: str) -> bool:
    """Runs for pull requests of others' repositories, a fork that was deleted among them, and those of Dependabot."""
    match event:
        case {"pull_request": {"head": {"repo": {"full_name": str(source)}}}}:
            ours = source == repository
        case _:
            ours = False
    return name != "pull_request_target" and (not ours or actor == "dependabot[bot]")


def _base(event: Any) -> str:
    """The commit before the change: of a pull request, a merge group, or a push to a branch that was there before."""
    match event:
        case {"pull_request": {"base": {"sha": str(commit)}}}:
            return commit
        case {"pull_request": _}:
            return ""
        case {"merge_group": {"base_sha": str(commit)}} | {"before": str(commit)}:
            return commit if commit != _ZEROS else ""
    return ""


class Ended(NamedTuple):
    """The run whose end started this one: for which repository, of whose branch, at which commit, and its address."""

    repository: str
    owner: str
    branch: str
    commit: str
    address: str


def ended(payload: bytes) -> Ended:
    """What a ``workflow_run`` event tells of the run that ended: GitHub's own words, not the run's.

    Raises:
        ValueError: it is another event, or the repository of the branch is gone.
    """
    match _json(payload):
        case {
            "repository": {"full_name": str(repository)},
            "workflow_run": {
                "head_branch": str(branch),
                "head_sha": str(commit),
                "head_repository": {"owner": {"login": str(owner)}},
                "html_url": str(address),
            },
        }:
            return Ended(repository, owner, branch, commit, address)
    raise ValueError("this is no workflow_run event with a branch")


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except RecursionError:
        raise ValueError("the payload of the event is nested too deeply") from None

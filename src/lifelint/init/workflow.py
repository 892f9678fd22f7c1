"""The check of each change by CI: the workflow or job that docs/github.md and docs/gitlab.md tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lifelint import _resources
from lifelint._patterns import lazy
from lifelint.fix.noun import CannotFix, Change
from lifelint.fix.yaml_places import node
from lifelint.init.listed import item_added, key_added
from lifelint.init.noun import DOCS, HOME, TAG, Ground, Proposal

GITHUB = ".github/workflows/lifelint.yml"
GITLAB, JOB = ".gitlab-ci.yml", ".gitlab/lifelint.yml"
_ACTION = lazy(rf"{HOME}@0{{40}} # .*")
_BRANCH = lazy(r"[A-Za-z0-9_][\w./-]*", re.ASCII)
_SUITED = ("test", "lint", "check", "checks", "verify", "validate", "quality", "qa", "tests")


def workflow(ground: Ground) -> Proposal:
    """What runs lifelint on each change, for the forge that the repository is at.

    Raises:
        CannotFix: something runs it already, or nothing tells of GitHub or GitLab, or a file is not to be touched.
    """
    for path, data in ground.snapshot.read(_configurations(ground)):
        if isinstance(data, bytes) and b"lifelint" in data:
            raise CannotFix(f"{path} names lifelint already")
    found = forges(ground)
    if not found:
        raise CannotFix(f"nothing tells of GitHub or GitLab; for other CI systems see {DOCS}/ci.md")
    changes: list[Change] = []
    why: list[str] = []
    for forge in found:
        some, said = (_github if forge == "github" else _gitlab)(ground)
        changes += some
        why += said
    return Proposal("workflow", changes, why)


def _configurations(ground: Ground) -> Sequence[str]:
    """Files that say what CI runs."""
    found = {one.path for one in ground.facts.get("facets").items if one.name.startswith("ci:")}
    folders = (".github/workflows/", ".gitlab/")
    return sorted(
        path
        for path in {*ground.snapshot.entries} & {*found, GITLAB}
        | {path for path in ground.snapshot.entries if path.startswith(folders)}
    )


def forges(ground: Ground) -> Sequence[str]:
    """``github``, ``gitlab`` or both: those that there are files for, of two the one that ``origin`` is at."""
    entries = ground.snapshot.entries
    signs = {"github": ".github/", "gitlab": ".gitlab"}
    there = [forge for forge, start in signs.items() if any(path.startswith(start) for path in entries)]
    host = _host(ground.remote.origin)
    at = [forge for forge in signs if forge in host and (not there or forge in there)]
    return there if len(there) == 1 else at or there


def _host(origin: str) -> str:
    """The host of a remote's address, as a URL or as scp has it (git's Documentation/urls)."""
    if "://" in origin:
        try:
            return urlsplit(origin).hostname or ""
        except ValueError:
            return ""
    before, colon, _ = origin.partition(":")
    return before.rpartition("@")[2].lower() if colon and "/" not in before else ""


def _github(ground: Ground) -> tuple[Sequence[Change], Sequence[str]]:
    if ground.texts.content(GITHUB) is not None:
        raise CannotFix(f"{GITHUB} is there, and stays as it is")
    text = _shipped("github.yml")
    branch = ground.remote.branch if _BRANCH.fullmatch(ground.remote.branch) else "main"
    text = _ACTION.sub(f"{HOME}@{TAG} # a tag can be moved: write its commit here", text)
    text = text.replace("branches: [main]", f"branches: [{branch}]")
    why = [
        f"On GitHub, each pull request and each push to {branch} is checked, and one comment says what a change makes "
        f"worse or better. Comments on pull requests from forks need one workflow more: {DOCS}/github.md",
        f"The action is named by the tag {TAG}, which can be moved. To fix every byte that runs, put in its place the "
        f"commit that this prints: git ls-remote https://github.com/{HOME} {TAG}",
    ]
    return [Change(GITHUB, 0, 0, text)], why


def _gitlab(ground: Ground) -> tuple[Sequence[Change], Sequence[str]]:
    changes, said = included(ground, JOB, _shipped("gitlab.yml"), f"{DOCS}/gitlab.md")
    why = (
        "On GitLab, each merge request and each push to the default branch is checked, by a job in a file that the "
        f"pipeline includes.{said} A token lets it write a note on merge requests: {DOCS}/gitlab.md"
    )
    return changes, [why]


def included(ground: Ground, path: str, job: str, page: str) -> tuple[Sequence[Change], str]:
    """A file with a job of the stage ``test``, which the pipeline of GitLab includes, and what is to be told of it.

    Where the pipeline has no such stage, the job is in another of its stages.

    Raises:
        CannotFix: a file is there, or the pipeline cannot be changed in place; ``page`` says what to write.
    """
    texts = ground.texts
    if texts.content(path) is not None:
        raise CannotFix(f"{path} is there, and stays as it is")
    text, item = texts[GITLAB], f"local: {path}"
    try:
        if node(text, ["include"]) is not None:
            change = item_added(GITLAB, text, "include", [item])
        else:
            change = key_added(GITLAB, text, "include", [f"  - {item}"])
        staged, said = _staged(text, job)
    except CannotFix as error:
        raise CannotFix(f"{GITLAB} is left to you: {error}; what to write says {page}") from None
    return [Change(path, 0, 0, staged), change], said


def _staged(text: str, job: str) -> tuple[str, str]:
    """The job in a stage that the pipeline has, and what that is told with."""
    stages = list(_stages(text))
    if not stages or "test" in stages:
        return job, ""
    plain = [name for name in stages if re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII)]
    stage = next((name for name in _SUITED if name in plain), "") or next(iter(plain), "")
    if not stage:
        raise CannotFix("it has no stage test")
    return job.replace(
        "\n  stage: test\n", f"\n  stage: {stage}\n"
    ), f" It is in the stage {stage}, since there is no stage test."


def _stages(text: str) -> Iterator[str]:
    found = node(text, ["stages"])
    if found is not None and found.id == "sequence":
        yield from (item.value for item in found.value if item.id == "scalar")


def _shipped(name: str) -> str:
    text = _resources.text("templates", f"ci/{name}")
    if text is None:
        raise FileNotFoundError(f"templates/ci/{name} was not shipped")
    return text

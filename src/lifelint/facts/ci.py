"""Commands that continuous integration runs: GitHub Actions, GitLab CI, Azure Pipelines, CircleCI and their like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source

PLACES = (
    ("github", lazy(r"\.github/workflows/[^/]+\.ya?ml")),
    ("gitlab", lazy(r"\.gitlab-ci\.ya?ml|\.gitlab/.*\.ya?ml")),
    ("azure", lazy(r"(?:.*/)?azure-pipelines[^/]*\.ya?ml|\.(?:azuredevops|azure-pipelines|pipelines)/.*\.ya?ml")),
    ("circleci", lazy(r"\.circleci/config\.ya?ml")),
    ("bitbucket", lazy(r"bitbucket-pipelines\.ya?ml")),
    ("travis", lazy(r"\.travis\.ya?ml")),
    ("buildkite", lazy(r"\.buildkite/[^/]+\.ya?ml")),
    ("cloudbuild", lazy(r"(?:.*/)?(?:cloudbuild[^/]*|\.?cloudbuild/[^/]+)\.ya?ml")),
    ("drone", lazy(r"\.drone\.ya?ml")),
    ("woodpecker", lazy(r"\.woodpecker(?:/[^/]+)?\.ya?ml")),
)
"""The files of each system. Azure Pipelines and Cloud Build look nowhere by themselves: these are the usual places."""

_SHELL = lazy(r"\s*(?:sh|bat)\b")


class Command(NamedTuple):
    """A command that a job runs, or ``uses: name`` for a prepared action.

    ``on`` are the events that start it (GitHub alone says them here); ``ignored`` says that its failure is without
    consequence, or that it never runs, and ``why`` what makes it so. ``job`` is the job's name in the file.
    """

    path: str
    line: int
    system: str
    text: str
    on: tuple[str, ...] = ()
    ignored: bool = False
    job: str = ""
    why: str = ""


def ci_commands(source: Source) -> Iterator[Command]:
    """Every command of every configuration at a place where a CI system looks for one."""
    for path in source.names(lambda name: name.endswith((".yml", ".yaml"))):
        for system, place in PLACES:
            if place.fullmatch(path):
                yield from _of_file(source, path, system)
    for path in source.named("Jenkinsfile"):
        data = source.bytes(path)
        for number, text in enumerate((data or b"").decode("utf-8", "replace").splitlines(), 1):
            if _SHELL.match(text):
                yield Command(path, number, "jenkins", text.strip())


def _of_file(source: Source, path: str, system: str) -> Iterator[Command]:
    from lifelint.facts._jobs import parse_github
    from lifelint.facts._otherjobs import parse_gitlab, parse_other

    parse = {"github": parse_github, "gitlab": parse_gitlab}.get(system, parse_other)
    workflow = source.parse(path, parse)
    if workflow is None:
        return
    for job in workflow.jobs:
        for run in job.runs:
            why = run.off or run.ignored
            yield Command(path, run.line, system, run.text, workflow.on, bool(why), job.name, why)

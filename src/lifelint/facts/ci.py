"""Commands that continuous integration runs: GitHub Actions, GitLab CI, Azure Pipelines, CircleCI and their like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._folders import Variant, joined
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
_QUOTED = lazy(r"\b(?:sh|bat)\b[\s(]*(?:script:\s*)?(['\"])([^'\"].*)\1")
_UPLOADED = lazy(r"^/workspace(?:/|$)")
"""Where Cloud Build has what it was sent (cloud.google.com, "Build configuration file schema")."""

_DIR = lazy(r"\bdir\s*\(\s*(?:path:\s*)?['\"]([^'\"]+)['\"]\s*\)\s*\{")
_BRACES = lazy(r"[{}]")


OWN, ALL, UNKNOWN = "project", "all", "unknown"
"""The reaches of a command."""


class Command(NamedTuple):
    """A command that a job runs, or ``uses: name`` for a prepared action.

    ``on`` are the events that start it (GitHub alone says them here); ``ignored`` says that its failure is without
    consequence, or that it never runs, and ``why`` what makes it so. ``job`` is the job's name in the file.
    ``folder`` is where it starts, from the repository's root, or as written where that is not told (``$DIR``);
    ``variants`` are what it comes to with each of the values that the job's matrix and variables list. ``reach`` says,
    in what belongs to one project, whether it runs for this one (``project``), for ``all``, or that is ``unknown``.
    """

    path: str
    line: int
    system: str
    text: str
    on: tuple[str, ...] = ()
    ignored: bool = False
    job: str = ""
    why: str = ""
    folder: str = ""
    variants: tuple[Variant, ...] = ()
    reach: str = OWN


def ci_commands(source: Source) -> Iterator[Command]:
    """Every command of every configuration at a place where a CI system looks for one."""
    for path in source.names(lambda name: name.endswith((".yml", ".yaml"))):
        for system, place in PLACES:
            if place.fullmatch(path):
                yield from _of_file(source, path, system)
    for path in source.named("Jenkinsfile"):
        data = source.bytes(path)
        for number, text, folder in _jenkins((data or b"").decode("utf-8", "replace")):
            quoted = _QUOTED.search(text)
            inner = (Variant(folder, quoted[2]),) if quoted else ()
            yield Command(path, number, "jenkins", text.strip(), folder=folder, variants=inner)


def _jenkins(text: str) -> Iterator[tuple[int, str, str]]:
    """The lines that run something, each with the folder of the ``dir`` around it (jenkins.io, "Basic steps")."""
    around: list[str] = []  # the folder in each block that is open
    for number, line in enumerate(text.splitlines(), 1):
        here = around[-1] if around else ""
        inside = _DIR.search(line)
        if _SHELL.match(line):
            yield number, line, here
        for brace in _BRACES.finditer(line):
            if brace[0] == "}":
                del around[-1:]
            else:
                opens = inside is not None and brace.start() == inside.end() - 1
                around.append(joined(here, inside[1]) if opens and inside else around[-1] if around else "")


def _of_file(source: Source, path: str, system: str) -> Iterator[Command]:
    from lifelint.facts._jobs import parse_github
    from lifelint.facts._otherjobs import parse_circleci, parse_gitlab, parse_other

    known = {"github": parse_github, "gitlab": parse_gitlab, "circleci": parse_circleci}
    parse = known.get(system, parse_other)
    workflow = source.parse(path, parse)
    if workflow is None:
        return
    for job in workflow.jobs:
        for run in job.runs:
            why = run.off or run.ignored
            folder = joined("", _UPLOADED.sub("", run.folder)) if system == "cloudbuild" else run.folder
            yield Command(path, run.line, system, run.text, workflow.on, bool(why), job.name, why, folder, run.variants)

"""GitHub workflows as far as they run commands and images (docs.github.com, "Workflow syntax for GitHub Actions")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts._yaml import Map, Seq, load

FOLDER = ".github/workflows"

# What a workflow or job is for, by its names: text and packages first, since "deploy docs" is no deployment of a model.
_CHORES = re.compile(
    r"lint|format|style|pre-?commit|docs?\b|documentation|spell|release|publish|pypi|wheel|stale", re.IGNORECASE
)
_TESTS = re.compile(r"test|check|(?:^|[^a-z])ci(?:[^a-z]|$)|scan|secur|quality|coverage|bench", re.IGNORECASE)
_LIFECYCLE = re.compile(
    r"(?:^|[^a-z])(?:(?:re)?train(?:ing)?|evaluat\w*|deploy\w*|predict\w*|infer\w*|serv(?:e|ing)|scor(?:e|ing)|experiments?"
    r"|cml|dvc|mlflow)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_RUNS_LIFECYCLE = re.compile(
    r"(?:^|\s)(?:dvc\s+(?:repro|exp\s+run)|mlflow\s+run|kedro\s+run|snakemake\b|python3?\s+\S*train\w*\.py)",
    re.MULTILINE,
)


class Run(NamedTuple):
    """The text of a ``run:`` step, the line of its first line, and the folder it runs in."""

    line: int
    text: str
    folder: str


class Uses(NamedTuple):
    """An image that a job runs in (``container``) or beside itself (``services``)."""

    line: int
    instruction: str
    reference: str


class Job(NamedTuple):
    """One job. ``role`` is ``dev`` for chores, ``test``, ``runtime`` where it trains, evaluates or serves, or empty."""

    name: str
    role: str
    runs: tuple[Run, ...]
    images: tuple[Uses, ...]


class Workflow(NamedTuple):
    """The jobs of one file."""

    name: str
    jobs: tuple[Job, ...]


def paths(source: Source) -> list[str]:
    """The workflows that run: files of the folder itself."""
    return [p for p in source.under(FOLDER) if p.endswith((".yml", ".yaml")) and p.count("/") == 2]


def parse_workflow(data: bytes) -> Workflow:
    """The jobs of a workflow; none for some other YAML."""
    document = load(data)
    jobs = document.get("jobs") if isinstance(document, Map) else None
    name = _text(document.get("name")) if isinstance(document, Map) else ""
    every = jobs.items() if isinstance(jobs, Map) else ()
    return Workflow(name, tuple(_job(str(key), job) for key, job in every if isinstance(job, Map)))


def role_of(path: str, workflow: Workflow, job: Job) -> str:
    """The role of a job: by its own names, else by those of its workflow and file, else by what it runs."""
    whole = f"{path.rpartition('/')[2].rpartition('.')[0]} {workflow.name}"
    if job.role == "dev" or _CHORES.search(whole):
        return "dev"
    named = job.role or _named(whole)
    if named:
        return named
    return "runtime" if any(_RUNS_LIFECYCLE.search(run.text) for run in job.runs) else "test"


def _named(text: str) -> str:
    if _CHORES.search(text):
        return "dev"
    if _TESTS.search(text):
        return "test"
    return "runtime" if _LIFECYCLE.search(text) else ""


def _job(key: str, job: Map) -> Job:
    steps = [step for step in _items(job.get("steps")) if isinstance(step, Map)]
    default = _folder(_within(job, "defaults", "run"))
    runs = tuple(
        Run(_first_line(step), step["run"], _folder(step) or default)
        for step in steps
        if isinstance(step.get("run"), str)
    )
    return Job(key, _named(f"{key} {_text(job.get('name'))}"), runs, tuple(_images(job)))


def _first_line(step: Map) -> int:
    # The text of a block begins on the line below its mark.
    return step.value_lines["run"] + ("\n" in step["run"])


def _folder(section: Any) -> str:
    found = section.get("working-directory") if isinstance(section, Map) else None
    return found.strip().strip("/").removeprefix("./") if isinstance(found, str) and "$" not in found else ""


def _within(section: Any, *keys: str) -> Any:
    for key in keys:
        section = section.get(key) if isinstance(section, Map) else None
    return section


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Seq) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _images(job: Map) -> Iterator[Uses]:
    container = job.get("container")
    if isinstance(container, str):
        yield Uses(job.lines["container"], "container", container)
    elif isinstance(container, Map) and isinstance(container.get("image"), str):
        yield Uses(container.lines["image"], "container", container["image"])
    services = job.get("services")
    for service in services.values() if isinstance(services, Map) else ():
        if isinstance(service, Map) and isinstance(service.get("image"), str):
            yield Uses(service.lines["image"], "services", service["image"])

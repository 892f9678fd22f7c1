"""What a job of a workflow is for: chores, tests, or the lifecycle of a model."""

from __future__ import annotations

import re

from lifelint._patterns import lazy
from lifelint.facts._jobs import Job, Workflow

# What a workflow or job is for, by its names: text and packages first, since "deploy docs" is no deployment of a model.
_CHORES = lazy(
    r"lint|format|style|pre-?commit|docs?\b|documentation|spell|release|publish|pypi|wheel|stale", re.IGNORECASE
)
_TESTS = lazy(r"test|check|(?:^|[^a-z])ci(?:[^a-z]|$)|scan|secur|quality|coverage|bench", re.IGNORECASE)
_LIFECYCLE = lazy(
    r"(?:^|[^a-z])(?:(?:re)?train(?:ing)?|evaluat\w*|deploy\w*|predict\w*|infer\w*|serv(?:e|ing)|scor(?:e|ing)|experiments?"
    r"|cml|dvc|mlflow)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_RUNS_LIFECYCLE = lazy(
    r"(?:^|\s)(?:dvc\s+(?:repro|exp\s+run)|mlflow\s+run|kedro\s+run|snakemake\b|python3?\s+\S*train\w*\.py)",
    re.MULTILINE,
)


def role_of(path: str, workflow: Workflow, job: Job) -> str:
    """The role of a job: by its own names, else by those of its workflow and file, else by what it runs.

    It is ``dev`` for chores, ``test``, or ``runtime`` where the job trains, evaluates or serves.
    """
    whole = f"{path.rpartition('/')[2].rpartition('.')[0]} {workflow.name}"
    own = _named(job.title)
    if own == "dev" or _CHORES.search(whole):
        return "dev"
    named = own or _named(whole)
    if named:
        return named
    return "runtime" if any(_RUNS_LIFECYCLE.search(run.text) for run in job.runs) else "test"


def _named(text: str) -> str:
    if _CHORES.search(text):
        return "dev"
    if _TESTS.search(text):
        return "test"
    return "runtime" if _LIFECYCLE.search(text) else ""

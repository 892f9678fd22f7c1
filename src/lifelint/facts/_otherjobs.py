"""Jobs in the files of GitLab and of other systems of continuous integration.

GitLab: docs.gitlab.com, "CI/CD YAML syntax". Of the others (Azure Pipelines, CircleCI, Bitbucket, Travis, Buildkite,
Cloud Build, Drone) what they have in common is read: commands under known keys, and names of what holds them.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from lifelint.facts._folders import joined, variants
from lifelint.facts._jobs import COMMANDS, Job, Run, Workflow, before, commands, named
from lifelint.facts._matrix import gitlab
from lifelint.facts._yaml import Map, Seq, load_all

_SHARED = frozenset(
    ("stages", "variables", "include", "default", "workflow", "image", "services", "cache", "pages", "spec")
)
"""Keys at the top of GitLab's file that are no jobs."""

_EXTENDED = 20
"""Up to this many templates of a job are looked at."""


def parse_gitlab(data: bytes) -> Workflow:
    """The jobs of GitLab's file: what stands at its top. What it includes is one more, of prepared actions.

    Raises:
        Unreadable: not YAML.
    """
    jobs = []
    every = [document for document in load_all(data) if isinstance(document, Map)]
    known = Map()
    for document in every:
        known.update(document)
    for document in every:
        for key, job in document.items():
            if key == "include":
                taken = tuple(Run(document.value_lines[key], f"uses: {name}", "include") for name in _included(job))
                jobs.append(Job(key, document.lines[key], key, taken))
            elif key not in _SHARED and (isinstance(job, Map) or key in COMMANDS):
                start = _started(job, known) if isinstance(job, Map) else ""
                values = gitlab(job, known.get("variables")) if isinstance(job, Map) else ()
                found = commands(str(key), job, document.value_lines[key], "", "", start)
                runs = tuple(run._replace(variants=variants(run.folder, run.text, values)) for run in found)
                jobs.append(Job(str(key), document.lines[key], str(key), runs))
    return Workflow("", (), tuple(job for job in jobs if job.runs))


def _started(job: Map, known: Map) -> str:
    """Where a job of GitLab starts that has no ``before_script``: where that of what it extends leads, or of all."""
    seen: list[Any] = [job]
    for one in itertools.islice(seen, _EXTENDED):  # which grows meanwhile
        if "before_script" in one:
            return "" if one is job else before(one, "")
        named_ = one.get("extends")
        bases = [named_] if isinstance(named_, str) else [*named_][::-1] if isinstance(named_, Seq) else []
        seen += [known[base] for base in bases if isinstance(base, str) and isinstance(known.get(base), Map)]
    default = known.get("default")
    shared = default if isinstance(default, Map) and "before_script" in default else known
    return before(shared, "")


def _included(value: Any) -> Iterator[str]:
    """What GitLab's ``include`` names: a path from ``./`` on, or what it is and its name."""
    if isinstance(value, str):
        yield value if "://" in value else f"./{value.lstrip('/')}"
    elif isinstance(value, Seq):
        for item in value:
            yield from _included(item)
    elif isinstance(value, Map):
        yield from _included(value.get("local"))
        kinds = ("remote", "template", "component", "project")
        yield from (f"{kind} {value[kind]}" for kind in kinds if isinstance(value.get(kind), str))


def parse_circleci(data: bytes) -> Workflow:
    """The commands of CircleCI's file. A job is in its ``working_directory``, and the repository is put there too,
    unless ``checkout`` has another ``path`` (circleci.com, "Configuration reference").

    Raises:
        Unreadable: not YAML.
    """
    documents = load_all(data)
    found = _by_name(documents)
    document = next((one for one in documents if isinstance(one, Map)), Map())
    jobs = document.get("jobs")
    places = {key: _checkout(job) for key, job in jobs.items() if isinstance(job, Map)} if isinstance(jobs, Map) else {}
    moved = (job._replace(runs=tuple(_moved(run, *places[job.name]) for run in job.runs)) if job.name in places else job
             for job in found.jobs)  # fmt: skip
    return found._replace(jobs=tuple(moved))


def _checkout(job: Map) -> tuple[str, str]:
    """Where a job of CircleCI is, and where it has the repository."""
    given = job.get("working_directory")
    where = given.rstrip("/") if isinstance(given, str) else "~/project"
    steps = job.get("steps")
    for step in steps if isinstance(steps, Seq) else ():
        checkout = step.get("checkout") if isinstance(step, Map) else None
        if isinstance(checkout, Map) and isinstance(checkout.get("path"), str):
            return where, checkout["path"].rstrip("/")
    return where, where


def _moved(run: Run, where: str, checkout: str) -> Run:
    """A command of a job that is in one folder and has the repository in another."""
    inside = posixpath.relpath(where, checkout) if where.startswith(f"{checkout}/") or where == checkout else where
    folder = run.folder
    if folder == checkout or folder.startswith(f"{checkout}/"):
        return run._replace(folder=joined("", posixpath.relpath(folder, checkout)))
    return run._replace(folder=joined(joined("", inside), folder))


def parse_other(data: bytes) -> Workflow:
    """The commands of any other system's file, by the name of what holds them.

    Raises:
        Unreadable: not YAML.
    """
    return _by_name(load_all(data))


def _by_name(documents: Iterable[Any]) -> Workflow:
    held: dict[str, list[Run]] = {}
    for document in documents:
        for name, run in (*named(document, "", "", ""), *_templates(document)):
            held.setdefault(name, []).append(run)
    return Workflow("", (), tuple(Job(name, runs[0].line, name, tuple(runs)) for name, runs in held.items()))


def _templates(value: Any) -> Iterator[tuple[str, Run]]:
    """The files that Azure Pipelines takes steps and jobs from (learn.microsoft.com, "Template usage reference")."""
    for key, item in value.items() if isinstance(value, Map) else enumerate(value) if isinstance(value, Seq) else ():
        if key == "template" and isinstance(item, str):
            yield key, Run(value.value_lines[key], f"uses: ./{item.lstrip('/')}", key)
        else:
            yield from _templates(item)

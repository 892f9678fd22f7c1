"""Jobs in the files of GitLab and of other systems of continuous integration.

GitLab: docs.gitlab.com, "CI/CD YAML syntax". Of the others (Azure Pipelines, CircleCI, Bitbucket, Travis, Buildkite,
Cloud Build, Drone) what they have in common is read: commands under known keys, and names of what holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifelint.facts._jobs import COMMANDS, Job, Run, Workflow, commands, named
from lifelint.facts._yaml import Map, Seq, load_all

_SHARED = frozenset(
    ("stages", "variables", "include", "default", "workflow", "image", "services", "cache", "pages", "spec")
)
"""Keys at the top of GitLab's file that are no jobs."""


def parse_gitlab(data: bytes) -> Workflow:
    """The jobs of GitLab's file: what stands at its top. What it includes is one more, of prepared actions.

    Raises:
        Unreadable: not YAML.
    """
    jobs = []
    for document in load_all(data):
        for key, job in document.items() if isinstance(document, Map) else ():
            if key == "include":
                taken = tuple(Run(document.value_lines[key], f"uses: {name}", "include") for name in _included(job))
                jobs.append(Job(key, document.lines[key], key, taken))
            elif key not in _SHARED and (isinstance(job, Map) or key in COMMANDS):
                runs = tuple(commands(str(key), job, document.value_lines[key], "", ""))
                jobs.append(Job(str(key), document.lines[key], str(key), runs))
    return Workflow("", (), tuple(job for job in jobs if job.runs))


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


def parse_other(data: bytes) -> Workflow:
    """The commands of any other system's file, by the name of what holds them.

    Raises:
        Unreadable: not YAML.
    """
    held: dict[str, list[Run]] = {}
    for document in load_all(data):
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

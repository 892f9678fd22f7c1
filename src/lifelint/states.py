"""The states of a repository that a run is about, judged: projects found, facts dealt out, rules asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from lifelint.config import Config, ConfigError
from lifelint.engine import Given, run_each
from lifelint.facts import Facts, Source
from lifelint.model import Finding, Rule
from lifelint.projects import Project, Shares, declared, detect

LARGE = 20_000
"""Tracked files from which on the work is worth a second process."""


class State(NamedTuple):
    """A state, what of it belongs to which project, and what the rules say of each project."""

    facts: Facts
    shares: Shares
    rules: Sequence[Rule]
    findings: Mapping[Project, Sequence[Finding]]


def judged(
    states: Sequence[Facts], rules: Sequence[Rule], config: Config, folder: str = "", *, single: bool = False
) -> list[State]:
    """What the rules say of each state. Projects that they share are judged one after the other in all of them.

    With ``single``, all that the facts see is taken for one project.

    Raises:
        ConfigError: no folder is what the configuration names as a project.
    """
    if any(is_large(facts.source) for facts in states):
        from lifelint import parallel

        parallel.prepare(states, rules)
    projects = [[Project("")] if single else projects_of(facts, config, folder) for facts in states]
    shares: list[Shares] = []
    for facts, parts in zip(states, projects, strict=True):
        shares.append(Shares(facts, parts, like=shares[-1] if shares else None))
    where: dict[Project, list[int]] = {}
    for number, parts in enumerate(projects):
        for project in parts:
            where.setdefault(project, []).append(number)
    every = [[shares[number].of(project) for number in numbers] for project, numbers in where.items()]
    said = ruled(states, rules, every)
    found = {
        (project, number): findings
        for (project, numbers), judged in zip(where.items(), said, strict=True)
        for number, findings in zip(numbers, judged, strict=True)
    }
    return [
        State(facts, shares[number], rules, {project: found[project, number] for project in projects[number]})
        for number, facts in enumerate(states)
    ]


def ruled(
    states: Sequence[Facts], rules: Sequence[Rule], projects: Sequence[Sequence[Given]]
) -> Sequence[Sequence[Sequence[Finding]]]:
    """As ``run_each``, for a large repository in two processes. ``states`` are what the facts given are of."""
    if not any(is_large(facts.source) for facts in states):
        return [*run_each(rules, projects)]
    from lifelint import parallel

    return parallel.judge(states, rules, projects)


def is_large(source: Source) -> bool:
    """Whether so much is looked at that the work is worth a second process."""
    return len(source.entries) >= LARGE


def projects_of(facts: Facts, config: Config, folder: str) -> list[Project]:
    """The projects that the configuration names, else those that are found; only ``folder`` if that is given.

    Raises:
        ConfigError: no folder is what the configuration names.
    """
    if folder or not config.projects:
        return detect(facts, folder)
    roots: list[str] = []
    for pattern in config.projects:
        if re.search(r"[*?\[]", pattern):
            folders = {"/".join(p.split("/")[: pattern.count("/") + 1]) for p in facts.source.paths}
            matches = sorted(f for f in folders if fnmatchcase(f, pattern) and facts.source.is_folder(f))
        else:
            matches = [pattern] if facts.source.is_folder(pattern) else []
        if not matches:
            raise ConfigError(f"{config.place('projects')}: no tracked folder matches the project {pattern!r}")
        roots += matches
    return declared(roots)

"""The values that the jobs of a matrix are given, where the file lists them.

Sources: docs.github.com, "Running variations of jobs in a workflow"; docs.gitlab.com, "CI/CD YAML syntax"
(``parallel:matrix``, ``variables``).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._folders import filled
from lifelint.facts._yaml import Map, Seq

MAX_JOBS = 256
"""A matrix of GitHub makes no more jobs than that."""

Values = Mapping[str, str]


def environment(section: Map, around: Values) -> Values:
    """``env`` of a section (``env.X``) with that of what is around it, and with what of that is named in it."""
    return _variables(section.get("env"), around)


def matrix(strategy: Any, env: Values) -> Sequence[Values]:
    """The values of each job of GitHub's ``strategy``, with ``env``: one set where there is no matrix in the file."""
    given = strategy.get("matrix") if isinstance(strategy, Map) else None
    if not isinstance(given, Map):
        return [env]
    listed = {
        name: held for name, held in given.items() if name not in ("include", "exclude") and isinstance(held, Seq)
    }
    if math.prod(map(len, listed.values())) > MAX_JOBS:
        return [env]
    jobs = [dict(zip(listed, chosen, strict=True)) for chosen in itertools.product(*listed.values())] if listed else []
    jobs = [job for job in jobs if not any(_agrees(job, out, out) for out in _maps(given.get("exclude")))]
    more: list[dict[Any, Any]] = []
    for entry in _maps(given.get("include")):
        fitting = [job for job in jobs if _agrees(job, entry, listed)]
        for job in fitting:
            job.update(entry)
        if not fitting:
            more.append(dict(entry))
    named = [dict(_flat("matrix", job)) for job in (*jobs, *more)]
    return [{**{name: filled(text, one) for name, text in env.items()}, **one} for one in named] or [env]


def _agrees(job: Mapping[Any, Any], entry: Mapping[Any, Any], names: Any) -> bool:
    """Whether an entry says of these names what the job has."""
    return all(job.get(name) == value for name, value in entry.items() if name in names)


def _maps(value: Any) -> Iterator[Map]:
    return (one for one in value if isinstance(one, Map)) if isinstance(value, Seq) else iter(())


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _flat(f"{name}.{key}", held)
    elif (text := _literal(value)) is not None:
        yield name, text


def _literal(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def gitlab(job: Map, shared: Any) -> Sequence[Values]:
    """The variables of each job that GitLab makes of one, ``shared`` by all of the file or its own."""
    own = _variables(job.get("variables"), _variables(shared, {}))
    parallel = job.get("parallel")
    entries = [*_maps(parallel.get("matrix"))] if isinstance(parallel, Map) else []
    made: list[Values] = []
    for entry in entries:
        lists = {f"env.{name}": held if isinstance(held, Seq) else [held] for name, held in entry.items()}
        if math.prod(map(len, lists.values())) > MAX_JOBS:
            return [own]
        for chosen in itertools.product(*lists.values()):
            texts = ((name, _literal(value)) for name, value in zip(lists, chosen, strict=True))
            made.append({**own, **{name: text for name, text in texts if text is not None}})
    return made or [own]


def _variables(given: Any, around: Values) -> Values:
    """Variables are texts, or have theirs under ``value``."""
    if not isinstance(given, Map):
        return around
    texts = ((name, _literal(one.get("value") if isinstance(one, Map) else one)) for name, one in given.items())
    return {**around, **{f"env.{name}": filled(text, around) for name, text in texts if text is not None}}

"""Annotations for GitHub Actions, as workflow commands on standard output.

GitHub keeps ten annotations of each type a step and drops the rest without a word, so the worst come first and the
last one says how many there are more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.report.escaping import command_data, command_property
from lifelint.report.problems import Problem, problems

KEPT = 10
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(document: Mapping[str, Any]) -> str:
    """The failures that have a place, as annotations; then one line that says what came out."""
    every = problems(document)
    known = sum(problem.known for problem in every)
    return "\n".join([*commands(document), _summary(document, len(every) - known, known), ""])


def commands(document: Mapping[str, Any], *, only_new: bool = False) -> list[str]:
    """The workflow commands, those of the worst severity first.

    With ``only_new`` what the base of the change has as well is left out; without a base everything is told.
    """
    found = [problem for problem in problems(document) if not problem.known]
    if only_new and document["change"]:
        new = {(one["rule"], one["project"], one["subject"]) for one in document["change"]["new"]}
        found = [problem for problem in found if (problem.rule, problem.project, problem.subject) in new]
    return [line for severity in _COMMANDS for line in _annotations([p for p in found if p.severity == severity])]


def _annotations(found: Sequence[Problem]) -> Iterator[str]:
    placed = [problem for problem in found if problem.path]
    shown = placed if len(placed) <= KEPT else placed[: KEPT - 1]
    for problem in shown:
        where = f"file={command_property(problem.path)},line={max(problem.line, 1)}"
        title = command_property(f"{problem.title} ({problem.rule})")
        message = f"{problem.detail}\n{' '.join(problem.remediation.split())}"
        yield f"::{_COMMANDS[problem.severity]} {where},title={title}::{command_data(message[:1000])}"
    if len(shown) < len(placed):
        yield f"::{_COMMANDS[placed[0].severity]}::{len(placed) - len(shown)} more are in the report"


def _summary(document: Mapping[str, Any], found: int, known: int) -> str:
    levels = [project["scorecard"]["level"] for project in document["projects"] if project["scorecard"]]
    level = f"level {min(map(int, levels))}, " if levels else ""
    more = f", and {known} known from the baseline" if known else ""
    return f"lifelint: {level}{found} problem{'' if found == 1 else 's'}{more}"

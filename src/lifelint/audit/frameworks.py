"""What the rules answer of frameworks, and what became of them in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifelint.audit.nouns import Reading
from lifelint.facts._plain import plain
from lifelint.frameworks.crosswalk import answers
from lifelint.frameworks.nouns import Crosswalk
from lifelint.inspection import Report


def readings(report: Report, asked: Crosswalk, built: Mapping[str, str]) -> Iterator[Reading]:
    """Every framework of ``asked``, with the outcomes in ``report``; ``built`` are the titles of rules by id."""
    found = {
        str(plain(project.root) or "."): {finding.rule.id: finding.outcome.value for finding in project.findings}
        for project in report.projects
    }
    for framework in asked.frameworks.values():
        yield Reading(framework, answers(framework, built, asked.planned, found))

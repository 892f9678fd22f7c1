"""Which content of which commit stands behind every path that an audit names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lifelint.audit.nouns import Answers, Made, Tool, Tracked
from lifelint.facts import Source
from lifelint.inspection import Report

_LAST = 253_402_300_799
"""The end of the year 9999: git takes any number for the time of a commit."""


def named(report: Report, answers: Sequence[Answers], tools: Sequence[Tool], verdicts: Iterable[Any]) -> set[str]:
    """Every path that stands somewhere in an audit."""
    found = {seen.path for project in report.projects for f in project.findings for seen in f.observations}
    found |= {one.path for one in (*report.diagnostics, *tools, *verdicts)}
    found |= {standing.waiver.path for standing in report.waivers} | {report.config.source}
    found |= {one.report for one in report.change.metrics} if report.change else set()
    for one in answers:
        found |= {path for interface in one.ownership.interfaces for path in (interface.path, interface.said_path)}
        found |= {item.path for item in one.bill}
        found |= {control.path for moment in one.grid for control in moment.controls}
    return found


def tracked(source: Source, paths: Iterable[str]) -> Mapping[str, Tracked]:
    """The blob of each path that is tracked, and the commit that changed it last; others are left out."""
    wanted = sorted(path for path in paths if path in source.entries)
    history = source.snapshot.history
    changed = (history.last_changed(wanted, history.head) if wanted else None) or {}
    # Where history was cut off, the oldest commit that is here seems to have changed everything.
    cut = {commit for commit in set(changed.values()) if _cut(source, commit)}
    return {
        path: Tracked(source.entries[path].oid, "" if changed.get(path, "") in cut else changed.get(path, ""))
        for path in wanted
    }


def _cut(source: Source, commit: str) -> bool:
    history = source.snapshot.history
    made = history.commit(commit) if history.incomplete else None
    return made is not None and any(history.commit(parent) is None for parent in made.parents)


def made(source: Source, commits: Iterable[str]) -> Iterator[tuple[str, Made]]:
    """When each commit was written and committed; those that are not here are left out."""
    for name in sorted({commit for commit in commits if commit}):
        commit = source.snapshot.history.commit(name)
        if commit is not None:
            yield name, Made(_moment(commit.authored), _moment(commit.committed))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(min(seconds, _LAST), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

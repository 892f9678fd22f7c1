"""What a report's document says is wrong, one line each, worst first: what the formats for other tools are made of.

The document is the JSON report (``docs/schemas/report-v1.json``), fresh or archived. An archived one is a stranger's:
every string in it is escaped for where it goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.model import STAGES, Severity

_SEVERITIES = [severity.value for severity in Severity]


class Problem(NamedTuple):
    """An observation that made a rule at or below its project's target level fail.

    ``fingerprint`` names rule, project and subject, never a line: it stays when lines move. ``path`` may be empty, and
    ``line`` 0, where no single place is to blame. A ``known`` one is in the baseline.
    """

    rule: str
    title: str
    severity: str
    level: int
    project: str
    subject: str
    detail: str
    path: str
    line: int
    remediation: str
    fingerprint: str
    waived: str = ""
    known: bool = False


def fingerprint(rule: str, project: str, subject: str) -> str:
    """64 hex digits that are the same for the same rule, project and subject."""
    return hashlib.sha256("\0".join((rule, project, subject)).encode("utf-8", "surrogatepass")).hexdigest()


def target(document: Mapping[str, Any], project: Mapping[str, Any]) -> int:
    """The level that a project aims for."""
    card = project["scorecard"]
    found: int = card["target"] if card else document["config"]["target"] or STAGES[project["stage"]]
    return found


def problems(document: Mapping[str, Any], *, waived: bool = False) -> list[Problem]:
    """All of them, by severity, level, rule and place; on demand also those that are ``waived``.

    Those that a rule about the change tells instead are left out, and so is what another project has told of the same
    file: what lies at the top counts for the projects below that have none of their own.
    """
    found: dict[tuple[object, ...], Problem] = {}
    for one in sorted((one for one in _all(document) if waived or not one.waived), key=_order):
        place = one.path or f"\0{one.project}"
        found.setdefault((one.rule, one.subject, place, one.line, one.detail, one.waived, one.known), one)
    return [*found.values()]


def _order(one: Problem) -> tuple[object, ...]:
    return _SEVERITIES.index(one.severity), one.level, one.rule, one.project, one.path, one.line, one.subject


def _new(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    change = document["change"]
    new: Sequence[Mapping[str, Any]] = change["new"] if change else ()
    return new


def _all(document: Mapping[str, Any]) -> Iterator[Problem]:
    again = {(one["rule"], lead["project"], one["subject"]) for lead in _new(document) for one in lead.get("also", ())}
    for project in document["projects"]:
        for finding in project["findings"]:
            if finding["outcome"] not in ("fail", "waived") or finding["level"] > target(document, project):
                continue
            rule, root = finding["rule"], project["root"]
            about = document["rules"][rule]
            for seen in finding["observations"]:
                if seen["ok"] is False and (rule, root, seen["subject"]) not in again:
                    yield Problem(
                        rule=rule,
                        title=about["title"],
                        severity=finding["severity"],
                        level=finding["level"],
                        project=root,
                        subject=seen["subject"],
                        detail=seen["detail"],
                        path=seen["path"],
                        line=seen["line"],
                        remediation=about["remediation"],
                        fingerprint=fingerprint(rule, root, seen["subject"]),
                        waived=seen.get("waived", ""),
                        known=seen.get("known", False),
                    )

"""What the forms of an audit show: its JSON document, put in the order in which a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.audit.forge import link
from lifelint.model import Severity
from lifelint.report.problems import target

Document = Mapping[str, Any]

GROUPS = (
    ("Does not hold", ("error", "fail", "blocked", "premature")),
    ("Could not be judged", ("unknown",)),
    ("Accepted by waiver", ("waived",)),
    ("Holds", ("pass",)),
)
"""Findings as they are read: what is wrong first. What does not apply is told by its reason."""

_BAD, _GOOD = 60, 12
"""Observations of a finding that are shown where there is one project: those that are not good, and those that are."""

_SEVERITIES = [severity.value for severity in Severity]


class Finding(NamedTuple):
    """A finding with the observations that are shown, and how many are not. ``expected``: at or below the target."""

    anchor: str
    outcome: str
    rule: str
    about: Document
    finding: Document
    expected: bool
    shown: Sequence[Document]
    hidden: int


DETAILED = 25
"""Projects that are shown whole where there are more: those at the lowest levels. JSON holds all."""


class Project(NamedTuple):
    """A project with its answers, its findings in groups, and the rules that do not apply by the reason.

    One that is not shown ``whole`` has neither of the last two.
    """

    number: int
    root: str
    name: str
    whole: bool
    project: Document
    answers: Document
    groups: Sequence[tuple[str, Sequence[Finding]]]
    elsewhere: Sequence[tuple[str, Sequence[str]]]

    @property
    def steps(self) -> Sequence[Document]:
        """What to do next, most urgent first."""
        steps: Sequence[Document] = self.answers["weakest"]["steps"]
        return steps


def projects(document: Document) -> Iterator[Project]:
    """Every project of the audit."""
    report = document["report"]
    pairs = list(zip(report["projects"], document["answers"], strict=True))
    whole = {id(project) for project, _ in sorted(pairs, key=lambda pair: _urgency(pair[0]))[:DETAILED]}
    for number, (project, answers) in enumerate(pairs, 1):
        shown = id(project) in whole
        findings = [_finding(number, report, project, one, len(pairs)) for one in project["findings"] if shown]
        findings.sort(key=_order)
        groups = [(title, [f for f in findings if f.outcome in outcomes]) for title, outcomes in GROUPS]
        reasons: dict[str, list[str]] = {}
        for one in findings:
            if one.outcome == "not-applicable":
                reasons.setdefault(one.finding["note"], []).append(one.rule)
        root = project["root"]
        yield Project(
            number,
            root,
            "the top of the repository" if root == "." else root,
            shown,
            project,
            answers,
            [group for group in groups if group[1]],
            [*reasons.items()],
        )


def _urgency(project: Document) -> tuple[object, ...]:
    card = project["scorecard"]
    return card["level"], -card["counts"]["fail"], project["root"]


def _order(one: Finding) -> tuple[object, ...]:
    finding = one.finding
    return not one.expected, _SEVERITIES.index(finding["severity"]), finding["level"], one.rule


def _finding(number: int, report: Document, project: Document, finding: Document, many: int) -> Finding:
    seen = finding["observations"]
    bad = [one for one in seen if one["ok"] is not True]
    shown = [*bad[: max(_BAD // many, 3)], *[one for one in seen if one["ok"] is True][: max(_GOOD // many, 1)]]
    rule = finding["rule"]
    return Finding(
        anchor(number, rule),
        finding["outcome"],
        rule,
        report["rules"][rule],
        finding,
        finding["level"] <= target(report, project),
        shown,
        len(seen) - len(shown),
    )


def anchor(number: int, rule: str) -> str:
    """The name of a finding inside the document."""
    return f"p{number}-{rule}"


class Place(NamedTuple):
    """Where something stands: in words, with its address on the forge, its blob and the commit that changed it last."""

    text: str
    address: str
    blob: str
    commit: str
    commit_address: str
    day: str


def place(document: Document, path: str, line: int) -> Place:
    """Where a line of a file is."""
    tracked = document["files"].get(path, {})
    commit = tracked.get("commit") or ""
    revision = document["report"]["subject"]["revision"] or ""
    forge = document["forge"] or ""
    there = bool(tracked) and "\\" not in path  # bytes that are no text are written out with backslashes
    return Place(
        f"{path}:{int(line)}" if line else path,
        link(forge, revision, path, int(line)) if there else "",
        (tracked.get("blob") or "")[:12],
        commit[:12],
        link(forge, commit) if commit else "",
        (document["commits"].get(commit, {}).get("authored") or "")[:10],
    )

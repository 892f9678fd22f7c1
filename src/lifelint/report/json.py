"""The JSON report, version 1: the contract. Every other format can be made from it.

Byte-identical for the same commit, configuration and rules: no clock, no absolute path, sorted where order is free.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring as _quoted
from math import isfinite
from typing import TYPE_CHECKING, Any

from lifelint.facts._plain import plain, text
from lifelint.inspection import Report
from lifelint.model import Finding, Observation, Rule

if TYPE_CHECKING:
    from lifelint.scorecard import Scorecard
    from lifelint.triage.baseline import Kept
    from lifelint.triage.change import Change
    from lifelint.triage.metrics import Measured
    from lifelint.triage.problem import Problem
    from lifelint.triage.waivers import Standing

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """The report as JSON text, one finding a line: as easy to compare as indented text, at a tenth of its cost.

    That of a large repository has tens of thousands of findings, so these are not made into values first.
    """
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """As ``render``, piece by piece: that of a large repository takes tens of megabytes."""
    yield "{\n"
    for key, value in document(report).items():
        yield f'"{key}": {_line(value)},\n'
    yield '"projects": ['
    rules = {finding.rule.id: finding.rule for project in report.projects for finding in project.findings}
    about = {name: _about(rule) for name, rule in rules.items()}
    said: dict[int, str] = {}  # of what many projects share, by identity: scorecards, and findings without observations
    for number, project in enumerate(report.projects):
        yield f'{"," if number else ""}\n{{"root": {_text(project.root or ".")}, "stage": "{project.stage}", '
        yield f'"facets": {_line(project.facets)}, "scorecard": {_scorecard(project.scorecard, said)}, "findings": [\n'
        yield ",\n".join([said.get(id(f)) or _finding(f, *about[f.rule.id], said) for f in project.findings])
        yield "\n]}"
    yield "\n]\n}\n"


def _about(rule: Rule) -> tuple[str, str]:
    """What every finding of a rule says: before its outcome, and between outcome and note."""
    before = f'{{"rule": {_text(rule.id)}, "outcome": "'
    return before, (
        f'", "severity": "{rule.severity}", "level": {rule.level}, "phases": {_line(rule.phases)}, '
        f'"principle": "{rule.principle}", "strength": "{rule.strength}", "note": '
    )


def _finding(finding: Finding, before: str, between: str, said: dict[int, str]) -> str:
    observations = ", ".join(map(_observation, finding.observations))
    made = f'{before}{finding.outcome.value}{between}{_text(finding.note)}, "observations": [{observations}]}}'
    if not observations:
        said[id(finding)] = made
    return made


def _observation(observation: Observation) -> str:
    ok, subject, detail, path, line, _, _, waived, known = observation
    accepted = f', "waived": {_text(waived)}' if waived else ', "known": true' if known else ""
    return (
        f'{{"ok": {_OK[ok]}, "subject": {_text(subject)}, "detail": {_text(detail)}, "path": {_text(path)}, '
        f'"line": {line}{accepted}}}'
    )


def _text(value: str) -> str:
    return _quoted(value if value.isascii() else text(value))


_OK = {True: "true", False: "false", None: "null"}
_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def document(report: Report) -> dict[str, Any]:
    """All but the projects as JSON values, by the schema in ``docs/schemas/report-v1.json``."""
    subject = report.subject
    config = report.config
    reasons = report.reasons
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "lifelint", "version": report.version, "rules_digest": report.rules_digest},
        "subject": {
            "path": plain(report.folder) or ".",
            "kind": subject.kind,
            "revision": subject.revision or None,
            "dirty": subject.dirty,
            "shallow": subject.shallow,
        },
        "config": {
            "source": plain(config.source) or None,
            "stage": config.stage or None,
            "target": config.target or None,
            "fail_on": config.fail_on,
            "min_level": config.min_level or None,
            "no_level_drop": config.no_level_drop,
            "select": plain(list(config.select)),
            "ignore": plain(list(config.ignore)),
            "exclude": plain(list(config.exclude)),
            "rules": plain(list(config.rules)),
            "projects": [{"root": plain(root) or ".", "stage": s or None} for root, s in config.projects.items()],
            "settings": plain(config.settings),
        },
        "rules": _rules(report),
        "left_out": [{"reason": why, "paths": count, "first": plain(path)} for why, count, path in report.left_out],
        "waivers": [_waiver(standing) for standing in report.waivers],
        "baseline": report.baseline and _baseline(report.baseline),
        "diagnostics": [plain(diagnostic) for diagnostic in report.diagnostics],
        "change": report.change and _change(report.change),
        "gate": {"passed": not reasons, "reasons": plain(reasons)},
    }


def _waiver(standing: Standing) -> dict[str, Any]:
    keys = ("rule", "subject", "reason", "owner", "expires", "path", "line")
    return {key: plain(getattr(standing.waiver, key)) for key in keys} | {"state": standing.state}


def _baseline(kept: Kept) -> dict[str, Any]:
    gone = [
        {"rule": one.rule, "project": plain(one.project) or ".", "subject": plain(one.subject)} for one in kept.gone
    ]
    return {"entries": kept.entries, "gone": gone}


def _change(change: Change) -> dict[str, Any]:
    return {
        "base": change.base,
        "head": change.head or None,
        "new": [_problem(problem) for problem in change.new],
        "fixed": [_problem(problem) for problem in change.fixed],
        "unchanged": change.unchanged,
        "before": {plain(root) or ".": before for root, (before, _) in change.levels.items()},
        "after": {plain(root) or ".": after for root, (_, after) in change.levels.items()},
        "altered": [plain(altered) for altered in change.altered],
        "metrics": [_measured(one) for one in change.metrics],
        "unchanged_evaluations": change.evaluations,
        "configuration_changed": bool(change.configuration),
        "configuration": [plain(one) for one in change.configuration],
    }


def _measured(one: Measured) -> dict[str, Any]:
    values = {key: _finite(value) for key, value in (("before", one.before), ("after", one.after))}
    return (
        {key: plain(getattr(one, key)) for key in ("report", "name", "slice", "dataset")}
        | values
        | {"better": one.better}
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _problem(problem: Problem) -> dict[str, Any]:
    rule, seen = problem.rule, problem.observation
    return {
        "rule": rule.id,
        "project": plain(problem.project) or ".",
        "severity": rule.severity.value,
        "level": rule.level,
        **{key: plain(getattr(seen, key)) for key in ("subject", "detail", "path", "line")},
        "also": [{"rule": one.rule.id, "subject": plain(one.observation.subject)} for one in problem.also],
    }


def _rules(report: Report) -> dict[str, Any]:
    """What the findings' rules say, once for all projects."""
    rules = {finding.rule.id: finding.rule for project in report.projects for finding in project.findings}
    if report.change:
        rules |= {problem.rule.id: problem.rule for problem in (*report.change.new, *report.change.fixed)}
    return {
        name: {"title": rule.title, "area": rule.area, "rationale": rule.rationale, "remediation": rule.remediation}
        | ({} if rule.status == "stable" else {"status": rule.status})
        for name, rule in sorted(rules.items())
    }


def _scorecard(card: Scorecard | None, said: dict[int, str]) -> str:
    if card is None:
        return "null"
    if id(card) in said:
        return said[id(card)]
    least = card.least_controlled
    nested = {
        "matrix": [cell._asdict() for cell in card.matrix],
        "least_controlled": least and least._asdict(),
        "next_steps": [step._asdict() for step in card.next_steps],
    }
    return said.setdefault(id(card), _line(card._asdict() | nested))

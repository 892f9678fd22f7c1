"""The JSON report, version 1: the contract. Every other format can be made from it.

Byte-identical for the same commit, configuration and rules: no clock, no absolute path, sorted where order is free.
"""

from __future__ import annotations

import json
from typing import Any

from lifelint.facts._plain import plain, text
from lifelint.inspection import ProjectReport, Report
from lifelint.model import Finding, Observation

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """The report as JSON text, one finding a line: as easy to compare as indented text, at a tenth of its cost."""
    made = document(report)
    projects = made.pop("projects")
    lines = [f'"{key}": {_line(value)}' for key, value in made.items()]
    lines.append('"projects": [\n' + ",\n".join(map(_project_text, projects)) + "\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _project_text(project: dict[str, Any]) -> str:
    findings = ",\n".join(_line(finding) for finding in project["findings"])
    others = ", ".join(f'"{key}": {_line(value)}' for key, value in project.items() if key != "findings")
    return f'{{{others}, "findings": [\n{findings}\n]}}'


_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values, by the schema in ``docs/schemas/report-v1.json``."""
    subject = report.subject
    config = report.config
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
            "select": plain(list(config.select)),
            "ignore": plain(list(config.ignore)),
            "exclude": plain(list(config.exclude)),
            "rules": plain(list(config.rules)),
            "projects": [{"root": plain(root) or ".", "stage": s or None} for root, s in config.projects.items()],
            "settings": plain(config.settings),
        },
        "rules": _rules(report),
        "projects": [_project(project) for project in report.projects],
        "left_out": [{"reason": why, "paths": count, "first": plain(path)} for why, count, path in report.left_out],
        "diagnostics": [plain(diagnostic) for diagnostic in report.diagnostics],
        "change": None,
    }


def _rules(report: Report) -> dict[str, Any]:
    """What the findings' rules say, once for all projects."""
    rules = {finding.rule.id: finding.rule for project in report.projects for finding in project.findings}
    return {
        name: {"title": rule.title, "area": rule.area, "rationale": rule.rationale, "remediation": rule.remediation}
        for name, rule in sorted(rules.items())
    }


def _project(project: ProjectReport) -> dict[str, Any]:
    return {
        "root": plain(project.root) or ".",
        "stage": project.stage,
        "facets": list(project.facets),
        "findings": [_finding(finding) for finding in project.findings],
        "scorecard": plain(project.scorecard),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "outcome": finding.outcome.value,
        "severity": rule.severity.value,
        "level": rule.level,
        "phases": list(rule.phases),
        "principle": rule.principle,
        "strength": rule.strength.value,
        "note": plain(finding.note),
        "observations": [_observation(observation) for observation in finding.observations],
    }


def _observation(observation: Observation) -> dict[str, Any]:
    return {
        "ok": observation.ok,
        "subject": text(observation.subject),
        "detail": text(observation.detail),
        "path": text(observation.path),
        "line": observation.line,
    }

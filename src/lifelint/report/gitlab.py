"""GitLab's code quality report (docs.gitlab.com, Code Quality report format): a list of issues with fingerprints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lifelint.report.problems import problems

_SEVERITIES = {"error": "critical", "warning": "major", "info": "minor"}


def render(document: Mapping[str, Any]) -> str:
    """The failures of a report. Those without a place stand at the configuration."""
    elsewhere = document["config"]["source"] or "lifelint.toml"
    issues = [
        {
            "description": f"{problem.title}: {problem.detail}",
            "check_name": problem.rule,
            "fingerprint": problem.fingerprint,
            "severity": _SEVERITIES[problem.severity],
            "location": {"path": problem.path or elsewhere, "lines": {"begin": max(problem.line, 1)}},
        }
        for problem in problems(document)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"

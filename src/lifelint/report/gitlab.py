"""GitLab's code quality report (docs.gitlab.com, Code Quality report format): a list of issues with fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.report.escaping import visible
from lifelint.report.problems import Problem, problems

_SEVERITIES = {"error": "critical", "warning": "major", "info": "minor"}


def render(document: Mapping[str, Any]) -> str:
    """The failures of a report. Those without a place stand at the configuration."""
    elsewhere = document["config"]["source"] or "lifelint.toml"
    found = problems(document)
    issues = [
        {
            "description": visible(f"{problem.title}: {problem.detail}"),
            "check_name": problem.rule,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[problem.severity],
            "location": {"path": visible(problem.path or elsewhere), "lines": {"begin": max(problem.line, 1)}},
        }
        for problem, fingerprint in zip(found, _unique(found), strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"


def _unique(found: Sequence[Problem]) -> Iterator[str]:
    """A fingerprint for each: of several with the same, GitLab keeps the last (lib/gitlab/ci/reports)."""
    seen: Counter[str] = Counter()
    for problem in found:
        again = seen[problem.fingerprint]
        seen[problem.fingerprint] += 1
        yield hashlib.sha256(f"{problem.fingerprint}\0{again}".encode()).hexdigest() if again else problem.fingerprint

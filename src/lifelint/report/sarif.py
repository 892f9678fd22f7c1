"""SARIF 2.1.0 (OASIS, errata 01), as GitHub code scanning reads it: one run, its own category, real locations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from lifelint.report.problems import Problem, problems

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_RANKS = {"error": "error", "warning": "warning", "info": "recommendation"}
_NOWHERE = "lifelint.toml"  # a result without a place is not shown: it goes where the project says what it aims for


def render(document: Mapping[str, Any]) -> str:
    """The failures of a report as a SARIF log."""
    found = problems(document, waived=True)
    rules = sorted({problem.rule for problem in found})
    kinds = {problem.rule: problem for problem in found}
    run = {
        "tool": {"driver": _driver(document, [kinds[rule] for rule in rules])},
        "automationDetails": {"id": "lifelint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the inspected repository."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(document)}],
        "results": [_result(problem, rules.index(problem.rule), document) for problem in found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _driver(document: Mapping[str, Any], kinds: Sequence[Problem]) -> dict[str, Any]:
    version = document["tool"]["version"]
    rules = [_rule(document["rules"][one.rule], one) for one in kinds]
    return {"name": "lifelint", "version": version, "semanticVersion": version, "rules": rules}


def _rule(about: Mapping[str, Any], one: Problem) -> dict[str, Any]:
    why, mend = about["rationale"].strip(), one.remediation.strip()
    return {
        "id": one.rule,
        "name": "".join(word.capitalize() for word in one.rule.split("-")),
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{mend}\n", "markdown": f"{why}\n\n**How to mend it.** {mend}\n"},
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
        "properties": {
            "tags": [about["area"], f"level-{one.level}"],
            "precision": "very-high",
            "problem.severity": _RANKS[one.severity],
        },
    }


def _result(problem: Problem, index: int, document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{problem.title}: {problem.detail}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(problem.path or document["config"]["source"] or _NOWHERE),
                    "region": {"startLine": max(problem.line, 1)},
                },
                "logicalLocations": [{"fullyQualifiedName": problem.subject, "kind": "resource"}],
            }
        ],
        # The name that GitHub's own upload gives to where it takes a result for the same as before.
        "partialFingerprints": {"primaryLocationLineHash": f"{problem.fingerprint[:16]}:1"},
        "fingerprints": {"lifelint/v1": problem.fingerprint},
        **({"suppressions": [_suppression(problem)]} if problem.waived or problem.known else {}),
    }


def _suppression(problem: Problem) -> dict[str, str]:
    return {"kind": "external", "status": "accepted", "justification": problem.waived or "known: in the baseline"}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path.encode("utf-8", "surrogatepass"), safe="/"), "uriBaseId": "%SRCROOT%"}


def _notifications(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What could not be read: a log that lacks results because of it should say so."""
    return [
        {
            "level": "warning",
            "message": {"text": f"{told['path']} {told['message']}".strip()},
            **({"locations": [{"physicalLocation": _place(told)}]} if told["path"] else {}),
        }
        for told in document["diagnostics"]
    ]


def _place(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"artifactLocation": _artifact(told["path"]), "region": {"startLine": max(told["line"], 1)}}

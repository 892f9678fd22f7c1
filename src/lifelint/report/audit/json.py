"""The JSON form of an audit, ``audit/v1``: the contract. Every other form is made from it.

The same commit, configuration, rules and day give the same bytes, in clones with the same origin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lifelint.audit.nouns import Answers, Audit, Rung
from lifelint.facts._plain import plain
from lifelint.report import frameworks, releases
from lifelint.report import json as checked
from lifelint.report.audit import LIMITS

SCHEMA = "audit/v1"


def render(audit: Audit) -> str:
    """The audit as JSON text: an item of each list a line, and the report as it is written by itself."""
    made = {key: _lines(value) for key, value in _beside(audit).items()}
    made["report"] = checked.render(audit.report).rstrip()
    return "{\n" + ",\n".join(f'"{key}": {made[key]}' for key in _ORDER) + "\n}\n"


def document(audit: Audit) -> Mapping[str, Any]:
    """The audit as JSON values, by the schema in ``docs/schemas/audit-v1.json``."""
    report: Mapping[str, Any] = json.loads(checked.render(audit.report))
    return {**_beside(audit), "report": report}


_ORDER = (
    *("schema", "title", "today", "forge", "tags", "limits", "report", "answers", "releases", "tools"),
    *("frameworks", "files", "commits"),
)
_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_line, value)) + "\n]"
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"{_line(key)}: {_line(item)}" for key, item in value.items()) + "\n}"
    return _line(value)


def _beside(audit: Audit) -> dict[str, Any]:
    """All but the report."""
    return {
        "schema": SCHEMA,
        "title": plain(audit.title),
        "today": audit.today or None,
        "forge": audit.forge or None,
        "tags": plain(audit.tags),
        "limits": LIMITS,
        "answers": [_answers(one) for one in audit.answers],
        "releases": [releases.document(release, whole=True) for release in audit.releases],
        "tools": plain(audit.tools),
        "frameworks": [frameworks.document(*one) for one in audit.frameworks],
        "files": {plain(path): _or_null(one._asdict()) for path, one in audit.files.items()},
        "commits": {name: _or_null(one._asdict()) for name, one in audit.commits.items()},
    }


def _or_null(values: Mapping[str, str]) -> Mapping[str, str | None]:
    return {key: value or None for key, value in values.items()}


def _answers(one: Answers) -> Mapping[str, Any]:
    return {
        "root": plain(one.root) or ".",
        "levels": [_rung(rung) for rung in one.rungs],
        "bill": plain(one.bill),
        "ownership": plain(one.ownership),
        "grid": plain(one.grid),
        "weakest": {
            "cell": one.weakest.cell and one.weakest.cell._asdict(),
            "steps": [step._asdict() for step in one.weakest.steps],
            "unauditable": _cells(one.weakest.unauditable),
        },
    }


def _cells(cells: Sequence[tuple[str, str]]) -> Sequence[Mapping[str, str]]:
    return [{"phase": phase, "principle": principle} for phase, principle in cells]


def _rung(rung: Rung) -> Mapping[str, Any]:
    return {
        "level": rung.level,
        "reached": rung.reached,
        "passed": list(rung.passed),
        "waived": list(rung.waived),
        "open": [{"rule": rule, "outcome": outcome.value} for rule, outcome in rung.open_],
        "not_applicable": rung.not_applicable,
        "unproven_phases": list(rung.unproven),
    }

"""Audits of repositories written inline, and with what strangers write in every place where they can."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lifelint import catalog
from lifelint.audit.frameworks import readings
from lifelint.audit.made import audit
from lifelint.config import Config
from lifelint.facts import Facts, Source
from lifelint.frameworks import reading
from lifelint.inspection import inspect_facts
from lifelint.model import Waiver
from lifelint.report.audit import json as document
from lifelint.snapshot.memory import MemorySnapshot
from tests.exports.conftest import FILES as RELEASED
from tests.report.test_formats import FILES

WAIVED = Waiver("no-floating-installs", "*", "replaced in May", "@acme/ml", "2099-01-01", 3, "lifelint.toml")
DAY = "2026-01-01"
WORKFLOW = "on: [pull_request]\njobs:\n  test:\n    runs-on: ubuntu\n    steps:\n    - run: pytest\n"
PARTS = {
    **RELEASED,
    **FILES,
    "metrics.json": '{"auc": 0.9}',
    "CODEOWNERS": "* @acme/all\n/dvc.yaml @acme/data\n",
    ".github/workflows/ci.yml": WORKFLOW,
    "train.py": "from transformers import AutoModel\nm = AutoModel.from_pretrained('acme/base')\n",
    "Dockerfile": "FROM python:3.11\nRUN pip install numpy\n",
}

SEVERAL = {f"{name}/{path}": text for name in ("a", "b") for path, text in PARTS.items() if "/" not in path}
"""A repository of several projects."""


BEFORE = {
    **PARTS,
    "metrics.json": '{"auc": 0.99}',
    "requirements.txt": "numpy==1.26.4\n",
    "train.py": PARTS["train.py"] + "n = AutoModel.from_pretrained('acme/other')\n",
}
"""The same before a change that makes something better and something worse."""


CROSSWALK = reading.load()
FRAMEWORKS = ("ml-test-score", "slsa")
"""Those that the audit was asked for."""


def audit_of(files: Mapping[str, str], before: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON form of an audit of a repository written inline."""
    config = Config(waivers=(WAIVED,))
    facts = Facts(Source(MemorySnapshot(files)))
    base = None if before is None else Facts(Source(MemorySnapshot(before)))
    loaded = catalog.load(examples=False)
    report = inspect_facts(facts, config, loaded, base=base, today=DAY, baseline=frozenset())
    asked = CROSSWALK._replace(frameworks={name: CROSSWALK.frameworks[name] for name in FRAMEWORKS})
    read = readings(report, asked, {rule.id: rule.title for rule in loaded.rules})
    made: dict[str, Any] = json.loads(document.render(audit(facts, report, today=DAY, frameworks=read)))
    return made


AUDIT = audit_of(PARTS, BEFORE)

_WORDS = frozenset(
    {
        *("schema", "outcome", "severity", "phase", "principle", "strength", "state", "verdict", "status", "change"),
        *("time", "stage", "forge", "fail_on", "rules_digest", "today", "kind", "revision", "base", "head"),
        "answered",
        *("authored", "committed", "blob"),
    }
)
"""Keys whose values are words of ours: an audit that has others follows no schema."""


def named(text: str, *, forge: str | None = None) -> dict[str, Any]:
    """The audit with ``text`` before every word that a stranger can choose, in keys too."""
    made: dict[str, Any] = _named(AUDIT, text)
    return made | {"forge": forge, "tags": [f"{text}tag"], "title": f"{text}title"}


def _named(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return f"{text}{value}"
    if isinstance(value, list):
        return [_named(item, text) for item in value]
    if not isinstance(value, dict):
        return value
    ours = _WORDS | ({"phases"} if "phases" in value else set())
    named_by_others = {"files", "rules"} & value.keys()
    made = {key: item if key in ours else _named(item, text) for key, item in value.items()}
    if "outcomes" in value:
        made["outcomes"] = {f"{text}{project}": outcome for project, outcome in value["outcomes"].items()}
    for key in named_by_others:
        if isinstance(value[key], dict):
            made[key] = {f"{text}{name}": _named(item, text) for name, item in value[key].items()}
    if value.get("by") == "job":
        made["by"] = "job"
    return made

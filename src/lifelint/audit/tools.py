"""Which tools a repository uses. That one is there earns nothing."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.audit.nouns import Tool
from lifelint.facts import Facts

_KINDS = (
    ("environment", "locks", "tool"),
    ("environment", "manifests", "tool"),
    ("versioning", "pointers", "system"),
    ("pipeline", "steps", "tool"),
    ("tracking", "run_records", "tool"),
    ("registry", "references", "system"),
    ("evaluation", "evaluations", "form"),
    ("deployment", "deployments", "tool"),
    ("attestation", "attestations", "form"),
    ("continuous integration", "ci_commands", "system"),
)
"""Kind of tool, kind of fact, and the field that names the tool."""

_FORMATS = frozenset({"plain", "table", "text", "http", "evaluation-report", "pyproject"})
"""Words in those fields that name no tool."""


def tools(facts: Facts) -> Iterator[Tool]:
    """Every tool, each once for what it is used for, in the order of kinds and then of names."""
    for kind in dict.fromkeys(kind for kind, _, _ in _KINDS):
        places: dict[str, dict[tuple[str, int], None]] = {}
        for _, fact, field in (one for one in _KINDS if one[0] == kind):
            for item in facts.get(fact).items:
                name = getattr(item, field)
                if name and name not in _FORMATS:
                    places.setdefault(name, {})[item.path, item.line] = None
        for name, found in sorted(places.items()):
            path, line = min(found)
            yield Tool(kind, name, path, line, len(found))
    images = sorted({(image.path, image.line) for image in facts.get("images").items})
    if images:
        yield Tool("container", "docker", *images[0], len(images))

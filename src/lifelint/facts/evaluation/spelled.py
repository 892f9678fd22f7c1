"""The kind ``spellings``: keys in files of gates and evaluation reports that are nearly those of their format.

The format lets a team add keys of its own, so that a misspelt one is passed over by whoever reads it. The formats are
described in docs/evaluation.md and docs/schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._words import near
from lifelint.facts._source import Source
from lifelint.facts.documents.marks import left_open
from lifelint.facts.evaluation.document import GATES, REPORT, line_of, load, texts
from lifelint.facts.evaluation.found import SIDECAR, is_gates, is_left_alone, may_report

_ALIKE = 0.8
_LEAST = 4
"""Letters of a key from which on another that is nearly it was hardly meant as something else."""

_METRIC = ("name", "value", "slice", "dataset", "kind", "higher_is_better", "stderr")
_SUBJECT = ("commit", "fingerprint", "paths", "dirty", "models", "datasets", "environment")
_KEYS: Mapping[str, Mapping[str, Sequence[str]]] = {
    GATES: {
        "": ("schema", "gates"),
        "gates": ("metric", "op", "threshold", "slice", "dataset", "report", "tolerance"),
    },
    REPORT: {
        "": ("schema", "created", "subject", "metrics", "baselines"),
        "subject": _SUBJECT,
        "subject.models": ("name", "digest", "pointer"),
        "subject.datasets": ("name", "role", "version", "pointer", "slice_of"),
        "subject.environment": ("path", "image", "digest"),
        "metrics": _METRIC,
        "baselines": ("name", "model", "dataset", "metrics"),
        "baselines.metrics": _METRIC,
    },
}
"""Schema → part of a document → its keys. What a sidecar holds is the part ``subject`` of a report."""


class Misspelt(NamedTuple):
    """A key that the format does not have where it stands, and the one that is ``meant``."""

    line: int
    part: str
    key: str
    meant: str


class Spelling(NamedTuple):
    """A file of gates, an evaluation report or a sidecar of one, and its ``misspelt`` keys."""

    path: str
    line: int
    misspelt: tuple[Misspelt, ...]


def spellings(source: Source) -> Iterator[Spelling]:
    """Every document of the own formats for evaluation, whatever else is wrong with it."""

    def wanted(name: str) -> bool:
        return is_gates(name) or may_report(name) or name.lower().endswith(SIDECAR)

    for path in source.names(wanted):
        if not is_left_alone(path):
            parser = parse_sidecar_keys if path.lower().endswith(SIDECAR) else parse_keys
            found = source.parse(path, parser)
            if found is not None:
                yield Spelling(path, 0, found)


def parse_keys(data: bytes) -> tuple[Misspelt, ...] | None:
    """The misspelt keys of gates or of a report; ``None`` for a document of another kind, or a sound scaffold.

    Raises:
        Unreadable: neither YAML nor JSON.
    """
    if GATES.encode() not in data and REPORT.encode() not in data:
        return None
    document = load(data)
    schema = document.get("schema") if isinstance(document, dict) else None
    return _all_of(document, _KEYS[schema], "") if schema in (GATES, REPORT) else None


def parse_sidecar_keys(data: bytes) -> tuple[Misspelt, ...] | None:
    """The misspelt keys of the subject in a sidecar.

    Raises:
        Unreadable: neither YAML nor JSON.
    """
    document = load(data)
    subject = document.get("subject", document) if isinstance(document, dict) else None
    return _all_of(subject, _KEYS[REPORT], "subject") if isinstance(subject, dict) else None


def _all_of(document: Mapping[str, Any], keys: Mapping[str, Sequence[str]], part: str) -> tuple[Misspelt, ...] | None:
    """What is misspelt; ``None`` where that is nothing in a scaffold, which nobody has written yet."""
    found = tuple(_misspelt(document, keys, part))
    return None if not found and left_open(texts(document)) else found


def _misspelt(document: Mapping[str, Any], keys: Mapping[str, Sequence[str]], part: str) -> Iterator[Misspelt]:
    lacking = [key for key in keys[part] if key not in document and len(key) >= _LEAST]
    for key, value in document.items():
        within = f"{part}.{key}".strip(".")
        meant = near(key, lacking, _ALIKE) if key not in keys[part] else ""
        if meant:
            yield Misspelt(line_of(document, key), part, str(key), meant)
        elif within in keys:
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield from _misspelt(one, keys, within)

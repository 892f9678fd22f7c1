"""Which reports are proven to be about the models of a release, and what the gates say of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint.facts import Source
from lifelint.facts.evaluation.document import parse_gates
from lifelint.facts.evaluation.noun import Evaluation, Gate, Metric
from lifelint.facts.proof import facts_at, of_content
from lifelint.facts.releases.document import Judged, Part, Release
from lifelint.facts.releases.gated import beside, deciding

_ABOUT = ("digest", "commit", "subject")
"""The fields of an evaluation that together prove that a report is about the models of the release."""


class Assessment(NamedTuple):
    """A report that was proven to be about models of the release.

    ``digest`` is that of the report, ``gates_digest`` that of the file of gates at the commit of the release; ``gates``
    are recomputed from the numbers of the report, and empty where they could not be proven to be met.
    """

    report: str
    digest: str
    models: tuple[Part, ...]
    metrics: tuple[Metric, ...]
    gates_path: str = ""
    gates_digest: str = ""
    gates: tuple[Gate, ...] = ()


def holds(release: Release, field: str, line: int) -> bool:
    """Whether a field was verified. Two parts of one name are told apart by their lines."""
    told = [verdict.holds for verdict in release.verdicts if (verdict.field, verdict.line) == (field, line)]
    return bool(told) and all(told)


def first_digest(source: Source, path: str) -> str:
    """The SHA-256 of a tracked file with its algorithm before a colon; empty where it is not there or not readable."""
    return next(iter(of_content(source, path) or ()), "") if path in source.entries else ""


def assessments(release: Release, source: Source, commit: str, models: Sequence[Part]) -> Iterator[Assessment]:
    """Of the reports of a release, those that are proven to be about some of its proven ``models``."""
    then = facts_at(source, release.anchor) if release.anchor else None
    built = source.at(commit) if commit else None
    for each in release.evaluations:
        field = f"evaluation:{each.report}"
        if then is None or not all(holds(release, f"{field}:{part}", each.line) for part in _ABOUT):
            continue
        report = next((found for found in then["evaluations"].items if found.path == each.report), None)
        about = {model.version for model in report.models} if report else set()
        judged = tuple(model for model in models if model.digest in about)
        if report and judged:
            made = Assessment(each.report, each.digest, judged, report.metrics)
            met = built is not None and holds(release, f"{field}:gates", each.line)
            others = beside(each, release, then)
            yield _gated(made, each, report, others, built) if met and built is not None else made


def _gated(
    made: Assessment, each: Judged, report: Evaluation, others: Sequence[Evaluation], built: Source
) -> Assessment:
    demands = built.parse(each.gates, parse_gates) or ()
    gates = tuple(deciding(demands, each.gates, report, others, built.snapshot.history))
    return made._replace(gates_path=each.gates, gates_digest=first_digest(built, each.gates), gates=gates)

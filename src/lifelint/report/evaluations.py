"""Evaluations and gates for a person at a terminal, and as values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lifelint.facts._plain import plain
from lifelint.release.subject import judged
from lifelint.report import verdicts as told
from lifelint.report.look import Look, safe, wrapped

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation, Gate

_MET = {True: ("✓ met", "green"), False: ("✗ not met", "red"), None: ("? not shown", "magenta")}


def verdicts(found: Sequence[Evaluation], look: Look) -> str:
    """Each report with what was verified, refuted or is unknown."""
    lines: list[str] = []
    for report in found:
        about = f"{report.form}, {f'bound by {report.bound}' if report.bound else 'bound to nothing'}"
        lines += told.render(title(report), about, judged(report), look)
    return "\n".join(lines).rstrip() + "\n"


def title(report: Evaluation) -> str:
    """The path of a report, or the stage whose figures are not in git."""
    return report.path if report.kept else report.stage or report.path


def document(report: Evaluation) -> Mapping[str, Any]:
    """A report as JSON values."""
    said = {
        "report": title(report), "form": report.form, "judges": report.judges, "bound": report.bound,
        "commit": report.commit,
        "metrics": [{"name": m.name, "slice": m.slice, "dataset": m.dataset, "value": m.value} for m in report.metrics],
    }  # fmt: skip
    return {**plain(said), **told.document(judged(report))}


def gates(found: Sequence[Gate], look: Look) -> str:
    """One line for each gate: whether it is met, what it demands, and which report decided it."""
    lines: list[str] = []
    for gate in found:
        word, colour = _MET[gate.holds]
        lines += wrapped(safe(f"{demand(gate)}: {gate.why}"), look, f"{word:13}", colour)
        by = f"by {gate.report}, " if gate.report else ""
        lines.append(look.style(f"{'':13}{safe(by)}{safe(gate.path)}:{gate.line}", dim=True))
        if gate.vacuous:
            lines += wrapped(safe(f"it can never fail: {gate.vacuous}"), look, f"{'':11}! ", "yellow")
    met = sum(gate.holds is True for gate in found)
    return "\n".join([*lines, f"{met} of {len(found)} gates are met"]) + "\n"


def demand(gate: Gate) -> str:
    """What a gate demands."""
    about = [gate.slice and f"of {gate.slice}", gate.dataset and f"on {gate.dataset}"]
    return " ".join([gate.metric, *filter(None, about), gate.op, f"{gate.threshold:g}"])


def gate_document(gate: Gate) -> Mapping[str, Any]:
    """A gate as JSON values; ``met`` is null where that cannot be told."""
    made: Mapping[str, Any] = plain(
        {
            "metric": gate.metric, "slice": gate.slice, "dataset": gate.dataset, "op": gate.op,
            "threshold": gate.threshold, "value": gate.value, "met": gate.holds, "why": gate.why,
            "report": gate.report, "path": gate.path, "line": gate.line, "vacuous": gate.vacuous,
        }
    )  # fmt: skip
    return made

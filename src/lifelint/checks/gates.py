"""Whether somebody said how good is good enough, in a way that can fail, and whether the model is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation, Gate, UnfilledGate
    from lifelint.facts.evaluation.spelled import Misspelt, Spelling

_NONE = "how good is good enough is written in no file of gates"


def declared(
    gates: Sequence[Gate], unfilled_gates: Sequence[UnfilledGate], evaluations: Sequence[Evaluation]
) -> Iterator[Observation]:
    """Thresholds are declared, each of a metric that a report holds, and each can fail."""
    for number, each in enumerate(unfilled_gates):
        again = sum((each.path, each.metric) == (one.path, one.metric) for one in unfilled_gates[:number])
        subject = f"{each.path}:{each.metric}{f'#{again + 1}' if again else ''}"
        detail = f"the gate {each.metric} is to be filled in: it still says {each.mark}"
        yield Observation(False, subject, detail, each.path, each.line)
    for gate, subject in _subjects(gates):
        if gate.vacuous:
            yield Observation(False, subject, f"can never fail: {gate.vacuous}", gate.path, gate.line)
        elif gate.found is False:
            yield Observation(False, subject, f"can judge nothing: {gate.why}", gate.path, gate.line)
        else:
            detail = gate.why if gate.found is None else f"{gate.report} holds {gate.metric}"
            yield Observation(gate.found, subject, detail, gate.path, gate.line)
    first = next((report for report in evaluations if not report.doubt and report.judges == "model"), None)
    if not gates and not unfilled_gates and first is not None:
        yield Observation(False, "gates", _NONE, first.path, first.line)


def passed(gates: Sequence[Gate]) -> Iterator[Observation]:
    """Each gate is met by the newest report, recomputed here."""
    for gate, subject in _subjects(gates):
        yield Observation(gate.holds, subject, gate.why, gate.path, gate.line)


def operational(gates: Sequence[Gate], evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """Each report of the own form measures what running the model costs, and a gate limits it."""
    limited = {gate.metric for gate in gates}
    for report in evaluations:
        if report.form == "evaluation-report":
            measured = [metric for metric in report.metrics if metric.kind == "operational"]
            held = [metric.name for metric in measured if metric.name in limited]
            why = "no gate limits what it measures" if measured else "it measures no latency, size or cost"
            detail = f"limited: {', '.join(held)}" if held else why
            yield Observation(bool(held), report.path, detail, report.path, report.line)


def sliced(gates: Sequence[Gate]) -> Iterator[Observation]:
    """Each slice that a gate names has its metric in a report."""
    for gate, subject in _subjects([gate for gate in gates if gate.slice]):
        detail = f"{gate.metric} of {gate.slice} is {gate.value:g}" if gate.value is not None else gate.why
        yield Observation(gate.found, subject, detail, gate.path, gate.line)


def _subjects(gates: Sequence[Gate]) -> Iterator[tuple[Gate, str]]:
    """The gates with names of their own: what they demand, not where they stand."""
    seen: dict[str, int] = {}
    for gate in gates:
        about = "".join(f"[{part}]" for part in (gate.slice, gate.dataset) if part)
        name = f"{gate.path}:{gate.metric}{about}{gate.op}{gate.threshold:g}"
        seen[name] = seen.get(name, 0) + 1
        yield gate, name if seen[name] == 1 else f"{name}#{seen[name]}"


def spelt(spellings: Sequence[Spelling]) -> Iterator[Observation]:
    """No key of a file of gates or of an evaluation report is nearly one that the format has there."""
    for one in spellings:
        seen: dict[str, int] = {}
        for wrong in one.misspelt:
            name = f"{one.path}:{wrong.part}.{wrong.key}".replace(":.", ":")
            seen[name] = seen.get(name, 0) + 1
            subject = name if seen[name] == 1 else f"{name}#{seen[name]}"
            yield Observation(False, subject, _passed_over(wrong), one.path, wrong.line)
        if not one.misspelt:
            yield Observation(True, one.path, "no key is nearly one of the format", one.path)


def _passed_over(wrong: Misspelt) -> str:
    where = f"in {wrong.part}" if wrong.part else "at the top"
    return f"{wrong.key!r} is no key {where}, and nobody reads it: {wrong.meant!r} is meant"

"""Whether a change leaves what guards the lifecycle as strong as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts.evaluation.names import normal, scales_differ
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.decisions import Decision
    from lifelint.facts.evaluation.noun import Gate

_UP = {">=": "min", ">": "min", "<=": "max", "<": "max"}
OPEN = ("proposed", "draft", "rejected", "superseded", "deprecated")
"""States of a decision record in which it decides nothing."""

_NUMBER = lazy(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?=\s?(%)|[^\w]|$)", re.IGNORECASE)

Demand = tuple[str, str, str, str]


def not_loosened(
    gates: Sequence[Gate],
    base_gates: Sequence[Gate],
    decisions: Sequence[Decision],
    base_decisions: Sequence[Decision],
) -> Iterator[Observation]:
    """Each gate is as strict as before, or a decision record that the change adds names it.

    A gate is known by its metric, slice, dataset and whether it is a lower or an upper bound, wherever its file lies. A
    gate that is gone is left to ``guards.kept``.
    """
    records = added(decisions, base_decisions)
    seen: dict[str, int] = {}
    for old, new in paired(base_gates, gates):
        ok, detail = _moved(old, new, records)
        name = subject(new)
        seen[name] = seen.get(name, 0) + 1
        number = f"#{seen[name]}" if seen[name] > 1 else ""
        yield Observation(ok, f"{name}{number}", detail, new.path, new.line)


def _moved(old: Gate, new: Gate, records: Sequence[Decision]) -> tuple[bool | None, str]:
    """Whether a gate may be as it is now, and what it asks for."""
    asked = f"asked for {_demand(old)} and asks"
    if (old.op, old.threshold) == (new.op, new.threshold):
        return True, f"still asks for {_demand(new)}"
    if bound(old) == "equal":
        return None, f"{asked} for {_demand(new)}: nothing says which is more"
    if scales_differ(new.metric, old.threshold, new.threshold):
        return None, f"{asked} for {_demand(new)}: these look like a fraction and a percentage"
    if not looser(old, new):
        return True, f"{asked} for more: {_demand(new)}"
    ok, by = _decided(new, records)
    return ok, f"{asked} for less: {_demand(new)}{by}"


def _decided(gate: Gate, records: Sequence[Decision]) -> tuple[bool, str]:
    """Whether a record of the change decides a gate, and how that is told."""
    record = next((record for record in records if names(record, gate)), None)
    if record is None:
        return False, "; no decision record that the change adds names it"
    if record.status in OPEN:
        return False, f"; {record.path} names it and is {record.status}"
    return True, f", as {record.path} decides"


def paired(before: Sequence[Gate], after: Sequence[Gate]) -> Iterator[tuple[Gate, Gate]]:
    """Each gate with what became of it: those of the same file first, then those of files that were moved."""
    waiting = list(after)
    rest: list[Gate] = []
    for near in (True, False):
        for old in before if near else rest:
            same = [new for new in waiting if about(new) == about(old) and (not near or new.path == old.path)]
            if same:
                # Of several demands for one thing, one that is as before is no other that was altered.
                new = next((one for one in same if one[2:5] == old[2:5]), same[0])
                waiting.remove(new)
                yield old, new
            elif near:
                rest.append(old)


def about(gate: Gate) -> Demand:
    """What a gate is known by."""
    return normal(gate.metric), gate.slice, gate.dataset, bound(gate)


def bound(gate: Gate) -> str:
    """Whether a gate is a lower bound (``min``), an upper one (``max``), or asks for one value (``equal``)."""
    return _UP.get(gate.op, "equal")


def looser(old: Gate, new: Gate) -> bool:
    """Whether a value can meet ``new`` that cannot meet ``old``, of two bounds of one kind."""
    if old.threshold == new.threshold:
        return len(new.op) > len(old.op)  # with "or equal"
    return (new.threshold < old.threshold) is (bound(old) == "min")


def _demand(gate: Gate) -> str:
    return f"{gate.op} {gate.threshold:g}"


def added(now: Sequence[Decision], before: Sequence[Decision]) -> list[Decision]:
    """The records that the change adds or rewrites; one that was only moved is no new decision."""
    known = {record.text for record in before}
    return [record for record in now if record.text not in known]


def names(record: Decision, gate: Gate, *, threshold: bool = True) -> bool:
    """Whether a record says what is measured and, if asked for, the threshold, as a number or as a percentage."""
    text = _words(record.text)
    if any(f"_{_words(part)}_" not in f"_{text}_" for part in _said_of(gate)):
        return False
    if not threshold:
        return True
    found = ((float(match[0]), match[1]) for match in _NUMBER.finditer(record.text))
    return any(
        value == gate.threshold or (percent and abs(value - gate.threshold * 100) < 1e-9) for value, percent in found
    )


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_")


def _said_of(gate: Gate) -> Iterator[str]:
    yield normal(gate.metric)
    if gate.slice:
        yield gate.slice.rpartition("=")[2]


def subject(gate: Gate) -> str:
    """The stable name of a gate whatever it asks for: ``gates.yaml:auc[region=EU]:min``."""
    parts = "".join(f"[{part}]" for part in (gate.slice, gate.dataset) if part)
    return f"{gate.path}:{gate.metric}{parts}:{bound(gate)}"

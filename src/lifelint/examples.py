"""Examples of rules as tests: a miniature repository, and the outcome that its rule must come to."""

from __future__ import annotations

from lifelint.engine import run
from lifelint.facts import Facts, Source
from lifelint.model import Example, Rule
from lifelint.snapshot.memory import MemoryHistory, MemorySnapshot


def snapshot(example: Example) -> MemorySnapshot:
    """The miniature repository of an example."""
    if not example.history:
        return MemorySnapshot(example.files)
    history = MemoryHistory(example.history, shallow=example.shallow)
    return MemorySnapshot({**history.tree, **example.files}, history=history)


def verdict(rule: Rule, example: Example) -> str:
    """What is wrong with an example's outcome, or ``""``."""
    [finding] = run([rule], Facts(Source(snapshot(example))))
    seen = finding.observations
    told = "; ".join(f"{o.path}:{o.line} {o.subject}: {o.detail}" for o in seen if o.ok is not True) or finding.note
    if finding.outcome is not example.outcome:
        return f"came to {finding.outcome.value}, not {example.outcome.value} ({told})"
    bad = sorted(f"{o.path}:{o.line}" for o in seen if o.ok is False)
    if example.at and bad != sorted(example.at):
        return f"failed at {', '.join(bad)}, not at {', '.join(example.at)} ({told})"
    if example.because not in f"{told} {finding.note}":
        return f"gave no reason that holds {example.because!r} ({told})"
    return ""

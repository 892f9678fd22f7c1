"""Examples of rules as tests: a miniature repository, and the outcome that its rule must come to."""

from __future__ import annotations

from collections.abc import Mapping

from lifelint.engine import Given, Sides, run
from lifelint.facts import Facts, Source
from lifelint.model import Example, Rule
from lifelint.projects import Project, Shares, detect
from lifelint.snapshot.memory import MemoryHistory, MemorySnapshot


def snapshot(example: Example) -> MemorySnapshot:
    """The miniature repository of an example, after its change where it has a base."""
    return _made(example, {**(example.base or {}), **example.files})


def before(example: Example) -> MemorySnapshot:
    """The miniature repository of an example before its change."""
    return _made(example, example.base or {})


def _made(example: Example, files: Mapping[str, str | None]) -> MemorySnapshot:
    history = MemoryHistory(example.history, shallow=example.shallow) if example.history else None
    merged = {**(history.tree if history else {}), **files}
    return MemorySnapshot({path: text for path, text in merged.items() if text is not None}, history=history)


def given(example: Example) -> Given:
    """The facts that an example's rule is to judge: all of them, or those of one of the projects."""
    states = [Facts(Source(snapshot(example)))]
    if example.base is not None:
        states.append(Facts(Source(before(example))))
    parts: list[Given] = [*states]
    if example.project is not None:
        own = Project(example.project)
        projects = sorted({own, *(project for facts in states for project in detect(facts))})
        parts = [Shares(facts, projects).of(own) for facts in states]
    return Sides(*parts) if len(parts) > 1 else parts[0]


def verdict(rule: Rule, example: Example) -> str:
    """What is wrong with an example's outcome, or ``""``."""
    [finding] = run([rule], given(example))
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

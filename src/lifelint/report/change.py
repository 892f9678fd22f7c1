"""What a change made better or worse, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from lifelint.report.amounts import difference, extents, moved, value
from lifelint.report.look import Look, safe, wrapped
from lifelint.triage.change import Altered, Change
from lifelint.triage.metrics import Measured
from lifelint.triage.problem import Problem

T = TypeVar("T")

_COLOURS = {True: "green", False: "yellow", None: ""}
_SHOWN = 20  # problems and versions shown of each kind before "and n more"; --verbose shows all


def render(change: Change, look: Look) -> Iterator[str]:
    """The versions that differ, then what is new and what was fixed."""
    counts = f"{len(change.new)} new, {len(change.fixed)} fixed, {change.unchanged} unchanged"
    yield look.style(f"Compared with {change.base[:12]}: {counts}", "red" if change.new else "green", bold=True)
    if change.configuration:
        yield from wrapped("The configuration changed; that of the base judges both.", look, "  ! ", "yellow")
    for setting in _some(change.configuration, look):
        yield from wrapped(f"{setting.key}: {safe(moved(setting.before, setting.after))}", look, "      ")
    yield from _more(change.configuration, look)
    for root, (before, after) in change.levels.items():
        if before != after:
            name = f" of {safe(root)}" if root else ""
            yield f"  level{name}: {_level(before)} → {_level(after)}"
    for one in _some(change.altered, look):
        yield from wrapped(_told(one), look, "  ")
    yield from _more(change.altered, look)
    for measured in _some(change.metrics, look):
        yield from wrapped(_metric(measured), look, "  ", _COLOURS[measured.better])
    yield from _more(change.metrics, look)
    if change.not_evaluated:
        files = "its result is" if change.evaluations == 1 else f"its {change.evaluations} results are"
        text = f"The model changed and its evaluation did not: {files} the same as before."
        yield from wrapped(text, look, "  ! ", "yellow", bold=True)
    yield ""
    for _, found in groupby(_some(change.new, look), lambda problem: problem.rule.id):
        yield from _problems([*found], look)
    yield from _more(change.new, look)
    for problem in _some(change.fixed, look):
        yield from wrapped(f"{problem.rule.title} ({safe(_where(problem))})", look, "✓ fixed: ", "green")
    yield from _more(change.fixed, look)
    if change.fixed:
        yield ""


def _some(items: Sequence[T], look: Look) -> Sequence[T]:
    return items if look.verbosity > 0 else items[:_SHOWN]


def _more(items: Sequence[object], look: Look) -> Iterator[str]:
    if look.verbosity <= 0 and len(items) > _SHOWN:
        yield look.style(f"  and {len(items) - _SHOWN} more (--verbose shows all)", dim=True)


def _level(level: int | None) -> str:
    return "not there" if level is None else str(level)


def _told(one: Altered) -> str:
    name = f"{one.kind} {safe(one.name)}"
    if not one.before or not one.after:
        return f"{name} {'removed' if one.before else 'added'}"
    extent = ", ".join(extents(one.kind, one.sizes, one.counts))
    return f"{name} {_short(one.before)} → {_short(one.after)}{f' ({extent})' if extent else ''}"


def _metric(one: Measured) -> str:
    where = ", ".join(safe(part) for part in (one.slice, one.dataset, one.report) if part)
    moved = difference(one.before, one.after, one.better)
    return f"metric {safe(one.name)} {value(one.before)} → {value(one.after)}{f', {moved}' if moved else ''} ({where})"


def _short(version: str) -> str:
    kind, colon, digest = version.rpartition(":")
    return f"{digest[:6]}…" if colon and kind else safe(version[:16])


def _problems(found: Sequence[Problem], look: Look) -> Iterator[str]:
    """What one rule says of a change, with its advice once."""
    rule = found[0].rule
    about = look.style(f"{rule.id} · {rule.severity.value}, level {rule.level}", dim=True)
    yield f"{look.style(f'✗ new: {rule.title}', 'red', bold=True)}  {about}"
    for problem in found:
        yield "    " + look.style(safe(_where(problem)), bold=True)
        yield from wrapped(safe(problem.observation.detail), look, "      ")
        if problem.also:
            rules = [*dict.fromkeys(one.rule.id for one in problem.also)]
            listed = f"{', '.join(rules[:-1])} and {rules[-1]} fail" if len(rules) > 1 else f"{rules[0]} fails"
            yield from wrapped(f"so {listed} too", look, "      ")
    yield from wrapped(rule.advice, look, "    → ", "cyan")
    yield ""


def _where(problem: Problem) -> str:
    seen = problem.observation
    return f"{seen.path}:{seen.line}" if seen.line else seen.path or seen.subject

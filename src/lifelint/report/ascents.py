"""The way to a level as numbered steps for a person, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from lifelint.facts._plain import plain
from lifelint.fix.ascent import BY_HAND, COSTS, SCAFFOLD, Ascent, Short, Stride
from lifelint.model import LEVELS, Outcome
from lifelint.report.look import Look, safe, wrapped

_SHOWN = 3  # observations of a step
_COLOURS = dict(zip(COSTS, ("green", "cyan", "yellow"), strict=True))


def render(ascents: Sequence[Ascent], look: Look, folder: str = ".") -> str:
    """All projects one after the other, those around ``folder``."""
    parts = []
    for ascent in ascents:
        head = [look.style(f"── {safe(ascent.root)} ".ljust(look.width, "─"), bold=True)] if len(ascents) > 1 else []
        parts.append("\n".join([*head, *_told(ascent, look, folder)]))
    return "\n\n".join(parts) + "\n"


def _told(ascent: Ascent, look: Look, folder: str) -> Iterator[str]:
    if ascent.level >= ascent.to:
        yield look.style(
            f"Level {_named(ascent.level)} is reached: there is nothing to do for level {ascent.to}.", "green"
        )
        return
    yield look.style(f"From level {_named(ascent.level)} to level {_named(ascent.to)}: {_tally(ascent)}", bold=True)
    for number, stride in enumerate(ascent.strides, 1):
        yield ""
        yield from _stride(number, stride, look, folder)
    yield ""
    if ascent.reached >= ascent.to:
        yield look.style(f"When all of that holds, the project is at level {_named(ascent.to)}.", "green")
        return
    yield from wrapped(f"When all of that holds, the project is at level {_named(ascent.reached)}.", look, "", "yellow")
    for short in ascent.short:
        yield from _short(short, look)


def _named(level: int) -> str:
    return f"{level} ({LEVELS[level]})"


def _tally(ascent: Ascent) -> str:
    many = {cost: sum(stride.cost == cost for stride in ascent.strides) for cost in COSTS}
    counted = ", ".join(f"{number} {cost}" for cost, number in many.items() if number)
    return f"{len(ascent.strides)} step{'s' * (len(ascent.strides) != 1)}{f' ({counted})' if counted else ''}"


def _stride(number: int, stride: Stride, look: Look, folder: str) -> Iterator[str]:
    finding, rule = stride.finding, stride.finding.rule
    about = look.style(f"{rule.id} · level {rule.level} · ", dim=True) + look.style(stride.cost, _COLOURS[stride.cost])
    yield f"{number:>2}. {look.style(rule.title, bold=True)}  {about}"
    bad = [seen for seen in finding.observations if seen.ok is False] or [
        seen for seen in finding.observations if seen.ok is None
    ]
    for seen in bad[:_SHOWN]:
        place = f"{seen.path}:{seen.line} " if seen.path and seen.line else f"{seen.path or seen.subject} "
        yield from wrapped(safe(f"{place}{seen.detail}"), look, "    ")
    if len(bad) > _SHOWN:
        yield f"    and {len(bad) - _SHOWN} more"
    if not bad:
        yield from wrapped(safe(_why(stride)), look, "    ")
    if stride.cost == BY_HAND:
        yield from wrapped(rule.advice, look, "    → ", "cyan")
    for command in commands(stride, folder):
        yield look.style(f"    $ {safe(command)}", "cyan")


def _why(stride: Stride) -> str:
    match stride.finding.outcome:
        case Outcome.BLOCKED | Outcome.PREMATURE:
            return f"is judged when these hold: {', '.join(stride.waits)}"
    return stride.finding.note or f"is {stride.finding.outcome.value}"


def commands(stride: Stride, folder: str = ".") -> list[str]:
    """What to type for the repository around ``folder``."""
    rule = stride.finding.rule
    program = "lifelint" if folder == "." else f"lifelint -C {quote(folder)}"
    # With a slash it is taken for no rule
    place = "" if folder == "." else f" {quote(folder if '/' in folder else f'./{folder}')}"
    explain, fix = f"{program} explain {rule.id}", f"lifelint fix {rule.id}{place} --apply"
    if stride.cost == BY_HAND:
        return [explain]
    if stride.cost == SCAFFOLD and rule.fix and rule.fix.kind == "mechanical":
        bad = sum(seen.ok is False for seen in stride.finding.observations)
        return [f"{fix}  # mends {stride.mended} of {bad}", explain]
    return [f"{fix}{'  # then fill in what it marks' if stride.cost == SCAFFOLD else ''}"]


def _short(short: Short, look: Look) -> Iterator[str]:
    text = f"{short.phase} stays at level {short.level}: no rule above it applies."
    yield from wrapped(text, look, "  ")
    for finding in short.absent:
        why = f": {finding.note}" if finding.note else ""
        yield from wrapped(safe(f"{finding.rule.id} (level {finding.rule.level}) would{why}"), look, "    ")


def document(ascents: Sequence[Ascent], folder: str = ".") -> Mapping[str, Any]:
    """The ways of the projects around ``folder`` as JSON values."""
    return {"schema_version": 1, "projects": [_project(ascent, folder) for ascent in ascents]}


def _project(ascent: Ascent, folder: str) -> Mapping[str, Any]:
    return {
        "root": plain(ascent.root),
        "level": ascent.level,
        "to": ascent.to,
        "reached": ascent.reached,
        "steps": [_step(stride, folder) for stride in ascent.strides],
        "short": [
            {
                "phase": short.phase,
                "level": short.level,
                "not_applicable": [
                    {"rule": f.rule.id, "level": f.rule.level, "note": plain(f.note)} for f in short.absent
                ],
            }
            for short in ascent.short
        ],
    }


def _step(stride: Stride, folder: str) -> Mapping[str, Any]:
    rule = stride.finding.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "level": rule.level,
        "outcome": stride.finding.outcome.value,
        "cost": stride.cost,
        "failures": sum(seen.ok is False for seen in stride.finding.observations),
        "mended": stride.mended,
        "waits_for": list(stride.waits),
        "commands": [plain(command) for command in commands(stride, folder)],
    }

"""Verdicts on the fields of a document: for a person at a terminal, and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.facts.proof import Verdict
from lifelint.release.status import REFUTED, UNKNOWN, VERIFIED, WORDS, status
from lifelint.report.look import Look, safe, wrapped

MARKS = {VERIFIED: ("✓", "green"), REFUTED: ("✗", "red"), UNKNOWN: ("?", "magenta")}


def render(title: str, about: str, verdicts: Sequence[Verdict], look: Look) -> Iterator[str]:
    """A document with its fields: what was verified, refuted or is unknown, why, and where that stands."""
    said = status(verdicts)
    mark, colour = MARKS[said]
    yield look.style(f"{mark} {safe(title)} is {said}", colour, bold=True)
    yield from wrapped(safe(about), look, "  ")
    for verdict in verdicts:
        yield from _line(verdict, look)
    counted = counts(verdicts)
    yield "  " + ", ".join(f"{counted[word]} {word}" for word in (VERIFIED, REFUTED, UNKNOWN))
    yield ""


def _line(verdict: Verdict, look: Look) -> Iterator[str]:
    word = WORDS[verdict.holds]
    # The document is named above; what is not verified can be opened where it stands
    place = f"line {verdict.line}" if verdict.holds and verdict.line else place_of(verdict)
    lines = list(wrapped(f"{safe(verdict.field)}: {safe(verdict.why)}", look, f"  {word:8}  "))
    room = look.width - len(lines[-1]) - 3
    lines[-1:] = [f"{lines[-1]} ({place})"] if len(place) <= room else [lines[-1], f"{'':12}({place})"]
    yield look.style(lines[0][:10], MARKS[word][1]) + lines[0][10:]
    yield from lines[1:]


def place_of(verdict: Verdict) -> str:
    """``path:line`` of a verdict."""
    return safe(verdict.path) + (f":{verdict.line}" if verdict.line else "")


def counts(verdicts: Sequence[Verdict]) -> Mapping[str, int]:
    """How many verdicts say what."""
    words = [WORDS[verdict.holds] for verdict in verdicts]
    return {word: words.count(word) for word in (VERIFIED, REFUTED, UNKNOWN)}


def document(verdicts: Sequence[Verdict]) -> Mapping[str, Any]:
    """``status``, ``counts`` and ``fields`` as JSON values."""
    fields = [
        {"field": v.field, "status": WORDS[v.holds], "why": v.why, "path": v.path, "line": v.line} for v in verdicts
    ]
    return {"status": status(verdicts), "counts": counts(verdicts), "fields": plain(fields)}

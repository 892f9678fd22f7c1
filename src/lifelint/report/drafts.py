"""A draft of a document: what is lacking, what git would say of it, and whether it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.facts.proof import Verdict
from lifelint.release.draft import Draft
from lifelint.release.status import WORDS
from lifelint.report.look import Look, safe, wrapped


def render(
    draft: Draft, verdicts: Sequence[Verdict], path: str, look: Look, hindered: str = "", *, written: bool
) -> str:
    """The draft in words. ``hindered`` is what else keeps it from being written."""
    return "\n".join(_lines(draft, verdicts, path, look, hindered, written=written)) + "\n"


def _lines(
    draft: Draft, verdicts: Sequence[Verdict], path: str, look: Look, hindered: str, *, written: bool
) -> Iterator[str]:
    for lacking in draft.lacking:
        yield look.style(f"✗ {safe(lacking.field)} is lacking", "red", bold=True)
        yield from wrapped(safe(lacking.looked), look, "    ")
        yield from wrapped(safe(lacking.remedy), look, "    → ", "cyan")
    for holds, mark, colour in ((False, "✗", "red"), (None, "?", "magenta")):
        for verdict in verdicts:
            if verdict.holds is holds:
                text = f"{safe(verdict.field)} {'would be ' * (holds is False)}{WORDS[holds]}: {safe(verdict.why)}"
                yield from wrapped(text, look, f"{mark} ", colour)
    for note in draft.notes:
        yield from wrapped(safe(note), look, "! ", "yellow")
    proven = sum(verdict.holds is True for verdict in verdicts)
    if draft.lacking:
        yield f"Nothing was written: {len(draft.lacking)} of the fields of {safe(path)} could not be computed."
    elif any(verdict.holds is False for verdict in verdicts):
        yield f"Nothing was written: git refutes what {safe(path)} would say."
    elif hindered:
        yield f"Nothing was written: {hindered}."
    else:
        yield look.style(f"✓ {'' if written else 'not written (--dry-run): '}{safe(path)}", "green", bold=True) + (
            f"  {proven} of {len(verdicts)} fields verified"
        )


def document(draft: Draft, verdicts: Sequence[Verdict], path: str, *, written: bool) -> Mapping[str, Any]:
    """The draft as JSON values; ``document`` is what the file holds."""
    return {
        "schema_version": 1,
        "path": plain(path),
        "written": written,
        "document": plain(draft.document),
        "lacking": plain(list(draft.lacking)),
        "notes": plain(list(draft.notes)),
        "fields": [{"field": plain(v.field), "status": WORDS[v.holds], "why": plain(v.why)} for v in verdicts],
    }

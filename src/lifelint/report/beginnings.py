"""A beginning: as a patch with comments, as text for a terminal, as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.init.noun import Beginning, Written
from lifelint.model import LEVELS
from lifelint.report.look import Look, safe, wrapped
from lifelint.report.patch import coloured, comments, patch

_NARROW, _COLUMN = Look(100), 40
_TITLES = {
    "config": "configuration",
    "hooks": "hooks of pre-commit",
    "workflow": "check of each change",
    "baseline": "baseline",
}
_NEXT = (
    ("lifelint check", "what fails, and how far the project is"),
    ("lifelint plan", "the steps to the next level, with the command for each"),
)


def patches(beginning: Beginning, apply_: str) -> bytes:
    """The beginning as ``git apply`` takes it. ``apply_`` is the command that writes it."""
    parts: list[bytes] = []
    for one in beginning.written:
        parts += [comments(_head(one)), *map(patch, one.edits), b"\n"]
    return b"".join([*parts, comments(_tail(beginning)), comments(_next(_first(beginning, apply_), beginning))])


def shown(beginning: Beginning, apply_: str, look: Look) -> str:
    """The beginning for a terminal, which strangers' file names and contents cannot command."""
    lines: list[str] = []
    for one in beginning.written:
        lines += [*(look.style(f"# {line}", bold=True) for line in _head(one)), *coloured(one.edits, look), ""]
    tail = [*_tail(beginning), *_next(_first(beginning, apply_), beginning)]
    return "\n".join([*lines, *(f"# {line}".rstrip() for line in tail)]) + "\n"


def told(beginning: Beginning, paths: Sequence[str], add: str) -> str:
    """What was written. ``add`` is the command that adds it to the next commit, empty where there is none."""
    lines = [f"wrote {safe(path)}" for path in paths] or ["Nothing was written."]
    for one in beginning.written:
        lines += _head(one)
    step = [(add, "then commit it")] if add else []
    return "\n".join([*lines, *_tail(beginning), *_next(step, beginning)]) + "\n"


def _head(one: Written) -> Iterator[str]:
    yield f"{_TITLES[one.part]}: {', '.join(safe(edit.path) for edit in one.edits)}"
    for sentence in one.why:
        yield from wrapped(safe(sentence), _NARROW, "  ")


def _tail(beginning: Beginning) -> Iterator[str]:
    for one in beginning.left_out:
        yield from wrapped(f"No {_TITLES[one.part]}: {safe(one.why)}.", _NARROW)
    outlook = beginning.outlook
    with_it = "With it, lifelint check" if beginning.written else "lifelint check"
    yield f"{with_it} {'does not pass' if outlook.reasons else 'passes'}: {_standing(beginning)}."
    for reason in outlook.reasons:
        yield from wrapped(safe(reason), _NARROW, "  ")
    if outlook.not_judged:
        yield from wrapped(f"Not all of it was judged: {safe(outlook.not_judged)}.", _NARROW)
    if beginning.ignored:
        names = ", ".join(map(safe, beginning.ignored))
        yield from wrapped(f"Patterns in this repository make git ignore {names}: git add -f takes it.", _NARROW)


def _standing(beginning: Beginning) -> str:
    outlook = beginning.outlook
    known = f", {outlook.known} known problem{'s' * (outlook.known != 1)}" if outlook.known else ""
    which = f" of the lowest of {outlook.projects} projects" if outlook.projects > 1 else ""
    return f"level {outlook.level} ({LEVELS[outlook.level]}){which}, target {outlook.target}{known}"


def _first(beginning: Beginning, apply_: str) -> list[tuple[str, str]]:
    return [(apply_, "write what is above; then commit it")] if beginning.written else []


def _next(first: Iterable[tuple[str, str]], beginning: Beginning) -> Iterator[str]:
    steps = [*first, *_NEXT]
    width = max(len(command) for command, _ in steps if len(command) <= _COLUMN)
    yield "Next:"
    for command, meaning in steps:
        yield f"  {command.ljust(width)}  {meaning}" if len(command) <= _COLUMN else f"  {command}  # {meaning}"


def document(beginning: Beginning, *, paths: Sequence[str]) -> Mapping[str, Any]:
    """The beginning as JSON values; ``paths`` are those that were written."""
    outlook = beginning.outlook
    return {
        "schema_version": 1,
        "written": [plain(path) for path in paths],
        "proposed": [
            {
                "part": one.part,
                "paths": [plain(edit.path) for edit in one.edits],
                "why": plain(" ".join(one.why)),
                "patch": plain(b"".join(map(patch, one.edits)).decode("utf-8", "surrogateescape")),
            }
            for one in beginning.written
        ],
        "ignored": [plain(path) for path in beginning.ignored],
        "left_out": [{"part": one.part, "why": plain(one.why)} for one in beginning.left_out],
        "outlook": {
            "passes": not outlook.reasons,
            "reasons": [plain(reason) for reason in outlook.reasons],
            "projects": outlook.projects,
            "level": outlook.level,
            "target": outlook.target,
            "known": outlook.known,
            "not_judged": plain(outlook.not_judged),
        },
    }

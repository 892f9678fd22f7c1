"""Templates that were asked for by name, and the list of all: as a patch with comments, as text, as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.facts._plain import plain
from lifelint.kit.noun import Entry, Made
from lifelint.report.look import Look, safe, wrapped
from lifelint.report.patch import coloured, comments, patch

_NARROW = Look(100)


def patches(made: Made, apply_: str) -> bytes:
    """A template as ``git apply`` takes it. ``apply_`` is the command that writes it."""
    return b"".join([comments(_head(made)), *map(patch, made.edits), b"\n", comments(_tail(made, apply_))])


def shown(made: Made, apply_: str, look: Look) -> str:
    """A template for a terminal, which strangers' file names and contents cannot command."""
    head = [look.style(f"# {line}", bold=True) for line in _head(made)]
    return "\n".join([*head, *coloured(made.edits, look), "", *(f"# {line}" for line in _tail(made, apply_))]) + "\n"


def told(made: Made, paths: Sequence[str], add: str) -> str:
    """What was written. ``add`` is the command that adds it to the next commit, empty where there is none."""
    lines = [*(f"wrote {safe(path)}" for path in paths), *_head(made), *_tail(made, add)]
    return "\n".join(lines) + "\n"


def _head(made: Made) -> Iterator[str]:
    yield f"{made.name}: {', '.join(safe(edit.path) for edit in made.edits)}"
    for sentence in made.why:
        yield from wrapped(safe(sentence), _NARROW, "  ")


def _tail(made: Made, command: str) -> Iterator[str]:
    for one in made.worse:
        yield from wrapped(safe(one[:1].upper() + one[1:]) + ".", _NARROW)
    if made.ignored:
        names = ", ".join(map(safe, made.ignored))
        yield from wrapped(f"Patterns in this repository make git ignore {names}: git add -f takes it.", _NARROW)
    if command:
        yield f"Next: {command}"


def listed(entries: Sequence[Entry], look: Look) -> str:
    """The list, for a person: what can be written here, then in a line what cannot, by the reason."""
    lines: list[str] = []
    for one in (entry for entry in entries if entry.paths):
        rules = f" ({', '.join(one.rules)})" if one.rules else ""
        lines.append(look.style(one.name, bold=True))
        lines += wrapped(f"{one.about}{rules}", look, "  ")
        lines += wrapped(safe(", ".join(one.paths)), look, "  writes ")
        lines += [look.style(f"  $ {one.command}", "cyan"), ""]
    absent: dict[str, list[str]] = {}
    for one in (entry for entry in entries if not entry.paths):
        absent.setdefault(one.why, []).append(one.name)
    for why, names in absent.items():
        lines += wrapped(safe(f"{', '.join(names)}: {why}"), look, "- ", "bright_black")
    return "\n".join(lines).rstrip() + "\n"


def list_document(entries: Sequence[Entry]) -> Mapping[str, Any]:
    """The list as JSON values."""
    return {
        "schema_version": 1,
        "templates": [
            {
                "name": one.name,
                "about": one.about,
                "rules": list(one.rules),
                "paths": [plain(path) for path in one.paths],
                "command": one.command,
                "why": plain(one.why),
            }
            for one in entries
        ],
    }


def document(made: Made, *, paths: Sequence[str]) -> Mapping[str, Any]:
    """A template as JSON values; ``paths`` are those that were written."""
    return {
        "schema_version": 1,
        "name": made.name,
        "written": [plain(path) for path in paths],
        "paths": [plain(edit.path) for edit in made.edits],
        "why": plain(" ".join(made.why)),
        "worse": [plain(one) for one in made.worse],
        "ignored": [plain(path) for path in made.ignored],
        "patch": plain(b"".join(map(patch, made.edits)).decode("utf-8", "surrogateescape")),
    }

"""Whether a CODEOWNERS file says what it was written to say, by the forge that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts.owners.patterns import anchored, plain
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.owners.noun import OwnersLine

_ALL = ("*", "**", "**/*", "/**/*")
"""Patterns that match everything on both forges."""

_FORGES = {"github": "GitHub", "gitlab": "GitLab"}


def valid(codeowners: Sequence[OwnersLine]) -> Iterator[Observation]:
    """The forge passes over no file and no line, and none is undone whole by a later one with other owners."""
    for path in dict.fromkeys(line.path for line in codeowners):
        lines = [line for line in codeowners if line.path == path]
        if lines[0].whole:
            yield _passed_over(lines, [line for line in codeowners if not line.whole])
            continue
        bad = [found for found in _wrong(lines) if found is not None]
        yield from bad
        if not bad:
            detail = f"{_FORGES[lines[0].forge]} reads all of its {len(lines)} lines as they are written"
            yield Observation(True, path, detail, path)


def _passed_over(lines: Sequence[OwnersLine], read: Sequence[OwnersLine]) -> Observation:
    """What is to say of a file that the forge does not read: nothing is lost where the one it reads says the same."""
    first = lines[0]
    same = [line[3:7] for line in lines] == [line[3:7] for line in read]
    detail = f"{first.problem}, which says the same" if same else f"{first.problem}, so none of its lines counts"
    return Observation(same, first.path, detail, first.path)


def _wrong(lines: Sequence[OwnersLine]) -> Iterator[Observation | None]:
    seen: dict[str, int] = {}
    undone = _undone(lines)
    for line in lines:
        name = f"{line.path}:{f'{line.section}:' if line.section else ''}{line.pattern}"
        seen[name] = seen.get(name, 0) + 1
        subject = f"{name}#{seen[name]}" if seen[name] > 1 else name
        later = undone.get(line.line)
        if line.problem:
            detail = f"the line for {line.pattern} does not count: {line.problem}"
        elif line.malformed:
            detail = f"{line.pattern}: {line.malformed[0]} is no @user, @group, @@role or e-mail address"
        elif later is not None:
            whose = f"{' '.join(line.owners)} never {'own' if len(line.owners) > 1 else 'owns'} it"
            by = f"line {later.line} ({later.pattern}) comes after"
            detail = f"the line for {line.pattern} decides nothing: {by}, so {whose}"
        else:
            continue
        yield Observation(False, subject, detail, line.path, line.line)


def _undone(lines: Sequence[OwnersLine]) -> dict[int, OwnersLine]:
    """Number of a line → a later one that matches all that it can, whatever is in the repository, for other owners."""
    found: dict[int, OwnersLine] = {}
    later: dict[tuple[str, str], OwnersLine] = {}
    for line in reversed(lines):
        if line.problem or line.excludes:
            continue
        for covering in _covering(line):
            last = later.get((line.section, covering))
            if last is not None and not set(line.owners) <= set(last.owners):
                found[line.line] = last
        later.setdefault((line.section, _all(line)), line)
    return found


def _all(line: OwnersLine) -> str:
    """A name for what a pattern matches, the same for patterns that match the same."""
    if line.pattern in _ALL:
        return "*"
    folder = plain(line.forge, line.pattern)
    if folder and (line.forge == "github" or line.pattern.endswith("/")):
        return f"/{folder}{'/' if line.pattern.endswith('/') else ''}"
    return f"/{line.pattern.lstrip('/')}" if anchored(line.forge, line.pattern) else line.pattern


def _covering(line: OwnersLine) -> Iterator[str]:
    """The names of what matches all that a pattern does: everything, the folders around it, itself."""
    yield "*"
    yield _all(line)
    if anchored(line.forge, line.pattern):
        parts = line.pattern.strip("/").split("/")
        for count in range(1, len(parts)):
            folder = "/".join(parts[:count])
            yield f"/{folder}/"
            if line.forge == "github":
                yield f"/{folder}"
        if line.forge == "github":
            yield f"/{'/'.join(parts)}"


def current(codeowners: Sequence[OwnersLine]) -> Iterator[Observation]:
    """Each path that a line names, without wildcards and from the top, is there."""
    told: set[str] = set()
    for line in codeowners:
        subject = f"{line.path}:{line.pattern}"
        if line.there is None or line.problem or subject in told:
            continue
        told.add(subject)
        why = "is not there" if "." not in line.pattern.split("/") else "matches nothing: ./ is part of no path in git"
        detail = f"{line.pattern} is there" if line.there else f"{line.pattern} {why}, so its line owns nothing"
        yield Observation(line.there, subject, detail, line.path, line.line)

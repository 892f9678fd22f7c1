"""Which paths a pattern of a CODEOWNERS file matches.

It looks like gitignore and is not: no line takes back another, ``docs/*`` stays in its folder, and the forges differ.
GitHub: docs.github.com, "About code owners"; where that is silent, as hmarr/codeowners (``match.go``) has it. GitLab:
``ee/lib/gitlab/code_owners/file.rb``, which asks Ruby's ``File.fnmatch`` with ``FNM_DOTMATCH | FNM_PATHNAME``.
Case matters on both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from lifelint._patterns import lazy

EVERYTHING = frozenset({"*", "**", "/**", "/", "/*", "**/*", "/**/*"})
"""Patterns that are written for all paths, also where a forge takes them for fewer."""

_NOTHING = lazy(r"(?!)")
_WILD = lazy(r"[*?\[\]\\]")
"""What makes a pattern, or a segment of one, more than a name."""


class _Pattern(NamedTuple):
    """Segments between slashes: those without a wildcard as text, ``None`` for any number of folders.

    ``below``: also what lies further below.
    """

    segments: Sequence[re.Pattern[str] | str | None]
    below: bool


def matches(forge: str, pattern: str, path: str) -> bool:
    """Whether ``pattern`` matches the file ``path`` on ``forge`` (``github`` or ``gitlab``)."""
    made = _github(pattern) if forge == "github" else _gitlab(pattern)
    parts = path.split("/")
    reached = {0}  # how many parts of the path the segments so far can have used up
    for segment in made.segments:
        if segment is None:
            reached = set(range(min(reached), len(parts) + 1))
        elif isinstance(segment, str):
            reached = {at + 1 for at in reached if at < len(parts) and segment == parts[at]}
        else:
            reached = {at + 1 for at in reached if at < len(parts) and segment.match(parts[at])}
        if not reached:
            return False
    return made.below or len(parts) in reached


def plain(forge: str, pattern: str) -> str:
    """The path that ``pattern`` names from the top, without slashes around it; ``""`` for one that may match others."""
    if not anchored(forge, pattern) or _WILD.search(pattern):
        return ""
    return pattern.strip("/")


def anchored(forge: str, pattern: str) -> bool:
    """Whether ``pattern`` matches from the top of the repository only."""
    return pattern.startswith("/") or (
        forge == "github" and "/" in pattern.rstrip("/") and not pattern.startswith("**")
    )


@lru_cache(maxsize=4096)
def _github(pattern: str) -> _Pattern:
    if pattern.strip("/") == "":
        return _Pattern([_NOTHING], below=False)
    segments = pattern.split("/")
    if segments[0] == "":
        del segments[0]
    elif len(segments) == 1 or segments[1:] == [""]:
        segments.insert(0, "**")  # without a slash before its end it matches in any folder
    if segments[-2:] == ["**", ""]:
        segments.insert(-1, "*")  # some folder, not none
    folder = segments[-1] in ("", "**")  # all that lies in it, which is at least one more segment
    if folder:
        segments[-1] = "*"
    return _Pattern([*_compiled(segments, sets=False)], folder or segments[-1] != "*")


@lru_cache(maxsize=4096)
def _gitlab(pattern: str) -> _Pattern:
    if pattern == "*":
        pattern = "/**/*"
    pattern = re.sub(r"\\\s+", " ", pattern.removeprefix("\\") if pattern.startswith("\\#") else pattern)
    if not pattern.startswith("/"):
        pattern = f"/**/{pattern}"
    if pattern.endswith("/"):
        pattern = f"{pattern}**/*"
    segments = pattern.split("/")[1:]
    if segments[-1] == "**":
        segments[-1] = "*"  # Ruby takes two stars for folders only where a slash follows
    return _Pattern([*_compiled(segments, sets=True)], below=False)


def _compiled(segments: Sequence[str], *, sets: bool) -> Iterator[re.Pattern[str] | str | None]:
    for segment in segments:
        if segment == "**":
            yield None
        elif _WILD.search(segment):
            yield re.compile(translate(_for_fnmatch(segment, sets)))
        else:
            yield segment  # most are the name of a folder, and a file may have thousands of them


def _for_fnmatch(segment: str, sets: bool) -> str:
    """The same pattern in the grammar of Python's ``fnmatch``, which has no backslash and negates sets with ``!``.

    Its expressions take linear time, also for hostile patterns.
    """
    return "".join(_one(token, sets) for token in re.findall(r"\\.|\[\^|.", segment, re.DOTALL))


def _one(token: str, sets: bool) -> str:
    if token == "[^":
        return "[!" if sets else "[[]^"
    if token == "[" and not sets:
        return "[[]"
    if len(token) == 2:
        return f"[{token[1]}]" if token[1] in "*?[" else token[1]
    return token

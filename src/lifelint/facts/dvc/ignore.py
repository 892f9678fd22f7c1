"""``.dvcignore``: which paths DVC does not look at. Not ``.gitignore``, which DVC does not apply when it hashes.

Follows dvc's ``ignore.py`` over pathspec's ``GitIgnoreSpecPattern``: a pattern also matches everything below what it
names, the last matching line decides, and nothing below an ignored folder can be brought back.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_MAX_RECURSIVE = 4  # "**" in one pattern; each multiplies the ways a regex can match


class Pattern(NamedTuple):
    """One line: what it matches (paths relative to its file's folder), and whether it ignores or brings back."""

    regex: re.Pattern[str]
    ignores: bool
    only_folders: bool


def parse_dvcignore(data: bytes) -> tuple[Pattern, ...]:
    """The patterns of a ``.dvcignore``, in order."""
    return tuple(filter(None, map(_pattern, data.decode("utf-8", "replace").splitlines())))


def _pattern(line: str) -> Pattern | None:
    text = line.strip()
    if not text or text.startswith("#") or text in ("/", "!", "!/"):
        return None
    ignores = not text.startswith("!")
    text = text if ignores else text[1:]
    only_folders = text.endswith("/")
    segments = text.rstrip("/").split("/")
    if segments[0] == "":
        segments = segments[1:]
    elif len(segments) == 1:
        segments = ["**", *segments]
    # As pathspec does: "dir/" means "dir/**", and repeated "**" are one.
    segments += ["**"] if only_folders else []
    segments = [s for n, s in enumerate(segments) if s != "**" or segments[n - 1 : n] != ["**"]]
    if not segments or "" in segments or segments.count("**") > _MAX_RECURSIVE:
        return None
    if segments == ["**", "*", "**"] or (only_folders and segments == ["**"]):
        return None  # what pathspec makes of these never matches from the start of a path
    try:
        with warnings.catch_warnings():  # a set such as "[[a]" may mean something else to a later Python
            warnings.simplefilter("ignore", FutureWarning)
            return Pattern(re.compile(_regex(segments)), ignores, only_folders)
    except re.error:
        return None


def _regex(segments: Sequence[str]) -> str:
    parts: list[str] = []
    for segment in segments[:-1]:
        parts.append("(?:[^/]+/)*" if segment == "**" else f"{_segment(segment)}/")
    return "".join(parts) + (".*" if segments[-1] == "**" else _segment(segments[-1]) + "(?:/.*)?") + r"\Z"


def _segment(text: str) -> str:
    if not text.strip("*"):
        return "[^/]+"
    # Atomic groups after each star, as fnmatch does, keep the match linear.
    made, star, position = "", False, 0
    run = ""
    while position < len(text):
        char = text[position]
        position += 1
        if char == "*":
            made += f"(?>[^/]*?{run})" if star else run
            star, run = True, ""
        elif char == "?":
            run += "[^/]"
        elif char == "[":
            if "]" not in text[position + 1 :]:
                raise re.error("a range without end")
            end = text.index("]", position + 1)
            inside = text[position:end].replace("\\", "\\\\")
            run += f"[^{inside[1:]}/]" if inside[0] in "!^" else f"[{inside}]"
            position = end + 1
        elif char == "\\" and position < len(text):
            run += re.escape(text[position])
            position += 1
        else:
            run += re.escape(char)
    return made + (f"[^/]*{run}" if star else run)


@dataclass(frozen=True)
class Ignore:
    """What one DVC project ignores.

    ``root`` is its folder (``""`` for the repository's), ``below`` are nested projects, ``files`` maps the folder of
    each ``.dvcignore`` to its patterns.
    """

    root: str
    files: Mapping[str, Sequence[Pattern]]
    below: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def ignores(self, path: str, folder: bool = False) -> bool:
        """Whether DVC leaves ``path`` (relative to the repository) alone."""
        parent = path.rpartition("/")[0]
        return self._folder(parent) or (folder and path in self.below) or self._matched(path, folder)

    def _folder(self, path: str) -> bool:
        above = []
        while path and path != self.root and path not in self._known:
            above.append(path)
            path = path.rpartition("/")[0]
        ignored = self._known.get(path, False)
        for folder in reversed(above):
            ignored = ignored or folder in self.below or self._matched(folder, True)
            self._known[folder] = ignored
        return ignored

    def _matched(self, path: str, folder: bool) -> bool:
        parent = path.rpartition("/")[0]
        while True:
            for pattern in reversed(self.files.get(parent, ())):
                if pattern.only_folders and not folder:
                    continue
                relative = path[len(parent) + 1 :] if parent else path
                if pattern.regex.match(relative) or (folder and pattern.regex.match(f"{relative}/")):
                    return pattern.ignores
            if parent in ("", self.root):
                break
            parent = parent.rpartition("/")[0]
        name = path.rpartition("/")[2]
        return name == ".git" or (folder and name in (".hg", ".dvc"))

"""Globs over paths."""

from __future__ import annotations

import re
from itertools import groupby


def regex(pattern: str, *, below: bool = True) -> str:
    """A glob as a regular expression, which no pattern makes slow: ``**`` crosses folders, ``*`` and ``?`` do not.

    With ``below``, what matches a folder matches all below it too. Between two stars the leftmost match is as good as
    any other: atomic groups keep it and never try again.
    """
    segments = pattern.removeprefix("./").strip("/").split("/")
    runs = ["/".join(map(_segment, run)) for crosses, run in groupby(segments, "**".__eq__) if not crosses]
    if not runs:
        return ".*"
    anywhere = "(?:[^/]++/)*?"
    runs = [run if at == 0 and segments[0] != "**" else anywhere + run for at, run in enumerate(runs)]
    end = "/.*" if segments[-1] == "**" else "(?:/.*)?" if below else ""
    return "".join(f"(?>{run}/)" for run in runs[:-1]) + runs[-1] + end


def _segment(text: str) -> str:
    first, *more = (re.escape(part).replace(r"\?", "[^/]") for part in re.split(r"\*+", text))
    if not more:
        return first
    return first + "".join(f"(?>[^/]*?{part})" for part in more[:-1]) + f"[^/]*{more[-1]}(?![^/])"

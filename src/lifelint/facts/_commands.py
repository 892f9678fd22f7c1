"""Shell text as the commands in it: what stands where a command stands, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy

MAX_LINES = 5000

_SEPARATOR = lazy(r"(?<![>\d])&&?(?!>)|\|\|?|;|\n")
_HEREDOC = lazy(r"<<-?\s*([\"']?)([A-Za-z_][A-Za-z0-9_.-]*)\1")
_SHELL = lazy(r"(?:^|[\s/])(?:ba|z|k|da)?sh\b|\bssh\b")
_PREFIX = lazy(
    r"(?:(?:(?:then|do|else|exec|sudo(?:\s+-[EHn]+)?|time|env|nice|[({!]|\w+=(?:\"[^\"]*\"|'[^']*'|\S*)"
    r"|(?:conda|mamba|micromamba|poetry|pipenv|pdm|uv|rye) run(?: -\S+(?: [\w./]+)?){0,3})\s+|[@-](?=\w)))*"
)


class Command(NamedTuple):
    """One simple command without what stands before it (``sudo``, assignments, ``conda run -n x``)."""

    line: int
    text: str


def commands(text: str, line: int = 1) -> Iterator[Command]:
    """The commands of a shell text whose first line is ``line``. Here-documents are data, unless a shell reads them."""
    for number, whole in logical_lines(text):
        for part in _SEPARATOR.split(whole):
            bare = _PREFIX.sub("", part.strip(), count=1)
            if bare and not bare.startswith("#"):
                yield Command(line + number, bare)


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a shell text with their numbers: continued ones put together, no comments, no data."""
    whole, start, marker = "", 0, ""
    for number, line in enumerate(text.splitlines()[:MAX_LINES]):
        if marker:
            marker = "" if line.strip() == marker else marker
            continue
        if not whole:
            start = number
        if line.lstrip().startswith("#"):
            continue
        if line.rstrip().endswith("\\"):
            whole += line.rstrip()[:-1] + " "
            continue
        whole += line
        heredoc = _HEREDOC.search(whole)
        if heredoc and not _SHELL.search(whole[: heredoc.start()]):
            marker = heredoc[2]
        yield start, whole
        whole = ""
    if whole:
        yield start, whole

"""How text for a terminal looks: width, colour, and characters that must not get there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import click

from lifelint._patterns import lazy
from lifelint.facts._plain import plain

_CONTROL = lazy(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Look:
    """How the text is laid out: columns, colour, and how much is shown (-1 quiet, 0 normal, 1 verbose)."""

    width: int = 100
    colour: bool = False
    verbosity: int = 0

    def style(self, text: str, colour: str = "", *, bold: bool = False, dim: bool = False) -> str:
        """``text`` in a colour, where colours are on."""
        return click.style(text, fg=colour or None, bold=bold or None, dim=dim or None) if self.colour else text


def safe(text: str) -> str:
    """``text`` without control and bidirectional characters: file names of strangers end up on terminals."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", plain(text))


def wrapped(text: str, look: Look, prefix: str = "", colour: str = "", *, bold: bool = False) -> Iterator[str]:
    """``text`` on as many lines as it takes, the first one after ``prefix``, the others indented as far."""
    room = max(look.width - len(prefix), 30)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        yield look.style((prefix if number == 0 else " " * len(prefix)) + line, colour, bold=bold)

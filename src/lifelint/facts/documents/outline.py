"""The outline of a document while it is read: headings, labelled lines below them, and the text of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifelint.facts.documents.filling import Written
from lifelint.facts.documents.noun import LABEL


class _Open(NamedTuple):
    heading: str
    level: int
    line: int
    texts: list[str]
    marked: list[str]


class Outline:
    """Takes headings, labels and texts in their order. A text belongs to the innermost section that is open."""

    def __init__(self) -> None:
        top = _Open("", 0, 1, [], [])
        self._made, self._open = [top], [top]

    def heading(self, heading: str, level: int, line: int) -> None:
        """Starts a section; those of its level and of higher ones end."""
        self.close(level)
        one = _Open(heading, level, line, [], [])
        self._made.append(one)
        self._open.append(one)

    def text(self, text: str, marked: Sequence[str] = ()) -> None:
        """Adds text to the section that is open."""
        if text.strip():
            self._open[-1].texts.append(text)
        self._open[-1].marked.extend(marked)

    def close(self, level: int) -> None:
        """Ends the open sections of this level and of higher ones."""
        while self._open[-1].level >= max(level, 1):
            self._open.pop()

    def end_label(self) -> None:
        """Ends a labelled line that has its text; one without takes what follows."""
        if self._open[-1].level >= LABEL and self._open[-1].texts:
            self._open.pop()

    def sections(self) -> tuple[Written, ...]:
        """All sections in the order of their lines; the text before the first heading only if there is any."""
        made = self._made if self._made[0].texts else self._made[1:]
        return tuple(
            Written(one.heading, one.level, one.line, "\n".join(one.texts), tuple(dict.fromkeys(one.marked)))
            for one in made
        )

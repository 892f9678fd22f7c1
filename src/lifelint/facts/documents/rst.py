"""reStructuredText: titles and the text below each. Directives and roles are text, comments are not.

A title is a line underlined (or over- and underlined) by a punctuation character, no shorter than it; levels follow the
order in which styles appear (docutils, ref/rst/restructuredtext.html#sections).
"""

from __future__ import annotations

from itertools import takewhile

from lifelint._patterns import lazy
from lifelint.facts.documents.markdown import LARGEST, Read
from lifelint.facts.documents.noun import LABEL
from lifelint.facts.documents.outline import Outline

_ADORNMENT = lazy(r"([!-/:-@\[-`{-~])\1*")
_COMMENT = lazy(r"\.\.(?:\s(?![\w:.+-]+::|\[|_|\|)|$)")
_FIELD = lazy(r":([^:`\n]{1,48}):(?:\s+(.*))?$|\*\*([^*\n]{1,48}?):?\*\*\s*:?\s*(.*)")


def parse_rst(data: bytes) -> Read:
    """What a reStructuredText document says."""
    lines = data.decode("utf-8-sig", "replace")[:LARGEST].splitlines()
    outline, styles = Outline(), list[str]()
    at = 0
    while at < len(lines):
        over = _adorns(lines, at, at + 1) if at + 2 < len(lines) and lines[at] == lines[at + 2] else ""
        under = "" if over else _adorns(lines, at + 1, at)
        if over or under:
            style = f"{over}{over or under}"
            if style not in styles:
                styles.append(style)
            outline.heading(lines[at + bool(over)].strip(), min(styles.index(style) + 1, 6), at + 1 + bool(over))
            at += 3 if over else 2
        elif _COMMENT.match(lines[at]):
            at += 1 + len(list(takewhile(_inside, lines[at + 1 :])))
        else:
            field = _FIELD.match(lines[at])
            if field:
                outline.heading((field[1] or field[3]).strip(), LABEL, at + 1)
            outline.text((field[2] or field[4] or "") if field else lines[at])
            if not lines[at].strip():
                outline.end_label()
            at += 1
    return Read("restructuredtext", {}, outline.sections())


def _inside(line: str) -> bool:
    return not line.strip() or line[:1].isspace()


def _adorns(lines: list[str], line: int, title: int) -> str:
    """The character that a line repeats to adorn a title; nothing where it does not."""
    if line >= len(lines) or title >= len(lines) or not lines[title].strip():
        return ""
    mark = lines[line].rstrip()
    long = len(mark) >= len(lines[title].rstrip()) and len(mark) > 1
    return mark[0] if long and _ADORNMENT.fullmatch(mark) and not _ADORNMENT.fullmatch(lines[title].strip()) else ""

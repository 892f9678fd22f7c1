"""Markdown that needs no parser: headings, fences, and paragraphs and flat lists of plain words, links and code.

A document is cut before headings where nothing can be open: no list, no fence, no HTML. Each piece is read here if all
its lines are plain, and left to a parser (CommonMark 0.31, "Blocks and inlines") otherwise. Most of what people write
is plain, and a parser takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.documents.noun import ITEM


class Line(NamedTuple):
    """A line of a paragraph: its text, how much of its start is bold, and what it marks as code or links to."""

    text: str
    bold: str
    marked: tuple[str, ...]
    line: int


class Block(NamedTuple):
    """What stands apart in a piece, by its level.

    1 to 6: a heading, which has one line. 0: a paragraph, or without lines what a fence holds. ``ITEM``: a list, of
    which each item is a line.
    """

    level: int
    lines: list[Line]
    fenced: str = ""


class Piece(NamedTuple):
    """A part of a document: the number of lines before it, and its blocks, or ``None`` and its text to be parsed."""

    before: int
    blocks: Sequence[Block] | None
    text: str = ""


# Letters, digits, and punctuation that means nothing inside a line.
_BEYOND = "\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff\ue000-\U0010ffff"
"""All that is not ASCII, but for white space."""

_TEXT = f"[A-Za-z0-9 .,;:()'\"/%+=?@${_BEYOND}-]"
_LINKED = rf"\[{_TEXT}+\]\((?:https?://)?[A-Za-z0-9./_-]+\)"
_CODE = r"`(?! )[^`]+(?<! )`(?!`)"
_MARK = lazy(r"`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)")
_HEADING = lazy(rf"(#{{1,6}}) +({_TEXT}+)")
_OF_PARAGRAPH = lazy(rf"(?=[A-Za-z(\[`]){_TEXT}*(?:(?:{_LINKED}|{_CODE}){_TEXT}*)*")
"""A line that begins with a letter is no part of a list, no underline of a heading and no indented code."""

_ITEM = lazy(rf"([-*+]) ({_OF_PARAGRAPH.pattern})")

_START = lazy(r"#{1,6} ")
_FENCE = lazy(r"```[^`]*")
_ACROSS = lazy(r"\]:|[\r\0]|<(?:script|pre|style|textarea|[!?])", re.IGNORECASE)
"""What reaches over empty lines or counts elsewhere: targets of links by name, HTML that only its own end closes.

A parser takes the two controls for something else too."""


def pieces(text: str) -> Iterator[Piece]:
    """The parts of a document in their order; neighbours that need a parser are one."""
    if _ACROSS.search(text):
        yield Piece(0, None, text)
        return
    lines = text.split("\n")
    starts = _starts(lines)
    parsed = 0  # the first line of those that are left to the parser
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        blocks = _blocks(lines[start:end], start + 1)
        if blocks is not None:
            if parsed < start:
                yield Piece(parsed, None, "\n".join(lines[parsed:start]))
            yield Piece(start, blocks)
            parsed = end
    if parsed < len(lines):
        yield Piece(parsed, None, "\n".join(lines[parsed:]))


def _starts(lines: Sequence[str]) -> list[int]:
    """The first line, and each heading that stands at the margin after an empty line, outside fences.

    Nothing is open there: a list and a quotation end at such a line, a paragraph and most HTML before it. Fences are
    followed while they are as simple as most are; after any other there is no further start.
    """
    found = [0]
    fenced, empty = False, True
    for number, line in enumerate(lines):
        if "```" in line or "~~~" in line:
            if fenced and line.rstrip(" ") == "```":
                fenced = False
            elif not fenced and empty and _FENCE.fullmatch(line):
                fenced = True
            else:
                break
        elif empty and number and not fenced and _START.match(line):
            found.append(number)
        empty = not line.strip(" ")
    return found


def _blocks(lines: Sequence[str], first: int) -> list[Block] | None:
    """The blocks of lines that are all plain; ``None`` where one is not. ``first`` is the number of the first."""
    found: list[Block] = []
    inside = False  # a paragraph, or an item
    marker = ""  # of the items of the list that is open
    at = 0
    while at < len(lines):
        line, number, at = lines[at].rstrip(" "), first + at, at + 1
        if not line:
            inside = False
        elif _FENCE.fullmatch(line):
            end = next((n for n in range(at, len(lines)) if "```" in lines[n]), at)
            if end == len(lines) or lines[end].rstrip(" ") != "```":
                return None  # perhaps another end of the fence, perhaps none
            found.append(Block(0, [], "".join(f"{one}\n" for one in lines[at:end])))
            inside, marker, at = False, "", end + 1
        elif heading := _HEADING.fullmatch(line):
            found.append(Block(len(heading[1]), [Line(heading[2], "", (), number)]))
            inside, marker = False, ""
        elif item := _ITEM.fullmatch(line):
            if marker != item[1]:  # another one starts another list
                found.append(Block(ITEM, []))
            found[-1].lines.append(_line(item[2], number))
            inside, marker = True, item[1]
        elif (inside and marker) or not _OF_PARAGRAPH.fullmatch(line):
            return None  # an item that goes on, or a line that is not plain
        elif inside:
            found[-1].lines.append(_line(line, number))
        else:
            found.append(Block(0, [_line(line, number)]))
            inside, marker = True, ""
    return found


def _line(text: str, number: int) -> Line:
    if "[" not in text and "`" not in text:
        return Line(text, "", (), number)
    told, end = "", 0
    marked: list[str] = []
    for mark in _MARK.finditer(text):
        code, words, target = mark.groups()
        told += text[end : mark.start()] + (code or words)
        told += address(told, target or "")
        marked.append(code or target)
        end = mark.end()
    return Line(told + text[end:], "", tuple(marked), number)


def address(text: str, target: str) -> str:
    """What is added to a text that ends with a link: the address it leads to, unless that is told already."""
    return f" ({target})" if "://" in target and target not in text else ""

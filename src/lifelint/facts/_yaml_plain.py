"""A fast reader for YAML as machines and most workflows have it: printable ASCII, block style, and in a line a plain or
simply quoted scalar, a short list of such, or the mark of a literal block.

It either reads a document exactly as the full reader does, lines included, or declines. Lock files are large and made
of nothing else: reading them this way takes a fraction of the time and does not load libyaml. A property test holds
the two readers equal.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._yaml_values import Map, Seq, scalar

_PRINTABLE = lazy(r"[\n -~]*")
_MARKER = lazy(r"^(?:---|\.\.\.|%)", re.MULTILINE)
_LINE = lazy(
    r"( *+)(- ++)?+"
    r"(?:([A-Za-z0-9_./][A-Za-z0-9_./@+-]*+):(?: ++|(?=\n)))?+"
    r"(?:([A-Za-z_/][A-Za-z0-9_./-]*+|[0-9a-f]{32}+(?:\.dir)?+)\n|([1-9][0-9]{0,17}+)\n|(?:#[^\n]*+|([^\n]*+))\n)"
)
"""A line: indentation, dash, key, and a value that is text, a number, or something else that is looked at closer.

A comment in the place of a value is none.
"""
_QUOTED = lazy(r"""('[^']*+'|"[^"\\]*+")(?: ++#.*)?""")
_ITEM = r"""'[^'"]*+'|"[^'"\\]*+"|[A-Za-z0-9_./][A-Za-z0-9_./@+*-]*+"""
_LISTED = lazy(rf"\[ *((?:(?:{_ITEM})(?: *, *(?:{_ITEM}))*)?) *\](?: +#.*)?")
_ITEMS = lazy(_ITEM)
_INDICATORS = frozenset("-?:,[]{}#&*!|>%@`\"'")
_MAX_DEPTH, _MAX_LINES = 100, 400_000
DECLINED: Any = object()
"""What ``read`` gives for text that it leaves to the full reader."""


class _Declined(Exception):
    """The text is not of the simple kind."""


def read(text: str) -> Any:
    """The one document of ``text``, or ``DECLINED``."""
    if not _PRINTABLE.fullmatch(text) or _MARKER.search(text) or text.count("\n") > _MAX_LINES:
        return DECLINED
    reader = _Reader(text)
    try:
        reader.lines(_LINE.findall(f"{text}\n"))
        return reader.end()
    except _Declined:
        return DECLINED


class _Reader:
    """The collections that are open, outermost first, each with its column; and a key that waits for its value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._after = 0  # the line after the last literal block
        self._open: list[tuple[int, Any]] = []
        self._root: Any = DECLINED
        self._waiting: tuple[Map, Any, int] | None = None

    def lines(self, lines: list[tuple[str, str, str, str, str, str]]) -> None:
        """Takes the lines of a document."""
        names: dict[str, Any] = {}
        for number, (indent, dash, key, word, digits, other) in enumerate(lines, 1):
            if number < self._after:
                continue
            if word:
                value = scalar(word)
            elif digits:
                value = int(digits)
            elif other:
                value = self._value(number, len(indent) + len(dash), other.rstrip(" "))
            elif key:
                value = DECLINED
            elif dash:
                raise _Declined
            else:
                continue
            column, item = len(indent), dash != ""
            made = self._at(number, column, item)
            if item:
                made.lines.append(number)
                if not key:
                    made.append(value)
                    continue
                made.append(made := Map(number))
                self._enter(column + len(dash), made)
            elif not key:
                raise _Declined
            if key not in names:
                names[key] = scalar(key)
            self._pair(number, made, names[key], value)

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def _value(self, number: int, column: int, text: str) -> Any:
        """What stands on a line behind the dash or key before or at ``column``."""
        first = text[0]
        if first == "|":
            return self._block(number, column, text)
        if first == "[":
            return _listed(text, number)
        if first in ("'", '"'):
            return _quoted(text)
        if first in _INDICATORS and not (first == "-" and len(text) > 1 and text[1] != " "):
            raise _Declined
        bare = text.partition(" #")[0].rstrip(" ")
        if ": " in bare or bare[-1] == ":":
            raise _Declined
        return scalar(bare)

    def _block(self, number: int, column: int, mark: str) -> str:
        """The literal block below a line; its lines are not looked at again."""
        lines = self._lines
        first = lines[number] if number < len(lines) else ""
        begin = len(first) - len(first.lstrip(" "))
        if mark not in ("|", "|-") or begin <= column or begin == len(first):
            raise _Declined
        start, end = " " * begin, number
        while end < len(lines) and (not lines[end] or lines[end].startswith(start)):
            end += 1
        kept, rest = [line[begin:] for line in lines[number:end]], lines[end : end + 1]
        # Blanks may belong to it, and whether a break ends the last line of all matters.
        if any(map(str.isspace, (*kept, *rest))) or not (rest or lines[-1] == ""):
            raise _Declined
        if rest and len(rest[0]) - len(rest[0].lstrip(" ")) > column:
            raise _Declined
        self._after = end + 1
        text = "\n".join(kept).rstrip("\n")
        return text if mark == "|-" else f"{text}\n"

    def end(self) -> Any:
        """The document, once all lines are taken."""
        if self._waiting:
            self._fill(self._waiting, None, self._waiting[2])
        return self._root

    def _at(self, number: int, column: int, item: bool) -> Any:
        """The collection that a line at ``column`` belongs to."""
        if self._waiting is not None:
            self._settle(number, column, item)
        opened = self._open
        if not opened or opened[-1][0] != column or item is not (type(opened[-1][1]) is Seq):
            self._find(number, column, item)
        return opened[-1][1]

    def _settle(self, number: int, column: int, item: bool) -> None:
        """Gives the waiting key its value: what this line opens below it, or nothing."""
        assert self._waiting is not None
        waiting, self._waiting = self._waiting, None
        outer = self._open[-1][0]
        if column > outer or (item and column == outer):
            below = Seq(number) if item else Map(number)
            self._fill(waiting, below, number)
            self._enter(column, below)
        else:
            self._fill(waiting, None, waiting[2])

    def _find(self, number: int, column: int, item: bool) -> None:
        """Closes what a line at ``column`` ends, until the collection that it belongs to is the last one open."""
        opened = self._open
        while opened and opened[-1][0] >= column:
            if opened[-1][0] == column and (item or type(opened[-1][1]) is not Seq):
                break
            opened.pop()
        if not opened:
            if self._root is not DECLINED:
                raise _Declined
            self._root = Seq(number) if item else Map(number)
            opened.append((column, self._root))
        if opened[-1][0] != column or item is not (type(opened[-1][1]) is Seq):
            raise _Declined

    def _enter(self, column: int, below: Any) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise _Declined
        self._open.append((column, below))

    def _pair(self, number: int, made: Map, key: Any, value: Any) -> None:
        if key in made:
            raise _Declined
        made.lines[key] = number
        if value is DECLINED:
            made[key] = None  # keeps the order of keys; the value follows
            self._waiting = made, key, number
        else:
            made[key] = value
            made.value_lines[key] = number

    @staticmethod
    def _fill(waiting: tuple[Map, Any, int], value: Any, line: int) -> None:
        made, key, _ = waiting
        made[key] = value
        made.value_lines[key] = line


def _quoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if not quoted:
        raise _Declined
    return quoted[1][1:-1]


def _listed(text: str, number: int) -> Seq:
    listed = _LISTED.fullmatch(text)
    if not listed:
        raise _Declined
    made = Seq(number)
    for item in _ITEMS.findall(listed[1]):
        made.append(item[1:-1] if item[0] in "'\"" else scalar(item))
        made.lines.append(number)
    return made

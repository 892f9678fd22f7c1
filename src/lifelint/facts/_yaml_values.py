"""The values of YAML documents: collections that know their lines, and scalars by the 1.2 resolver of ruamel.yaml."""

from __future__ import annotations

import re
from functools import cache
from math import isinf
from typing import Any

_INT = r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9_]+)"
_FLOAT = (
    r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DIGEST = r"[0-9a-fA-F]{32,}"
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_STARTS_NUMBER = frozenset("+-.0123456789")

LONGEST_INT = 14_000
"""Bits of a number: those of more than 4300 decimal digits cannot be written as text (``int.__repr__``)."""


class Map(dict[Any, Any]):
    """A mapping; ``line`` is its own, ``lines[key]`` that of a key, ``value_lines[key]`` that of the key's value."""

    __slots__ = ("line", "lines", "value_lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}
        self.value_lines: dict[Any, int] = {}


class Seq(list[Any]):
    """A sequence; ``line`` is its own, ``lines[i]`` that of item ``i``."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def scalar(text: str) -> Any:
    """The value of a plain scalar by the 1.2 resolver described above."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER or _pattern(_DIGEST).fullmatch(text):
        return text
    try:
        if _pattern(_INT).fullmatch(text):
            return _integer(text.replace("_", ""))
        if _pattern(_FLOAT).fullmatch(text):
            return _float(text)
    except ValueError:  # "_" alone, "0x_", or more digits than Python converts
        return text
    return text


@cache
def _pattern(text: str) -> re.Pattern[str]:
    # Not compiled at once: a hook over a pointer as DVC writes it needs none of them.
    return re.compile(text)


def _integer(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2])
    made = int(digits[2:], base) if base else int(digits)
    if made.bit_length() > LONGEST_INT:
        raise ValueError
    return sign * made


def _float(text: str) -> float | str:
    number = text.replace("_", "").lower()
    if number.endswith(("inf", "nan")):
        return float(number.replace(".", ""))
    return text if isinf(made := float(number)) else made  # 12e4567 is a short digest, not infinity

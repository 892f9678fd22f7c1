"""TOML, and the lines that tomli does not give."""

from __future__ import annotations

import re
from typing import Any

from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode


def load(data: bytes) -> dict[str, Any]:
    """The document of ``data``.

    Raises:
        Unreadable: not UTF-8 or not TOML 1.0; it carries the line.
    """
    import tomli

    text = decode(data)
    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        why = getattr(error, "msg", None) or str(error).split(" (at ")[0] or "it is nested too deeply"
        raise Unreadable(f"is not valid TOML: {why}", line) from None


_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def key_lines(data: bytes) -> dict[str, int]:
    """Where each table and key of a TOML document is written.

    Keys are dotted paths without quotes (``tool.poetry.dependencies``); the n-th table of an array of tables is
    ``package.n`` counted from 0. A line scan, made for locating values that ``load`` has already accepted: it skips
    multi-line strings and arrays, and does not look inside inline tables.
    """
    table, lines, counts, inside = "", {}, {}, ""  # type: ignore[var-annotated]
    depth = 0
    for number, line in enumerate(decode(data).splitlines(), 1):
        if inside:
            if inside in line:
                inside = ""
            continue
        if depth > 0:
            depth += _brackets(line)
            continue
        header = _HEADER.match(line)
        if header and "=" not in line.split("#")[0]:
            table = ".".join(part.strip("\"'") for part in _PART.findall(header[2]))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}.{counts[table]}"
            lines.setdefault(table, number)
            continue
        pair = _PAIR.match(line)
        if pair:
            key = ".".join(part.strip("\"'") for part in _PART.findall(pair[1]))
            lines.setdefault(f"{table}.{key}" if table else key, number)
            rest = line[pair.end() :]
            inside = next((q for q in ('"""', "'''") if rest.count(q) % 2), "")
            depth = 0 if inside else _brackets(rest)
    return lines


def _brackets(line: str) -> int:
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", line)
    return bare.count("[") - bare.count("]")


def line_of(data: bytes, needle: str, start: int = 1) -> int:
    """The first line at or after ``start`` that holds ``needle``; ``start`` itself when none does."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines()[start - 1 :], start):
        if needle in line:
            return number
    return start

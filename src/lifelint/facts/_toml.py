"""TOML, and the lines that tomli does not give."""

from __future__ import annotations

from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._json import too_deep
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import MAX_DEPTH, decode

_LONG = lazy(r"0[xob][0-9A-Fa-f_]{3500}")


def load(data: bytes) -> dict[str, Any]:
    """The document of ``data``.

    Raises:
        Unreadable: not UTF-8, not TOML, or nested past the bound; it carries the line where there is one.
    """
    import tomli

    text = decode(data)
    try:
        document = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        line = getattr(error, "lineno", 0)
        why = getattr(error, "msg", None) or str(error).split(" (at ")[0]
        raise Unreadable(f"is not valid TOML: {why}", line) from None
    except RecursionError:
        raise Unreadable(f"is nested more than {MAX_DEPTH} levels deep") from None
    except ValueError:
        raise Unreadable("holds a number with more digits than can be read") from None
    if _LONG.search(text):  # tomli bounds decimal numbers only
        raise Unreadable("holds a number with more digits than can be read")
    # As few signs open no more levels, and are counted in a fraction of the time.
    if sum(map(text.count, "[{.")) >= MAX_DEPTH and too_deep(document):
        raise Unreadable(f"is nested more than {MAX_DEPTH} levels deep")
    return document


# Lines -------------------------------------------------------------------------------------------------------------

_KEY = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_DOTTED = rf"{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY})*+"
_STATEMENT = lazy(rf"[ \t]*+(?:(?P<header>\[\[?+)[ \t]*+(?P<table>{_DOTTED})[ \t]*+\]|(?P<key>{_DOTTED})[ \t]*+=)")
_PART = lazy(_KEY)
_TOKEN = lazy(
    r'"""(?:[^"\\]|\\[\s\S]|""?(?!"))*+"{3,5}'
    r"|'''(?:[^']|''?(?!'))*+'{3,5}"
    r"""|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|#[^\n]*+|[\[{]|[\]}]|\n"""
)


def key_lines(data: bytes) -> dict[str, int]:
    """Where each table and key of a TOML document is written.

    Keys are dotted paths without quotes (``tool.poetry.dependencies``); the n-th table of an array of tables is
    ``package.n`` counted from 0, and what stands below it starts with that. Made for locating values that ``load`` has
    already accepted; it does not look inside inline tables.
    """
    text = decode(data)
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    position, number = 0, 1
    while position < len(text):
        statement = _STATEMENT.match(text, position)
        if statement is None:
            end = _line_end(text, position)
        elif statement["header"]:
            table = _resolved(_parts(statement["table"]), counts, again=statement["header"] == "[[")
            lines.setdefault(table, number)
            end = _line_end(text, statement.end())
        else:
            key = ".".join(_parts(statement["key"]))
            lines.setdefault(f"{table}.{key}" if table else key, number)
            end = _value_end(text, statement.end())
        number += text.count("\n", position, end + 1)
        position = end + 1
    return lines


def _parts(dotted: str) -> list[str]:
    if '"' not in dotted and "'" not in dotted:
        return [part.strip(" \t") for part in dotted.split(".")]
    return [part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(dotted)]


def _resolved(parts: list[str], counts: dict[str, int], *, again: bool) -> str:
    """The path of a table with the number of its element after each array of tables; ``again`` begins an element."""
    path = ""
    for part in parts[:-1]:
        path = f"{path}.{part}" if path else part
        if path in counts:
            path = f"{path}.{counts[path]}"
    path = f"{path}.{parts[-1]}" if path else parts[-1]
    if again:
        counts[path] = counts.get(path, -1) + 1
        path = f"{path}.{counts[path]}"
    return path


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _value_end(text: str, start: int) -> int:
    """The end of the line on which the value that begins at ``start`` ends."""
    end = _line_end(text, start)
    first = text[start:end]
    if not ("[" in first or "{" in first or '"""' in first or "'''" in first):
        return end
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.start()
    return len(text)


def line_of(data: bytes, needle: str, start: int = 1) -> int:
    """The first line at or after ``start`` that holds ``needle``; ``start`` itself when none does."""
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n")[start - 1 :], start):
        if needle in line:
            return number
    return start

"""What a Python file imports when it is run or imported: module-level statements only, by AST."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lifelint.facts._source import Unreadable

MAX_SIZE = 2 * 1024 * 1024


@dataclass(frozen=True)
class Import:
    """One module-level import. ``level`` counts the dots of a relative one; ``names`` are those after ``import``."""

    module: str
    level: int
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Imports:
    """All of a file; ``why`` says what is in the way, and at which line, where a newer Python may find some."""

    found: tuple[Import, ...] = ()
    why: str = ""
    line: int = 0


def parse_imports(data: bytes) -> Imports:
    """The imports that certainly happen, none where it is no Python. Those in functions and under ``if`` or ``try``
    may not happen."""
    from lifelint.facts._python import Newer, parse

    if len(data) > MAX_SIZE:
        return Imports()
    try:
        return Imports(tuple(_found(parse(data).body)))
    except Newer as error:
        return Imports((), error.message, error.line)
    except Unreadable:
        return Imports()


def _found(body: list[Any]) -> Iterator[Import]:
    import ast

    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, 0, (), node.lineno)
        elif isinstance(node, ast.ImportFrom):
            yield Import(node.module or "", node.level, tuple(alias.name for alias in node.names), node.lineno)
        elif isinstance(node, ast.With):
            yield from _found(node.body)

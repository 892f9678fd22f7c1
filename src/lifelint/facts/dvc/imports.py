"""What a Python file imports when it is run or imported: module-level statements only, by AST."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
    """All of a file; ``readable`` is false where it is not Python this version understands."""

    found: tuple[Import, ...] = ()
    readable: bool = True


def parse_imports(data: bytes) -> Imports:
    """The imports that certainly happen. Those in functions and under ``if`` or ``try`` may not."""
    import ast

    if len(data) > MAX_SIZE:
        return Imports(readable=False)
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Imports(readable=False)
    return Imports(tuple(_found(tree.body)))


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

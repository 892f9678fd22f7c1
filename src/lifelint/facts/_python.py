"""What every reader of Python asks: its syntax tree, which statements there are, and what names are imported as."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator

from lifelint.facts._source import Unreadable

MAX_NODES = 400_000
"""A larger program is not looked through."""


class Newer(Unreadable):
    """A program that a newer Python may read: what it says is unknown, and not nothing."""


def parse(code: bytes | str) -> ast.Module:
    """The syntax tree of a program, without type parameters where this Python does not know them.

    Raises:
        Newer: it is not Python here, but may be to a newer one; with the line.
        Unreadable: it is not Python that this interpreter can parse; with the line.
    """
    try:
        return _tree(code)
    except SyntaxError as error:
        return _again(code, error)
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable(_NOT_HERE) from None


_NOT_HERE = "is not Python that this interpreter can parse"


def _tree(code: bytes | str) -> ast.Module:
    with warnings.catch_warnings():  # what Python says of odd escapes is for those who run the program
        warnings.simplefilter("ignore")
        return ast.parse(code)


def _again(code: bytes | str, error: SyntaxError) -> ast.Module:
    from lifelint.facts._newer import hint, plainer

    text = code if isinstance(code, str) else code.decode("utf-8-sig", "replace")
    plain = plainer(text)
    if plain != text:
        try:
            return _tree(plain)
        except SyntaxError as other:
            error = other
        except (ValueError, RecursionError, MemoryError):
            pass
    why = hint(error)
    if why:
        raise Newer(f"{_NOT_HERE}; {why}", error.lineno or 0) from None
    raise Unreadable(_NOT_HERE, error.lineno or 0) from None


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement, outer ones first. There are ten times as many nodes, and none of the others is asked for."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                waiting += inner
        if isinstance(node, ast.stmt):
            yield node


def nodes(tree: ast.AST) -> list[ast.AST] | None:
    """All nodes in the order of ``ast.walk`` but for contexts (``Load``), in half its time; ``None`` for too many."""
    found = [tree]
    for node in found:
        for value in node.__dict__.values():
            if isinstance(value, list):
                found += [inner for inner in value if isinstance(inner, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                found.append(value)
        if len(found) > MAX_NODES:
            return None
    return found


def imported(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Local name → dotted name, for all imports among ``nodes``. Relative ones are left out."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names

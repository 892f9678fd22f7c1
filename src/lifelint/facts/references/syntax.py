"""Calls and addresses in Python, by its syntax tree: nothing is imported, and a name is followed one step at most."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._python import imported
from lifelint.facts._python import nodes as every
from lifelint.facts._python import parse as syntax_tree
from lifelint.facts._source import Unreadable
from lifelint.facts.references.addresses import HOLE, SCHEMES


class Dynamic:
    """The value of an expression that only a run knows."""


DYNAMIC = Dynamic()


class Call(NamedTuple):
    """A call: the dotted name it is made by, with import aliases resolved, and what is given, as far as it is literal.

    ``chain`` holds the calls that it is a method of, outermost first (``a.b(1).c(2)``: c has the chain b).
    """

    name: str
    line: int
    args: Sequence[Any]
    keywords: Mapping[str, Any]
    chain: Sequence[Call] = ()
    spread: bool = False

    def given(self, position: int, *names: str) -> Any:
        """The argument at a position or of a name; ``None`` where it is not given, ``DYNAMIC`` where a ``**`` may."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        if 0 <= position < len(self.args):
            return self.args[position]
        return DYNAMIC if self.spread else None


class Module(NamedTuple):
    """What a file calls, the addresses among its literals, and the names of modules it imports."""

    calls: Sequence[Call]
    addresses: Sequence[tuple[int, str]]
    imports: frozenset[str]
    written: frozenset[str]


_WRITES = lazy(r"(?:write|save|to_|put|upload|push|export|dump|log_|insert|mkdir|makedirs|register|copy_to)")
_OUTPUT = lazy(r"(?i)(?:^|_)(?:out|output|dest|destination|target|sink|save|write|upload|result|export)s?(?:_|$)")


def parse(data: bytes) -> Module:
    """What a Python file says.

    Raises:
        Unreadable: it is not Python that this version understands, or it is too large a tree; with the line.
    """
    tree = syntax_tree(data)
    nodes = every(tree)
    if nodes is None:
        raise Unreadable("is too large a program to look through")
    names = imported(nodes)
    reader = _Reader(names, _constants(tree))
    calls = [reader.call(node) for node in nodes if isinstance(node, ast.Call)]
    silent = _silent(nodes)
    addresses = [
        (node.lineno, text)
        for node in nodes
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in silent
        if (text := reader.text(node)) and text.startswith(SCHEMES) and text.split() == [text]
    ]
    written = {
        text
        for call in calls
        if _WRITES.match(call.name.rpartition(".")[2])
        for text in (*call.args, *call.keywords.values())
        if isinstance(text, str)
    }
    written |= {
        text
        for call in calls
        for name, text in call.keywords.items()
        if isinstance(text, str) and name in ("output_dir", "save_dir", "output_path", "local_dir", "hub_model_id")
    }
    return Module(calls, addresses, frozenset(name.split(".")[0] for name in names.values()), frozenset(written))


def _constants(tree: ast.Module) -> dict[str, Any]:
    """Names that the module itself gives one literal value, if only where no variable of the environment says else."""
    found: dict[str, Any] = {}
    for node in tree.body:
        value = getattr(node, "value", None)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                given = _default(value)
                found[target.id] = given.value if given is not None and target.id not in found else DYNAMIC
    return found


def _default(value: ast.expr | None) -> ast.Constant | None:
    """The literal that a value is, or falls back to: ``os.getenv("MODEL", "org/name")``."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and len(value.args) == 2:
        owner = value.func.value
        of_environment = value.func.attr == "getenv" or (
            value.func.attr == "get" and isinstance(owner, ast.Attribute) and owner.attr == "environ"
        )
        value = value.args[1] if of_environment else None
    return value if isinstance(value, ast.Constant) else None


def _silent(nodes: Sequence[ast.AST]) -> set[int]:
    """Literals that are no references: docstrings, parts of f-strings, what is written to, names of outputs."""
    found: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Expr):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found.update(id(part) for part in node.values)
        elif isinstance(node, ast.Call):
            func = node.func
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if _WRITES.match(name) or name in ("startswith", "print", "ArgumentParser", "add_argument", "help"):
                found.update(id(value) for value in (*node.args, *(k.value for k in node.keywords)))
        elif isinstance(node, ast.Assign):
            if any(_OUTPUT.search(getattr(target, "id", getattr(target, "attr", ""))) for target in node.targets):
                found.add(id(node.value))
        elif isinstance(node, ast.keyword) and node.arg and (_OUTPUT.search(node.arg) or node.arg == "help"):
            found.add(id(node.value))
        elif isinstance(node, ast.Compare):
            found.update(id(value) for value in (node.left, *node.comparators))
    return found


class _Reader:
    """Reads expressions of one file."""

    def __init__(self, names: Mapping[str, str], constants: Mapping[str, Any]) -> None:
        self._names, self._constants = names, constants

    def call(self, node: ast.Call) -> Call:
        """A call with the chain of calls it hangs on."""
        name, chain = self._dotted(node.func)
        keywords = {k.arg: self.value(k.value) for k in node.keywords if k.arg}
        spread = any(k.arg is None for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args)
        args = [self.value(arg) for arg in node.args if not isinstance(arg, ast.Starred)]
        return Call(name, node.lineno, args, keywords, chain, spread)

    def _dotted(self, node: ast.expr) -> tuple[str, Sequence[Call]]:
        """A dotted name; one that starts with a call or anything else starts with a dot."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        tail = "".join(f".{part}" for part in reversed(parts))
        if isinstance(node, ast.Name):
            return self._names.get(node.id, f"{node.id}" if not tail else f".{node.id}") + tail, ()
        if isinstance(node, ast.Call):
            made = self.call(node)
            return tail, (made, *made.chain)
        return tail, ()

    def value(self, node: ast.expr) -> Any:
        """A literal's value, following a module's constant once; ``DYNAMIC`` for anything else."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self._constants.get(node.id, DYNAMIC)
        if isinstance(node, ast.JoinedStr):
            return self.text(node) or DYNAMIC
        if isinstance(node, ast.Dict):
            return {
                key.value: self.value(item)
                for key, item in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
        return DYNAMIC

    def text(self, node: ast.AST) -> str:
        """A string, with a hole for each part of an f-string that a run fills."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.JoinedStr):
            return "".join(
                part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else HOLE
                for part in node.values
            )
        return ""

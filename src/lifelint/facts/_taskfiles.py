"""Files of tasks: makefiles, justfiles, ``mise.toml``, ``[tool.poe.tasks]``, ``tox.ini`` and ``noxfile.py``."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _toml
from lifelint.facts._commands import Command, commands
from lifelint.facts._python import parse as syntax_tree
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode

_RECIPE = lazy(r"([A-Za-z0-9_./-]+)(?:\s+[*+$]?[\w./%-]+(?:='[^']*'|=\"[^\"]*\"|=[\w.-]+)?)*\s*:(?!=)\s*([^=#\n]*)")
_SESSION = {"install": ["pip", "install"], "conda_install": ["conda", "install"], "run": []}


class Task(NamedTuple):
    """A named task: what it needs first, and its commands."""

    needs: tuple[str, ...]
    commands: tuple[Command, ...]


def parse_script(data: bytes) -> tuple[Command, ...]:
    """The commands of a shell script."""
    return tuple(commands(decode(data)))


def parse_makefile(data: bytes) -> dict[str, Task]:
    """The rules of a makefile or justfile: prerequisites and the lines of the recipe, without what either expands."""
    tasks: dict[str, Task] = {}
    current = ""
    body: list[tuple[int, str]] = []

    def close() -> None:
        if current and body:
            text = "\n".join(re.sub(r"^\s*[@-]*", "", line) for _, line in body)
            made = tuple(commands(text, body[0][0]))
            tasks[current] = tasks[current]._replace(commands=(*tasks[current].commands, *made))
        body.clear()

    for number, line in enumerate(decode(data).splitlines(), 1):
        if line.startswith(("\t", "  ")) and current:
            body.append((number, line))
            continue
        match = _RECIPE.match(line) if not line.startswith((".", "#")) else None
        if match or (line.strip() and not line.startswith("#")):
            close()
            current = match[1] if match else ""
        if match:
            tasks.setdefault(current, Task(tuple(match[2].split()), ()))
        elif body:
            body.append((number, ""))
    close()
    return tasks


def parse_mise(data: bytes) -> dict[str, Task]:
    """``[tasks]`` of ``mise.toml`` (mise.jdx.dev, "TOML tasks")."""
    document = _toml.load(data)
    tasks = document.get("tasks")
    made = {}
    for name, task in tasks.items() if isinstance(tasks, dict) else ():
        run = task.get("run") if isinstance(task, dict) else task
        needs = task.get("depends", ()) if isinstance(task, dict) else ()
        made[name] = Task(_texts(needs), _lined(data, run))
    return made


def parse_poe(data: bytes) -> dict[str, Task]:
    """``[tool.poe.tasks]`` (poethepoet.natn.io, "Task types")."""
    document = _toml.load(data)
    found: Any = document
    for key in ("tool", "poe", "tasks"):
        found = found.get(key) if isinstance(found, dict) else None
    made = {}
    for name, task in found.items() if isinstance(found, dict) else ():
        given = (task.get("cmd") or task.get("shell")) if isinstance(task, dict) else task
        sequence = task.get("sequence", ()) if isinstance(task, dict) else task if isinstance(task, list) else ()
        needs = (*_texts(task.get("deps", ()) if isinstance(task, dict) else ()), *_texts(sequence))
        made[name] = Task(needs, _lined(data, given if not isinstance(given, list) else None))
    return made


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)) if value else ()


def _lined(data: bytes, run: Any) -> tuple[Command, ...]:
    """Commands given as texts of a TOML file, with the line where the first line of each is found."""
    lines = decode(data).splitlines()
    found: list[Command] = []
    for text in _texts(run):
        first = text.strip().splitlines()[0] if text.strip() else ""
        at = next((n for n, line in enumerate(lines, 1) if first and first in line), 1)
        found += commands(text.strip(), at)
    return tuple(found)


def parse_tox(data: bytes) -> dict[str, Task]:
    """``deps`` and ``commands`` of the environments of ``tox.ini``; what tox substitutes stays as written."""
    text = decode(data)
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable(
            f"is not an INI file: {str(error).splitlines()[0]}", getattr(error, "lineno", 0) or 0
        ) from None
    lines = text.splitlines()
    made = {}
    for section in parser.sections():
        if section.split(":")[0] != "testenv":
            continue
        found: list[Command] = []
        for item in parser[section].get("deps", "").splitlines():
            if item.strip() and not item.strip().startswith(("#", "-", "{")):
                at = next((n for n, line in enumerate(lines, 1) if item.strip() in line), 1)
                bare = item.strip() if ": " not in item else item.partition(": ")[2].strip()
                found.append(Command(at, f"pip install {shlex.quote(bare)}"))
        for item in parser[section].get("commands", "").splitlines():
            at = next((n for n, line in enumerate(lines, 1) if item.strip() and item.strip() in line), 1)
            found += commands(item, at)
        made[section.partition(":")[2] or "testenv"] = Task((), tuple(found))
    return made


def parse_nox(data: bytes) -> dict[str, Task]:
    """``session.install(…)`` and ``session.run(…)`` with literal arguments, by function of a ``noxfile.py``."""
    tree = syntax_tree(decode(data))
    made = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        found = []
        for node in ast.walk(function):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            before = {"install": ["pip", "install"], "conda_install": ["conda", "install"], "run": []}.get(
                node.func.attr
            )
            if before is not None and words and len(words) == len(node.args):
                found.append(Command(node.lineno, shlex.join([*before, *words])))
        made[function.name] = Task((), tuple(found))
    return made

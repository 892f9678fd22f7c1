"""What a command leads to: scripts, and tasks of make, just, mise, tox, nox and poe whose file is in the tree."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._commands import Command
from lifelint.facts._source import Source
from lifelint.facts._taskfiles import parse_makefile, parse_mise, parse_nox, parse_poe, parse_script, parse_tox

MAX_DEPTH, MAX_TASKS = 4, 200

_SCRIPT = lazy(r"[\w./-]+\.(?:sh|bash)")
_LEADS = lazy(r"\.(?:sh|bash)\b|\b(?:g?make|just|mise|tox|nox|poe)\b")
"""What a command holds that leads anywhere. To take all of them apart as a shell does would take much longer."""


class Step(NamedTuple):
    """A command with the file it stands in."""

    path: str
    command: Command


def followed(source: Source, folder: str, command: Command) -> Iterator[Step]:
    """The commands that one leads to in files of the tree, those below it included, each task once."""
    waiting = [(folder, command, 0)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        where, current, depth = waiting.pop(0)
        for path, name in _led_to(source, where, current.text):
            if (path, name) in seen or depth >= MAX_DEPTH or len(seen) >= MAX_TASKS:
                continue
            seen.add((path, name))
            for found in _commands_of(source, path, name):
                yield Step(path, found)
                waiting.append((posixpath.dirname(path) if not path.endswith(".sh") else where, found, depth + 1))


def _led_to(source: Source, folder: str, text: str) -> Iterator[tuple[str, str]]:
    if not _LEADS.search(text):
        return
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return
    if not words:
        return
    program, rest = posixpath.basename(words[0]), words[1:]
    if program in ("bash", "sh", "zsh", "source", "."):
        script = next((word for word in rest if not word.startswith("-")), "")
    else:
        script = words[0]
    if _SCRIPT.fullmatch(script):
        path = _at(source, folder, script)
        if path:
            yield path, ""
    elif program in _FILES:
        yield from _tasks(source, folder, program, rest)


_FILES = {
    "make": ("Makefile", "makefile", "GNUmakefile"), "gmake": ("Makefile",), "just": ("justfile", "Justfile"),
    "mise": ("mise.toml", ".mise.toml"), "tox": ("tox.ini",), "nox": ("noxfile.py",), "poe": ("pyproject.toml",),
}  # fmt: skip
_VALUED = {"make": ("-C", "-f", "-j"), "tox": ("-e", "-c"), "nox": ("-s", "-e", "-f"), "just": ("-f",), "mise": ("-C",)}


def _tasks(source: Source, folder: str, program: str, words: list[str]) -> Iterator[tuple[str, str]]:
    names: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in _VALUED.get(program, ()):
            value = next(rest, "")
            if word == "-C":
                folder = posixpath.normpath(posixpath.join(folder, value))
            elif word in ("-e", "-s"):
                names += value.split(",")
        elif not word.startswith("-") and "=" not in word and program not in ("tox", "nox"):
            names.append(word)
    if program == "mise":
        names = names[1:] if names[:1] in (["run"], ["r"]) else []
    path = next((found for name in _FILES[program] if (found := _at(source, folder, name))), "")
    for name in names or ([""] if program in ("make", "just", "tox", "nox") else []) if path else ():
        yield path, name


def _at(source: Source, folder: str, name: str) -> str:
    path = posixpath.normpath(posixpath.join(folder, name))
    return path if source.is_file(path) else ""


def _commands_of(source: Source, path: str, name: str) -> tuple[Command, ...]:
    if path.endswith((".sh", ".bash")):
        return source.parse(path, parse_script) or ()
    base = posixpath.basename(path)
    parser = (
        parse_mise if base.endswith("mise.toml") else parse_poe if base == "pyproject.toml"
        else parse_tox if base == "tox.ini" else parse_nox if base == "noxfile.py" else parse_makefile
    )  # fmt: skip
    tasks = source.parse(path, parser) or {}
    # Without a name make and just run the first task, tox and nox all of them.
    every = list(tasks) if parser in (parse_tox, parse_nox) else list(tasks)[:1]
    wanted = [name] if name else every
    found: list[Command] = []
    seen: set[str] = set()
    while wanted and len(seen) < MAX_TASKS:
        task = wanted.pop(0)
        if task in tasks and task not in seen:
            seen.add(task)
            wanted += tasks[task].needs
            found += tasks[task].commands
    return tuple(found)

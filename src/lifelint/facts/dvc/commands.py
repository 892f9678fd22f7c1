"""Which files a stage's command names: a cautious reading of shell text, which never runs anything."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from posixpath import join, normpath
from typing import NamedTuple

from lifelint._patterns import lazy

MAX_LENGTH = 20_000
_SIMPLE = lazy(r"[A-Za-z0-9_./=:,@%+ -]*")  # what is split at blanks and nowhere else
_OPERATORS = frozenset(";()|&") | {"&&", "||", "|&", ";;"}
_REDIRECTS = lazy(r"[<>&0-9]*[<>]+[&|]?")
_PYTHON = lazy(r"(?:.*/)?(?:python|pypy)[0-9.]*(?:\.exe)?")
_ASSIGNMENT = lazy(r"[A-Za-z_]\w*=(.*)", re.DOTALL)
_MODULE = lazy(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
# Commands that name files without depending on what is in them.
_NOT_READING = frozenset(
    ("echo", "printf", "rm", "mkdir", "touch", "chmod", "chown", "git", "dvc", "test", "[", "export", "pip", "conda")
)


class Named(NamedTuple):
    """A path that a command names, relative to the repository, or with ``module`` a Python module (``pkg.train``).

    ``roots`` are the folders where Python would look for modules first.
    """

    path: str
    module: str
    roots: tuple[str, ...]


def named(cmd: str | Sequence[str], wdir: str) -> Iterator[Named]:
    """Every path and module that the commands of a stage name. Text with quoting errors names nothing."""
    for line in [cmd] if isinstance(cmd, str) else cmd:
        if len(line) > MAX_LENGTH:
            continue
        if _SIMPLE.fullmatch(line):
            yield from _of_tokens(line.split(), wdir)
            continue
        lexer = shlex.shlex(line.replace("\\\n", " ").replace("\n", " ; "), posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        lexer.commenters = ""
        try:
            tokens = list(lexer)
        except ValueError:
            continue
        yield from _of_tokens(tokens, wdir)


def _of_tokens(tokens: Sequence[str], wdir: str) -> Iterator[Named]:
    folder, command = wdir, list[str]()
    for token in [*tokens, ";"]:
        if token not in _OPERATORS:
            command.append(token)
            continue
        if command[:1] == ["cd"] and len(command) == 2:
            folder = normpath(join(folder, command[1]))
        elif command:
            yield from _of_command(command, folder)
        command = []


def _of_command(command: list[str], folder: str) -> Iterator[Named]:
    roots: list[str] = []
    while command and (match := _ASSIGNMENT.fullmatch(command[0])):
        if command[0].startswith("PYTHONPATH="):
            roots += [normpath(join(folder, part)) for part in match[1].split(":") if part and "$" not in part]
        command = command[1:]
    if not command or command[0] in _NOT_READING:
        return
    python = next((n for n, token in enumerate(command) if _PYTHON.fullmatch(token)), None)
    skip = notebook = False
    for number, token in enumerate(command):
        if skip or _REDIRECTS.fullmatch(token):
            # The word after ">" is written, the one after "<" is read; what is written is no dependency.
            skip = not skip and ">" in token
            continue
        previous = command[number - 1] if number else ""
        if previous == "-m" and python is not None and python < number and _MODULE.fullmatch(token):
            yield Named("", token, (folder, *roots))
            continue
        value = token.partition("=")[2] if token.startswith("-") else token
        if value.endswith(".ipynb"):
            # Of several notebooks, papermill and nbconvert read the first and write the others.
            if notebook:
                continue
            notebook = True
        if value and "$" not in value and "`" not in value and "://" not in value and not value.startswith(("/", "~")):
            yield Named(normpath(join(folder, value)), "", tuple(roots))

"""In which folder of the repository a command runs, as far as the text that holds it tells.

A folder is a path from the repository's root, ``""`` for the root. One that the text does not tell (``$DIR``, ``~``,
``/opt``, what lies above the root) is kept as written, and ``is_told`` says so.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._commands import logical_lines

MAX_VARIANTS = 100

_ROOT = lazy(
    r"(?:\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|BITBUCKET_CLONE_DIR|TRAVIS_BUILD_DIR|BUILDKITE_BUILD_CHECKOUT_PATH"
    r"|WORKSPACE|CI_WORKSPACE|DRONE_WORKSPACE|BUILD_SOURCESDIRECTORY|SYSTEM_DEFAULTWORKINGDIRECTORY)\}?"
    r"|\$\{\{\s*github\.workspace\s*\}\}|\$\((?:Build\.SourcesDirectory|Build\.Repository\.LocalPath"
    r"|System\.DefaultWorkingDirectory)\)|\$\(gitrev-parse--show-toplevel\)|~/project)(?=/|$)"
)
"""Where each system puts the repository, by the names that its manual gives."""

_OPEN = lazy(r"[$~*?{}%`<>\\()\n]|^/|^\.\.(?:/|$)|://")
_SEPARATOR = lazy(r"(?<![>\d])&&?(?!>)|\|\|?|;")
_INNER = lazy(r"(?:sudo\s+)?[\w./]*?(?:ba|da|z|k)?sh\s+-\w*c\s+[\"']")
_BEFORE = lazy(r"(?:(?:then|do|else|if|time|exec|[!{])\s+|[({@])*")
_EXPRESSION = lazy(r"\$?\{\{[^{}\n]*\}\}|<<[^<>\n]*>>|\$\(git rev-parse --show-toplevel\)")
"""What is one word for those who wrote it, with blanks in it."""

_NAME = lazy(r"\$\{\{\s*([\w.-]+)\s*\}\}|\$\{(\w+)\}|\$(\w+)|\$\((\w+)\)|\{\{\s*(matrix(?:\.[\w-]+)?)\s*\}\}")
"""An expression of GitHub, a variable of a shell, one of Azure Pipelines, and what Buildkite puts in."""


class Variant(NamedTuple):
    """A command as it is run with some values of its matrix: ``folder`` where it starts, ``text`` what is run."""

    folder: str
    text: str


class Part(NamedTuple):
    """A simple command as written, with the number of its line and the ``folder`` in which it runs."""

    line: int
    text: str
    folder: str


def is_told(folder: str) -> bool:
    """Whether a folder is one of the repository."""
    return not _OPEN.search(folder)


def below(folder: str, above: str) -> bool:
    """Whether ``folder`` is ``above`` or lies in it."""
    return not above or folder == above or folder.startswith(f"{above}/")


def joined(folder: str, path: str) -> str:
    """The folder that ``path`` means in ``folder``."""
    path = path.strip()
    root = _ROOT.match(path)
    if root:
        folder, path = "", path[root.end() :].lstrip("/")
    if not is_told(folder):
        return folder
    if _OPEN.search(path) and not path.startswith(".."):
        return path if path.startswith(("/", "~")) or not folder else f"{folder}/{path}"
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found


def words_of(text: str) -> list[str]:
    """The words of a simple command, as a shell takes it apart."""
    text = _EXPRESSION.sub(lambda match: match[0].replace(" ", ""), text)
    try:
        return shlex.split(text, comments=True)
    except ValueError:  # a quote that ends in another part
        return [word.strip("\"'") for word in text.split()]


class _Shell:
    """Where a shell is: its folder, those to come back to, and those of the shells around it."""

    def __init__(self, folder: str) -> None:
        self.folder = self._last = folder
        self._pushed: list[str] = []
        self._around: list[str] = []
        self._quotes: list[str] = []

    def parts(self, text: str) -> Iterator[Part]:
        """Goes through a text, and gives its simple commands."""
        for number, line in logical_lines(text):
            for piece in _SEPARATOR.split(line):
                if piece.strip():
                    yield Part(number, piece.strip(), self.run(piece))

    def run(self, text: str) -> str:
        """The folder in which a simple command runs; that of ``cd`` is where it leads."""
        bare = text.strip()
        before = _BEFORE.match(bare)
        rest = bare[before.end() :] if before else bare
        opened = before[0].count("(") if before else 0
        closed = max(0, bare.count(")") - bare.count("(") + opened)
        inner = _INNER.match(rest)
        if inner:  # a shell that is given a text is in a folder of its own
            self._quotes.append(inner[0][-1])
            opened, rest = opened + 1, rest[inner.end() :]
        self._around += [self.folder] * opened
        self._go(rest)
        here = self.folder
        if self._quotes and rest.rstrip(") ").endswith(self._quotes[-1]):
            self._quotes.pop()
            closed += 1
        for _ in range(min(len(self._around), closed)):
            self.folder = self._around.pop()
        return here

    def _go(self, text: str) -> None:
        if not text.startswith(("cd", "pushd", "popd", "Set-Location")):
            return
        words = words_of(text)
        if not words or words[0] not in ("cd", "pushd", "popd", "Set-Location"):
            return
        if words[0] == "popd":
            target = self._pushed.pop() if self._pushed else "~"
        else:
            given = next((word for word in words[1:] if word == "-" or not word.startswith("-")), "~")
            target = self._last if given == "-" else joined(self.folder, _closed(given))
        if words[0] == "pushd":
            self._pushed.append(self.folder)
        self._last, self.folder = self.folder, target


def _closed(word: str) -> str:
    """A word without the end of the shell that it stands in."""
    return word.rstrip(")") if "(" not in word else word


def parts(folder: str, text: str) -> Iterator[Part]:
    """The simple commands of a shell text that starts in ``folder``, as they are written."""
    return _Shell(folder).parts(text)


def ended(folder: str, text: str) -> str:
    """Where a shell is after a text that it started in ``folder``."""
    if "cd" not in text and "pushd" not in text and "Set-Location" not in text:
        return folder
    shell = _Shell(folder)
    for _ in shell.parts(text):
        pass
    return shell.folder


def variants(folder: str, text: str, values: Sequence[Mapping[str, str]]) -> tuple[Variant, ...]:
    """A command with each of these sets of ``values`` (``matrix.x``, ``env.X``) put in; none where it names none."""
    said = {_named(match) for written in (folder, text) if "$" in written or "{{" in written
            for match in _NAME.finditer(written)}  # fmt: skip
    if not any(said & one.keys() for one in values):
        return ()
    used = {tuple((name, one[name]) for name in sorted(said & one.keys())): None for one in values}
    made = (Variant(joined("", filled(folder, dict(one))), filled(text, dict(one))) for one in used)
    found = tuple(dict.fromkeys(made))
    return found if len(found) <= MAX_VARIANTS else ()


def _named(match: re.Match[str]) -> str:
    if match[1] or match[5]:
        return match[1] or match[5]
    return f"env.{match[2] or match[3] or match[4]}"


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with these values in place of what names them."""
    return _NAME.sub(lambda match: values.get(_named(match), match[0]), text)

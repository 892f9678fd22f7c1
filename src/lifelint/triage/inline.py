"""Waivers in comments, beside what they accept: ``# lifelint: waive[RULE] reason; until 2027-01-31``.

A comment behind something accepts what is found at its line, one on a line of its own what is found at the next line
that is no comment, and one above everything else also what is found of the file as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from lifelint.facts import Source
from lifelint.model import Rule, Waiver

if TYPE_CHECKING:
    from lifelint.triage.waivers import Standing

SIGN = b"lifelint: waive"
_SUFFIXES = (
    ".py", ".pyi", ".r", ".jl", ".sh", ".smk", ".nf", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".conf", ".txt", ".in",
    ".tf", ".hcl", ".sql", ".dvc", ".dvcignore", ".gitattributes", ".gitignore", ".lfsconfig", ".containerfile",
)  # fmt: skip
_NAMES = ("dockerfile", "containerfile", "makefile", "gnumakefile", "snakefile", "pipfile", "justfile", "mlproject")
# Compiled where they are used: a hook reads this to find that nothing is waived.
_MARK = r"#|//|--|;|%"
_FOUND = rf"(?P<before>.*?)(?:{_MARK})\s*lifelint: waive(?P<said>.*)"
_SAID = r"\[(?P<rules>[^\]]*)\]\s*(?P<reason>.*?)\s*;\s*until\s+(?P<until>\d{4}-\d\d-\d\d)\s*"
_COMMENT = rf"\s*(?:(?:{_MARK}).*)?"
_FORM = "it must read `lifelint: waive[RULE] reason; until YYYY-MM-DD`"


def commented(path: str) -> bool:
    """Whether a file of this name has comments in which a waiver is looked for."""
    name = path[path.rfind("/") + 1 :].lower()
    return name.endswith(_SUFFIXES) or name.startswith(_NAMES) or name.endswith(".dockerfile")


def found(source: Source, paths: Iterable[str], rules: Iterable[Rule]) -> list[Waiver | Standing]:
    """The waivers in comments of these files. ``rules`` are those that can be waived there."""
    asked = [path for path in paths if commented(path)]
    holding = source.holding(asked, [SIGN.decode()]) if asked else ()
    names = {name for rule in rules for name in (rule.id, *rule.was)}
    read = ((path, data) for path, data in source.snapshot.read(holding) if isinstance(data, bytes) and SIGN in data)
    return [one for path, data in read for one in waivers(path, data, names)]


def waivers(path: str, data: bytes, known: Collection[str]) -> Iterator[Waiver | Standing]:
    """The waivers in a file's comments; one that is not understood with what is wrong, as *malformed*.

    ``known`` are the names of rules that judge states: a change is excused by the configuration of its base alone.
    """
    lines = data.decode("utf-8", "surrogateescape").splitlines()
    texts = _texts(data) if path.endswith((".py", ".pyi")) else ()
    first = next((number for number, line in enumerate(lines, 1) if not re.fullmatch(_COMMENT, line)), len(lines) + 1)
    for number, line in enumerate(lines, 1):
        found = re.fullmatch(_FOUND, line) if "lifelint: waive" in line else None
        if found is None or number in texts:
            continue
        covers = [number]
        if not found["before"].strip():
            below = (n for n in range(number + 1, len(lines) + 1) if not re.fullmatch(_COMMENT, lines[n - 1]))
            covers += [*islice(below, 1), *([0] if number < first else ())]
        yield from _read(path, number, found["said"], covers, known)


def _texts(data: bytes) -> Collection[int]:
    """The lines of Python code that are inside a text or end one: what looks like a comment there is none."""
    import io
    import tokenize

    found: set[int] = set()
    began: list[int] = []  # from Python 3.12 on, an f-string is many tokens
    signed = False
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            kind, first = tokenize.tok_name[token.type], token.start[0]
            signed |= kind != "COMMENT" and "lifelint: waive" in token.string
            if kind.endswith("STRING_START"):
                began.append(first)
            elif kind.endswith("STRING_END"):
                first = began.pop()
            if signed and not began:
                found.update(range(first, token.end[0] + 1))
                signed = False
    except (SyntaxError, tokenize.TokenError, ValueError):
        return found  # up to where it is code
    return found


def _read(
    path: str, line: int, said: str, covers: Sequence[int], known: Collection[str]
) -> Iterator[Waiver | Standing]:
    parts = re.fullmatch(_SAID, said)
    names = [name.strip() for name in parts["rules"].split(",")] if parts else []
    wrong = _wrong(parts["reason"] if parts else "", parts["until"] if parts else "", names, known)
    if wrong or parts is None:
        from lifelint.triage.waivers import Standing

        yield Standing(Waiver(", ".join(names), "*", wrong, "", "", line, path), "malformed")
        return
    for name in names:
        yield Waiver(name, "*", parts["reason"], "", parts["until"], line, path, tuple(covers))


def _wrong(reason: str, until: str, names: Sequence[str], known: Collection[str]) -> str:
    """What is wrong with a waiver, or nothing."""
    if not names or not reason:
        return _FORM
    for name in names:
        if name not in known:
            from lifelint._words import suggest

            return f"there is no rule {name!r} that judges files{suggest(name, known)}"
    from datetime import date

    try:
        date.fromisoformat(until)
    except ValueError:
        return f"{until} is no day of the calendar"
    return ""

"""Steps that text files declare: Snakemake, Nextflow, Make and shell scripts. Read line by line, never run.

Formats: Snakemake's grammar (``rule name:`` with indented sections), Nextflow DSL2 (``process name { … }``), make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._yaml import decode
from lifelint.facts.data.formats import words


class Found(NamedTuple):
    """A step without its place and tool."""

    line: int
    name: str
    runs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


_RULE = lazy(r"^([ \t]*)(?:rule|checkpoint)[ \t]+(\w+)[ \t]*:")
_SECTION = lazy(r"^[ \t]+(\w+)[ \t]*:")
_STRING = lazy(r"(?:\"\"\"([\s\S]*?)\"\"\"|\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)')")
_OF_RULE = lazy(r"\b(?:rules|checkpoints)\.(\w+)\.")
_RUNNING = ("script", "shell", "notebook", "run", "wrapper")


def snakemake(data: bytes) -> list[Found]:
    """The rules of a Snakefile. ``reads`` and ``makes`` are the literal paths of ``input`` and ``output``."""
    found: list[Found] = []
    sections: dict[str, str] = {}
    name, line, indent, section = "", 0, "", ""

    def end() -> None:
        if name:
            text = {key: tuple(_strings(value)) for key, value in sections.items()}
            runs = tuple(item for key in _RUNNING for item in text.get(key, ()))
            after = tuple(dict.fromkeys(_OF_RULE.findall(sections.get("input", ""))))
            found.append(Found(line, name, runs, text.get("input", ()), text.get("output", ()), after))

    for number, written in enumerate(decode(data).splitlines(), 1):
        rule = _RULE.match(written)
        if rule:
            end()
            indent, name, line, section, sections = rule[1], rule[2], number, "", {}
        elif written.strip() and not written.lstrip().startswith("#") and name:
            if len(written) - len(written.lstrip()) <= len(indent):
                end()
                name = ""
                continue
            head = _SECTION.match(written)
            section = head[1] if head else section
            sections[section] = f"{sections.get(section, '')}\n{written[head.end() :] if head else written}"
    end()
    return found


def _strings(text: str) -> Iterator[str]:
    return (next((group for group in match if group), "") for match in _STRING.findall(text))


_PROCESS = lazy(r"^[ \t]*process[ \t]+['\"]?(\w+)['\"]?[ \t]*\{", re.MULTILINE)
_INCLUDE = lazy(r"^[ \t]*include[ \t]*\{([^}]*)\}", re.MULTILINE)
_CALL = lazy(r"\b([A-Z][A-Z0-9_]{2,})[ \t]*\(")
_OUTPUT_OF = lazy(r"\b([A-Z][A-Z0-9_]{2,})\.out\b")


def nextflow(data: bytes) -> list[Found]:
    """The processes of a Nextflow file, and those that its workflows call with what other processes put out."""
    text = decode(data)
    text = re.sub(r"//[^\n]*", "", re.sub(r"/\*[\s\S]*?\*/", lambda found: "\n" * found[0].count("\n"), text))
    lines = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _PROCESS.finditer(text)}
    for included in _INCLUDE.finditer(text):
        for name in re.findall(r"(?:as[ \t]+)?(\w+)[ \t]*(?:;|\n|$)", included[1]):
            lines.setdefault(name, text.count("\n", 0, included.start()) + 1)
    after: dict[str, dict[str, None]] = {name: {} for name in lines}
    for call in _CALL.finditer(text):
        if call[1] in after:
            given = _bracketed(text, call.end() - 1)
            after[call[1]] |= dict.fromkeys(name for name in _OUTPUT_OF.findall(given) if name in lines)
    return [Found(line, name, after=tuple(after[name])) for name, line in lines.items()]


def _bracketed(text: str, start: int) -> str:
    depth = 0
    for at in range(start, min(len(text), start + 5000)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return text[start:at]
    return ""


def _joined(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines with those that a backslash continues put together, each with the number of its first."""
    start, parts = 0, list[str]()
    for number, line in enumerate(decode(data).splitlines(), 1):
        start = start or number
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield start, " ".join(parts)
            start, parts = 0, []
    if parts:
        yield start, " ".join(parts)


_TARGET = lazy(r"^([^\s:=#][^:=#]*?)[ \t]*::?(?!=)[ \t]*([^=#;]*?)[ \t]*(?:#.*|;.*)?$")


def make(data: bytes) -> list[Found]:
    """The targets of a Makefile that have a recipe or prerequisites. A target is what it makes, too."""
    found: dict[str, Found] = {}
    names: list[str] = []
    for number, written in _joined(data):
        if written.startswith("\t"):
            for name in names:
                found[name] = found[name]._replace(runs=(*found[name].runs, written.strip().lstrip("@-+")))
            continue
        target = _TARGET.match(written)
        if target is None:
            names = [] if written.strip() and not written.startswith(("#", " ")) else names
            continue
        names = [name for name in target[1].split() if not name.startswith(".") and "%" not in name]
        needs = tuple(part for part in target[2].split() if "$" not in part and part != "|")
        for name in names:
            old = found.get(name, Found(number, name, makes=(name,)))
            found[name] = old._replace(reads=(*old.reads, *needs))
    return [one for one in found.values() if one.runs or one.reads]


_TOOLS = words("pip venv virtualenv ensurepip unittest pytest build twine http/server site")
_PYTHON = lazy(r"(?!#).*(?:python|torchrun|accelerate)")


def shell(data: bytes) -> list[Found]:
    """The programs that a shell script runs, one after the other: each is a step after all before it."""
    from lifelint.facts.dvc.commands import named

    found: list[Found] = []
    for number, written in _joined(data):
        line = written.strip()
        if (
            not line
            or line.startswith("#")
            or ("python" not in line and "torchrun" not in line and "accelerate" not in line)
        ):
            continue
        for item in named(line, ""):
            program = item.module.replace(".", "/") if item.module else item.path if item.path.endswith(".py") else ""
            if program and program not in _TOOLS and "*" not in program and all(one.name != program for one in found):
                before = tuple(one.name for one in found)
                found.append(Found(number, program, (program,), after=before))
    return found

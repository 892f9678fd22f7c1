"""Dockerfiles taken apart as BuildKit does (docs.docker.com ``reference/dockerfile``): instructions, not images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._yaml import decode

MAX_LINES = 20_000
INSTRUCTIONS = frozenset(
    {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    }
)  # fmt: skip
_DIRECTIVE = lazy(r"#\s*(syntax|escape|check)\s*=\s*(\S+)\s*$", re.IGNORECASE)
_HEREDOC = lazy(r"<<-?\s*([\"']?)([A-Za-z_][A-Za-z0-9_.-]*)\1")
_VARIABLE = lazy(r"\$(?:\{(?P<name>\w+)(?P<more>(?::?[-+?]|[#%/])[^}]*)?\}|(?P<bare>\w+))")


class Instruction(NamedTuple):
    """One instruction with its line; ``heredoc`` holds the bodies of its here-documents."""

    line: int
    name: str
    arguments: str
    heredoc: str = ""


class Dockerfile(NamedTuple):
    """The instructions in order; empty for a text that is no Dockerfile."""

    instructions: tuple[Instruction, ...]


def parse_dockerfile(data: bytes) -> Dockerfile:
    """The instructions of ``data``, none when it is a template or some other text."""
    found = tuple(_instructions(decode(data)))
    first = next((i.name for i in found), "")
    known = sum(i.name in INSTRUCTIONS for i in found)
    templated = any("{{" in i.arguments or "{%" in i.arguments for i in found if i.name in ("FROM", "ARG", "{%"))
    if first not in ("FROM", "ARG") or known < len(found) or templated:
        return Dockerfile(())
    return Dockerfile(found)


def _instructions(text: str) -> Iterator[Instruction]:
    lines = text.splitlines()[:MAX_LINES]
    escape = _escape(lines)
    number = 0
    while number < len(lines):
        start, whole = number, ""
        while number < len(lines):
            line = lines[number].rstrip()
            number += 1
            if line.lstrip().startswith("#") or not line.strip():
                if whole or not line.strip() or line.lstrip().startswith("#"):
                    start += not whole
                    if number < len(lines):
                        continue
                break
            if line.endswith(escape):
                whole += line[:-1] + " "
                continue
            whole += line
            break
        if not whole.strip():
            continue
        name, _, arguments = whole.strip().partition(" ")
        bodies: list[str] = []
        if name.upper() in ("RUN", "COPY", "ADD"):
            for _, marker in _HEREDOC.findall(arguments):
                while number < len(lines) and lines[number].strip() != marker:
                    bodies.append(lines[number])
                    number += 1
                number += 1
        yield Instruction(start + 1, name.upper(), arguments.strip(), "\n".join(bodies))


def _escape(lines: list[str]) -> str:
    for line in lines:
        match = _DIRECTIVE.match(line.strip())
        if not match:
            return "\\"
        if match[1].lower() == "escape" and match[2] in ("`", "\\"):
            return match[2]
    return "\\"


def expand(text: str, values: Mapping[str, str | None]) -> str | None:
    """``text`` with its variables substituted, ``None`` when one has no value that is known here."""
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        name, more = match["name"] or match["bare"], match["more"] or ""
        known = values.get(name)
        if more.startswith((":-", "-")):
            return known or more.lstrip(":")[1:]
        if more.startswith((":+", "+")):
            return more.lstrip(":")[1:] if known else ""
        if known is None or (more and not more.startswith((":?", "?"))):
            unknown = True
            return ""
        return known

    made = _VARIABLE.sub(value, text)
    return None if unknown or "$" in made else made


def argument(instruction: Instruction) -> Iterator[tuple[str, str | None]]:
    """The names and defaults of an ``ARG``."""
    for match in re.finditer(r"(\w+)(?:=(\"[^\"]*\"|'[^']*'|\S*))?", instruction.arguments):
        default = match[2]
        yield match[1], default.strip("\"'") if default is not None else None


def option(arguments: str, name: str) -> str:
    """The value of a flag such as ``--from=``, empty without it."""
    match = re.match(rf"(?:--\S+\s+)*?--{name}=(\S+)", arguments)
    return match[1].strip("\"'") if match else ""

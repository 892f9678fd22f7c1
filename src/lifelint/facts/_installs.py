"""``pip install`` in the ``RUN`` instructions of Dockerfiles: what is installed besides manifests and locks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from lifelint.facts._dockerfile import Instruction, argument, expand, parse_dockerfile
from lifelint.facts.environment.pip_files import parse_requirements

MAX_COMMAND = 20_000

# Only what stands where a command stands: `echo pip install x` installs nothing.
_COMMAND = re.compile(
    r"(?:(?:then|do|else|exec|sudo|time|env|!|[({]|\w+=\S*|(?:conda|micromamba) run(?: -\S+(?: [\w./]+)?){0,3})\s+)*"
    r"(?:\S*/)?(?:uv\s+pip|pip3?(?:\.\d+)?|python[\d.]*\s+-m\s+pip)\s+(?:-\S+\s+)*install\s+(.*)",
    re.DOTALL,
)
_FLAGS = re.compile(
    r"--(?:no-[a-z-]+|upgrade|user|pre|system|force-reinstall|ignore-installed|require-hashes|quiet|verbose|verify-hashes|"
    r"prefer-binary|compile|compile-bytecode|reinstall|break-system-packages|disable-pip-version-check|editable|all-extras|"
    r"refresh|strict|exact|offline|native-tls)|-[qUvIe]+"
)


class InstallLine(NamedTuple):
    """One thing that one command installs. ``exact`` is ``None`` where it depends on what is not known here."""

    line: int
    name: str
    written: str
    exact: bool | None
    why: str


def parse_installs(data: bytes) -> tuple[InstallLine, ...]:
    """Everything the ``RUN`` instructions of a Dockerfile install with pip by name."""
    found: list[InstallLine] = []
    values: dict[str, str | None] = {}
    for instruction in parse_dockerfile(data).instructions:
        if instruction.name == "ARG":
            for name, default in argument(instruction):
                values[name] = expand(default, values) if default is not None else values.get(name)
        elif instruction.name == "ENV":
            for name, default in argument(instruction):
                values[name] = expand(default, values) if default is not None else None
        elif instruction.name == "RUN":
            for command in _commands(instruction):
                found += _installed(instruction.line, command, values)
    return tuple(found)


def _commands(instruction: Instruction) -> Iterator[str]:
    text = re.sub(r"^(?:--\S+\s+)+", "", instruction.arguments[:MAX_COMMAND])
    if text.startswith("["):
        text = " ".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
    for part in re.split(
        r"(?<![>\d])&&?(?!>)|\|\|?|;|\n", f"{text}\n{instruction.heredoc}" if instruction.heredoc else text
    ):
        match = _COMMAND.match(part.strip())
        if match:
            yield match[1]


def _installed(line: int, command: str, values: dict[str, str | None]) -> Iterator[InstallLine]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return
    targets: list[str] = []
    options: list[str] = []
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            options.append(word.partition("=")[0])
            if "=" not in word and not _FLAGS.fullmatch(word):
                next(rest, None)
        elif re.fullmatch(r"\d?[<>]{1,2}", word):
            next(rest, None)
        elif not re.match(r"\d?[<>]{1,2}[\w&/.]", word):
            targets.append(word)
    given = {"-c", "--constraint", "--constraints", "--find-links", "-f", "--no-index", "--override"} & set(options)
    for target in targets:
        yield from _target(line, target, bool(given), values)


def _target(line: int, target: str, elsewhere: bool, values: dict[str, str | None]) -> Iterator[InstallLine]:
    resolved = expand(target, values)
    if resolved is None or "`" in target:
        yield InstallLine(line, target, target, None, "it is substituted when the image is built")
        return
    if resolved.startswith((".", "/", "~")) or (resolved.endswith((".whl", ".tar.gz")) and "://" not in resolved):
        return
    for made in parse_requirements(resolved.encode()).requirements:
        if made.exact is False and elsewhere:
            yield InstallLine(line, made.name, target, None, "constraints or a folder of wheels decide its version")
        else:
            yield InstallLine(line, made.name, target, made.exact, made.why)

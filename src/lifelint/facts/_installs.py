"""Commands that install packages by name, with pip or conda: what is installed besides manifests and locks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._commands import Command, commands
from lifelint.facts._dockerfile import Instruction, argument, expand, parse_dockerfile
from lifelint.facts._source import Unreadable
from lifelint.facts.environment.pip_files import parse_requirements

MAX_COMMAND = 20_000

# Only what stands where a command stands: `echo pip install x` installs nothing.
_PIP = lazy(
    r"(?:\S*/)?(?:uv\s+pip|pip3?(?:\.\d+)?|[\"']?\S*?python[\d.]*[\"']?\s+-m\s+pip)\s+(?:-\S+\s+)*install\s+(.*)",
    re.DOTALL,
)
_CONDA = lazy(r"(?:\S*/)?(?:conda|mamba|micromamba)\s+(?:-\S+\s+)*(?:install|create)\s+(.*)", re.DOTALL)
_FLAGS = {
    "pip": lazy(
        r"--(?:no-[a-z-]+|upgrade|user|pre|system|force-reinstall|ignore-installed|require-hashes|quiet|verbose|"
        r"verify-hashes|prefer-binary|compile|compile-bytecode|reinstall|break-system-packages|editable|all-extras|"
        r"disable-pip-version-check|refresh|strict|exact|offline|native-tls|dry-run|use-pep517)|-[qUvIe]+"
    ),
    "conda": lazy(
        r"--(?:yes|quiet|override-channels|freeze-installed|update-deps|update-all|no-[a-z-]+|only-deps|all|verbose|"
        r"strict-channel-priority|force-reinstall|copy|offline|json|debug|satisfied-skip-solve|use-local)|-[yqvmC]+"
    ),
}
_QUOTING = frozenset("'\"\\#")
_ELSEWHERE = {"-c", "--constraint", "--constraints", "--find-links", "-f", "--no-index", "--override"}


class InstallLine(NamedTuple):
    """One thing that one command installs. ``exact`` is ``None`` where it depends on what is not known here."""

    line: int
    tool: str
    name: str
    written: str
    exact: bool | None
    why: str


def parse_installs(data: bytes) -> tuple[InstallLine, ...]:
    """Everything the ``RUN`` instructions of a Dockerfile install by name."""
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
            for command in run_commands(instruction):
                found += installed(command, values)
    return tuple(found)


def run_commands(instruction: Instruction) -> Iterator[Command]:
    """The commands of a ``RUN`` instruction, all with its line."""
    text = re.sub(r"^(?:--\S+\s+)+", "", instruction.arguments[:MAX_COMMAND])
    if text.startswith("["):
        text = " ".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))
    for part in (text, instruction.heredoc):
        yield from (Command(instruction.line, command.text) for command in commands(part))


def installed(command: Command, values: Mapping[str, str | None]) -> Iterator[InstallLine]:
    """What one command installs by name; ``values`` are the variables known where it runs."""
    if "install" not in command.text and "create" not in command.text:
        return  # most commands: a search for a word is much faster than one for a pattern
    tool, match = "pip", _PIP.match(command.text[:MAX_COMMAND])
    if match is None:
        tool, match = "conda", _CONDA.match(command.text[:MAX_COMMAND])
    if match is None:
        return
    try:
        words = words_of(match[1])
    except ValueError:
        return
    targets: list[str] = []
    options: set[str] = set()
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            options.add(word.partition("=")[0])
            if "=" not in word and not _FLAGS[tool].fullmatch(word):
                next(rest, None)
        elif re.fullmatch(r"\d?[<>]{1,2}", word):
            next(rest, None)
        elif not re.match(r"\d?[<>]{1,2}[\w&/.]", word):
            targets.append(word)
    for target in targets:
        yield from _target(command.line, tool, target, bool(_ELSEWHERE & options), values)


def words_of(text: str) -> list[str]:
    """The words of a command as a shell takes them, without comments.

    Raises:
        ValueError: a quotation does not end.
    """
    # shlex looks at each character, and most commands quote nothing.
    if text.isascii() and text.isprintable() and _QUOTING.isdisjoint(text):
        return text.split()
    return shlex.split(text, comments=True)


def _target(
    line: int, tool: str, target: str, elsewhere: bool, values: Mapping[str, str | None]
) -> Iterator[InstallLine]:
    resolved = None if "${{" in target or "{{" in target else expand(target, values)
    if resolved is None or set("`(){}") & set(resolved):
        yield InstallLine(line, tool, target, target, None, "it is substituted when the command runs")
        return
    if resolved.startswith((".", "/", "~")) or (resolved.endswith((".whl", ".tar.gz")) and "://" not in resolved):
        return
    if tool == "conda":
        yield from _spec(line, resolved, target)
        return
    for made in parse_requirements(resolved.encode()).requirements:
        if made.exact is False and elsewhere:
            why = "constraints or a folder of wheels decide its version"
            yield InstallLine(line, tool, made.name, target, None, why)
        else:
            yield InstallLine(line, tool, made.name, target, made.exact, made.why)


def _spec(line: int, resolved: str, target: str) -> Iterator[InstallLine]:
    from lifelint.facts.environment.conda import match_spec

    try:
        made = match_spec(resolved, line)
    except Unreadable:
        return
    yield InstallLine(line, "conda", made.name, target, made.exact, made.why)

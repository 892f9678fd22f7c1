"""Which checks the commands of a job run: tests, pipelines, evaluations, ``lifelint check``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.checks.steps import RUNNERS
from lifelint.facts.ci import UNKNOWN

if TYPE_CHECKING:
    from lifelint.facts.ci import Command

_TOOLS: Mapping[str, re.Pattern[str]] = {
    "pytest": lazy(r"\bpytest\b"),
    "unittest": lazy(r"-m\s+unittest\b"),
    "tox": lazy(r"(?:^|\s)tox\b"),
    "nox": lazy(r"(?:^|\s)nox\b"),
    "behave": lazy(r"^\s*(?:\w+ run )?behave\b", re.MULTILINE),
    "dvc metrics diff": lazy(r"\bdvc\s+metrics\s+diff\b"),
    "lifelint check": lazy(r"\blifelint\b.*\bcheck\b|^uses: \S*\blifelint\b"),
    **{f"the pipeline of {tool}": lazy(pattern) for tool, pattern in RUNNERS.items()},
}
_PYTHON = lazy(r"\bpython3?\s+(?:-[a-zA-Z]+\s+)*([\w./][\w./-]*)")
_JUDGING = lazy(r"(?<![a-z])(?:eval|evaluate|evaluation|val|validate|validation|test|tests)(?![a-z])")
"""What is in the name of a script that judges. A folder of that name holds helpers too."""

_TARGET = lazy(r"\bmake\s+(?:-\S+\s+)*([\w-]*(?<![a-z])(?:tests?|eval|evaluate|evaluation|validate)(?![a-z])[\w-]*)")
_RUNS_TESTS = frozenset({"pytest", "unittest", "tox", "nox", "behave"})
_SEPARATOR = lazy(r"\n|&&|;(?!;)")
_REMARK = lazy(r"^\s*#.*$", re.MULTILINE)
_INSTALLS = lazy(r"(?<![\w./-])(?:install|add|sync)(?![\w./-])|\bmake\s+(?:-\S+\s+)*install-")
_LEADS = lazy(
    r"^.*(?:\b(?:tox|nox|hatch|mise|just|invoke|docker|make|poe|rye|pants|bazel)\b|\b(?:pixi|pdm|npm|conda|mamba)\s+run\b"
    r"|\.sh\b).*$|^uses: (?:\./|\S+/\.github/workflows/|https?:|\w+ \S).*$",
    re.MULTILINE,
)
"""A line that runs something that is not said here."""

JUDGES = lazy(r"(?<![a-z])(?:tests?|testing|eval|evaluate|evaluation|validate|validation|ci)(?![a-z])")

_PROPOSED = frozenset({"pull_request", "push", "merge_group", "pull_request_target", "workflow_call"})


class Check(NamedTuple):
    """A check that a job runs."""

    tool: str
    command: Command

    @property
    def job(self) -> tuple[str, str, str]:
        return self.command.path, self.command.job, self.tool

    @property
    def sure(self) -> bool:
        """Whether it is known to be run for the project that is asked about."""
        return self.command.reach != UNKNOWN

    @property
    def proposed(self) -> bool:
        return not self.command.on or not _PROPOSED.isdisjoint(self.command.on)


def leads(command: Command) -> list[str]:
    """The lines of a command that run something which is not said there."""
    return _LEADS.findall(_plain(command.text))


def alike(tool: str, other: str) -> bool:
    """Whether two tools may do the same: both tests, or both runs of pipelines and evaluations."""
    return not _kinds(tool).isdisjoint(_kinds(other))


def _kinds(tool: str) -> set[str]:
    if tool.startswith("lifelint"):
        return {tool}
    tests = tool in _RUNS_TESTS or "test" in tool
    # A script that is called test may test code, and as well evaluate a model.
    return {"tests", "runs"} if tests and tool.startswith("python ") else {"tests"} if tests else {"runs"}


def scripts(command: Command) -> list[str]:
    """The scripts and modules of Python that a command runs, as they are told of."""
    return _scripts(_plain(command.text))


def _scripts(plain: str) -> list[str]:
    return [f"python {match.rpartition('/')[2]}" for match in _PYTHON.findall(plain)]


def _plain(text: str) -> str:
    """What a command does, a line each, without what it installs and what it only remarks."""
    lines = _SEPARATOR.split(_REMARK.sub("", text.replace("\\\n", " ")))
    return "\n".join(line for line in lines if not _INSTALLS.search(line))


def run_by(commands: Sequence[Command]) -> Iterator[Check]:
    """Every check that these commands run, in their order."""
    for command in commands:
        yield from (Check(tool, command) for tool in _tools(command.text))


@lru_cache(maxsize=4096)
def _tools(text: str) -> Sequence[str]:
    """What a command runs that checks something. Jobs repeat each other, and count for each project below them."""
    plain = _plain(text)
    found = [tool for tool, pattern in _TOOLS.items() if pattern.search(plain)]
    found += [name for name in _scripts(plain) if _JUDGING.search(name)]
    found += [f"make {match}" for match in _TARGET.findall(plain)]
    return tuple(dict.fromkeys(found))

"""Commands that continuous integration runs: GitHub Actions, GitLab CI, Azure Pipelines, CircleCI and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts._yaml_values import Map, Seq

_PLACES = (
    ("github", re.compile(r"\.github/workflows/[^/]+\.ya?ml")),
    ("gitlab", re.compile(r"\.gitlab-ci\.ya?ml|\.gitlab/.*\.ya?ml")),
    ("azure", re.compile(r"(?:.*/)?azure-pipelines[^/]*\.ya?ml|\.azuredevops/.*\.ya?ml|\.pipelines/.*\.ya?ml")),
    ("circleci", re.compile(r"\.circleci/config\.ya?ml")),
    ("bitbucket", re.compile(r"bitbucket-pipelines\.ya?ml")),
    ("travis", re.compile(r"\.travis\.ya?ml")),
    ("buildkite", re.compile(r"\.buildkite/[^/]+\.ya?ml")),
    ("cloudbuild", re.compile(r"(?:.*/)?cloudbuild[^/]*\.ya?ml")),
    ("drone", re.compile(r"\.drone\.ya?ml|\.woodpecker(?:/[^/]+)?\.ya?ml")),
)
_COMMANDS = frozenset(("run", "script", "bash", "powershell", "command", "commands", "before_script", "after_script"))
_COMMANDS |= {"args"}
_IGNORED = re.compile(r"\|\|\s*(?:true|:|exit 0)\s*$")


class Command(NamedTuple):
    """A command that a job runs, or ``uses: name`` for a prepared action.

    ``on`` are the events that start it (GitHub alone says them here); ``ignored`` says that its failure is without
    consequence, or that it never runs.
    """

    path: str
    line: int
    system: str
    text: str
    on: tuple[str, ...] = ()
    ignored: bool = False


def ci_commands(source: Source) -> Iterator[Command]:
    """Every command of every configuration at a place where a CI system looks for one."""
    for path in source.names(lambda name: name.endswith((".yml", ".yaml"))):
        for system, place in _PLACES:
            if place.fullmatch(path):
                yield from _of_file(source, path, system)
    for path in source.named("Jenkinsfile"):
        data = source.bytes(path)
        for number, text in enumerate((data or b"").decode("utf-8", "replace").splitlines(), 1):
            if re.match(r"\s*(?:sh|bat)\b", text):
                yield Command(path, number, "jenkins", text.strip())


def _of_file(source: Source, path: str, system: str) -> Iterator[Command]:
    from lifelint.facts._yaml import load_all

    documents = source.parse(path, load_all)
    for document in documents or ():
        if isinstance(document, Map):
            on = _events(document.get("on")) if system == "github" else ()
            for line, text, ignored in _walk(document, False):
                yield Command(path, line, system, text, on, ignored or _IGNORED.search(text.strip()) is not None)


def _events(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(name) for name in value or ())


def _walk(value: Any, ignored: bool) -> Iterator[tuple[int, str, bool]]:
    if isinstance(value, Map):
        ignored = ignored or value.get("continue-on-error") is True or value.get("allow_failure") is True
        ignored = ignored or value.get("if") is False or str(value.get("if")).strip() in ("false", "${{ false }}")
        for key, item in value.items():
            if key == "uses" and isinstance(item, str):
                yield value.value_lines[key], f"uses: {item}", ignored
            elif key in _COMMANDS:
                yield from _texts(item, value.value_lines[key], ignored)
            else:
                yield from _walk(item, ignored)
    elif isinstance(value, Seq):
        for item in value:
            yield from _walk(item, ignored)


def _texts(value: Any, line: int, ignored: bool) -> Iterator[tuple[int, str, bool]]:
    if isinstance(value, str):
        yield line, value, ignored
    elif isinstance(value, Seq):
        for at, item in enumerate(value):
            yield from _texts(item, value.lines[at], ignored)
    elif isinstance(value, Map):
        yield from _walk(value, ignored)

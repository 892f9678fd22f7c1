"""What GitHub's runner takes for a command in a log: our reading of actions/runner, src/Runner.Common/ActionCommand.cs
and src/Runner.Worker/ActionCommandManager.cs. It is written for the tests: act, which runs the action in them, does not
know the older form, which stands anywhere in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

COMMANDS = frozenset(
    {
        *("error", "warning", "notice", "debug", "group", "endgroup", "echo"),
        *("set-output", "save-state", "set-env", "add-path", "add-mask"),
        *("add-matcher", "remove-matcher", "stop-commands"),
    }
)
_ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


class Command(NamedTuple):
    """A command with its properties."""

    name: str
    properties: Mapping[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """The commands of a log, but for those that stop and resume."""
    found, ended = [], ""
    for line in log.split("\n"):
        command = _parsed(line, COMMANDS | ({ended} if ended else set()))
        if command is None or (ended and command.name != ended):
            continue
        if ended:
            ended = ""
        elif command.name == "stop-commands":
            ended = command.data
        else:
            found.append(command)
    return found


def _parsed(line: str, known: Iterable[str]) -> Command | None:
    return _new(line.lstrip(), known) or _old(line, known)


def _new(line: str, known: Iterable[str]) -> Command | None:
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, listed = line[2:end].partition(" ")
    pairs = [one.partition("=") for one in listed.strip().split(",") if one]
    properties = {key: _plain(value) for key, _, value in pairs if value}
    return Command(name, properties, _plain(line[end + 2 :])) if name in known else None


def _old(line: str, known: Iterable[str]) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, listed = line[start + 3 : end].partition(" ")
    pairs = [one.partition("=") for one in listed.split(";") if one]
    return Command(name, {key: value for key, _, value in pairs}, line[end + 1 :]) if name in known else None


def _plain(text: str) -> str:
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text

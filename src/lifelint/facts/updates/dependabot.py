"""Dependabot's configuration.

Source: docs.github.com, "Dependabot options reference". What lacks a required key is refused as a whole, and then
nothing is watched. Which files it takes of a folder: dependabot-core, ``file_fetcher.rb`` of each ecosystem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lifelint.facts._globs import regex
from lifelint.facts._yaml import Map, Seq, load
from lifelint.facts.updates.noun import DependencyFile, UpdateBot

FILES = (".github/dependabot.yml", ".github/dependabot.yaml")

_TAKEN_BY = {"pip": ("pip", "uv"), "uv": ("uv", "pip")}
"""Both read requirements and ``pyproject.toml``."""
_WORKFLOWS = ("", ".github", ".github/workflows")


def parse(data: bytes) -> tuple[UpdateBot, ...]:
    """The entries, without their path; one that does not work where the file is refused.

    Raises:
        Unreadable: not one document of YAML.
    """
    document = load(data)
    if not isinstance(document, Map):
        return (_refused(0, "it has no updates"),)
    if document.get("version") != 2:
        return (_refused(document.lines.get("version", document.line), "it does not say version: 2"),)
    updates = document.get("updates")
    if not isinstance(updates, Seq):
        return (_refused(document.lines.get("updates", document.line), "it has no list of updates"),)
    wrong = next((found for at, entry in enumerate(updates) for found in _wrong(entry, updates.lines[at])), None)
    return (wrong,) if wrong else tuple(_entry(entry, updates.lines[at]) for at, entry in enumerate(updates))


def _refused(line: int, why: str) -> UpdateBot:
    return UpdateBot("", line, "dependabot", works=False, why=f"Dependabot refuses the file: {why}")


def _wrong(entry: Any, line: int) -> Iterator[UpdateBot]:
    """Why an entry makes Dependabot refuse the whole file."""
    if not isinstance(entry, Map):
        yield _refused(line, "an entry is no mapping")
        return
    name = entry.get("package-ecosystem")
    if not isinstance(name, str) or not name.strip():
        yield _refused(entry.lines.get("package-ecosystem", line), "an entry names no package-ecosystem")
    if not _folders(entry):
        yield _refused(entry.lines.get("directory", line), f"the entry {name} has no directory")
    schedule = entry.get("schedule")
    if not (isinstance(schedule, Map) and schedule.get("interval")) and "multi-ecosystem-group" not in entry:
        yield _refused(entry.lines.get("schedule", line), f"the entry {name} has no schedule")


def _folders(entry: Map) -> tuple[str, ...]:
    several = entry.get("directories")
    listed = several if isinstance(several, Seq) else [entry.get("directory")]
    return tuple(one for one in listed if isinstance(one, str) and one)


def _entry(entry: Map, line: int) -> UpdateBot:
    off = ""
    if entry.get("open-pull-requests-limit") == 0:
        off = "its open-pull-requests-limit of 0 switches updates of versions off"
    elif _ignores_all(entry.get("ignore")):
        off = "it ignores every dependency"
    name = str(entry["package-ecosystem"])
    excluded = entry.get("exclude-paths")
    ignored = tuple(one for one in excluded if isinstance(one, str)) if isinstance(excluded, Seq) else ()
    return UpdateBot("", line, "dependabot", (name,), _folders(entry), ignored=ignored, works=not off, why=off)


def _ignores_all(rules: Any) -> bool:
    rules = rules if isinstance(rules, Seq) else ()
    return any(
        isinstance(rule, Map) and [*rule] == ["dependency-name"] and rule["dependency-name"] == "*" for rule in rules
    )


def watches(bot: UpdateBot, file: DependencyFile) -> bool:
    """Whether an entry is about a file, or about a lock of it."""
    if not set(_TAKEN_BY.get(file.ecosystem, (file.ecosystem,))) & set(bot.names):
        return False
    if file.ecosystem == "github-actions":
        wanted: Sequence[str] = _WORKFLOWS
    else:
        wanted = [folder for path in (file.path, *file.frozen) for folder in _taken_from(path)]
    if any(re.fullmatch(regex(one), file.path, re.DOTALL) for one in bot.ignored):
        return False
    return any(_is_meant(one, folder) for one in bot.folders for folder in wanted)


def _is_meant(pattern: str, folder: str) -> bool:
    if not folder:
        return pattern.strip("/.") in ("", "**", "**/*")
    return re.fullmatch(regex(pattern, below=False), folder, re.DOTALL) is not None


def _taken_from(path: str) -> Sequence[str]:
    """The folders of which a file is taken: for requirements also the one above (``req_files_for_dir``)."""
    folder = path.rpartition("/")[0]
    return (folder, folder.rpartition("/")[0]) if folder and path.endswith((".txt", ".in")) else (folder,)

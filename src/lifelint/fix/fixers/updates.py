"""Entries for what no update bot watches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.yaml_places import added_to_list, plain

if TYPE_CHECKING:
    from lifelint.facts.updates.noun import DependencyFile, UpdateBot

_NEW = ".github/dependabot.yml"
_RENOVATE = "renovate.json"
_SCHEMA = "https://docs.renovatebot.com/renovate-schema.json"
_ORDER = ("uv", "pip", "docker", "github-actions")


def watched(case: Case) -> Iterator[Change]:
    """An entry of Dependabot's for each ecosystem with the folders that nothing watches, in all projects at once.

    All that fails asks for the same change, which is made once. Where only GitLab runs jobs it is Renovate's file.
    """
    open_ = [one for one in case.facts["dependency_files"].items if one.watched is False]
    bots = case.facts["update_bots"].items
    told = next((one for one in bots if one.bot == "renovate"), None)
    if told is not None:
        raise CannotFix(f"{told.path} says what Renovate leaves out, and only who wrote it knows why")
    refused = next((one for one in bots if one.bot == "dependabot" and not one.names), None)
    if refused is not None:
        raise CannotFix(f"{refused.path}:{refused.line} has to be put right first")
    if _is_of_gitlab(case):
        case.texts.require_nothing(_RENOVATE)
        yield Change(_RENOVATE, 0, 0, _renovate(open_))
        return
    entries = _entries(_off(open_, bots))
    if not entries:
        raise CannotFix("an entry of Dependabot's is switched off there, and only who did it knows why")
    path = next((one.path for one in bots if one.bot == "dependabot"), "")
    if path:
        yield added_to_list(path, case.texts[path], ["updates"], entries)
        return
    case.texts.require_nothing(_NEW)
    lines = [f"  {'  ' if at else '- '}{line}" for one in entries for at, line in enumerate(one.split("\n"))]
    yield Change(_NEW, 0, 0, "\n".join(["version: 2", "updates:", *lines, ""]))


def _off(files: Sequence[DependencyFile], bots: Sequence[UpdateBot]) -> Sequence[DependencyFile]:
    """The files without those for which there is an entry that does nothing: it would be there twice."""
    from lifelint.facts.updates import dependabot

    entries = [one for one in bots if one.bot == "dependabot" and one.works is False]
    return [file for file in files if not any(dependabot.watches(one, file) for one in entries)]


def _is_of_gitlab(case: Case) -> bool:
    paths = case.facts.source.snapshot.entries
    return ".gitlab-ci.yml" in paths and not any(path.startswith(".github/") for path in paths)


def _entries(files: Sequence[DependencyFile]) -> Sequence[str]:
    """What stands behind the dash of each entry."""
    folders: dict[str, set[str]] = {}
    for one in files:
        folders.setdefault(one.ecosystem, set()).add(f"/{one.folder}")
    ordered: Mapping[str, set[str]] = {name: folders[name] for name in _ORDER if name in folders}
    return [
        f"package-ecosystem: {name}\n{_places(sorted(found))}\nschedule:\n  interval: weekly"
        for name, found in ordered.items()
    ]


def _places(folders: Sequence[str]) -> str:
    if len(folders) == 1:
        return f"directory: {plain(folders[0])}"
    return "\n".join(["directories:", *(f"  - {plain(one)}" for one in folders)])


def _renovate(files: Sequence[DependencyFile]) -> str:
    """Renovate with its defaults, and the requirements whose names it does not know."""
    from lifelint.facts.updates import renovate
    from lifelint.facts.updates.noun import UpdateBot

    bot = UpdateBot(_RENOVATE, 0, "renovate")
    odd = sorted(one.path for one in files if one.ecosystem == "pip" and renovate.watches(bot, one)[0] is False)
    document: dict[str, object] = {"$schema": _SCHEMA, "extends": ["config:recommended"]}
    if odd:
        document["pip_requirements"] = {"managerFilePatterns": odd}
    return json.dumps(document, indent=2) + "\n"

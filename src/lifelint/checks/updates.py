"""Whether somebody is told of new versions of what the project depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.updates.noun import DependencyFile, UpdateBot

_SHOWN = 3


def noticed(dependency_files: Sequence[DependencyFile], update_bots: Sequence[UpdateBot]) -> Iterator[Observation]:
    """Each folder that names versions is watched by an update bot, one observation for each folder and ecosystem.

    Where there is no bot at all, that is said once.
    """
    del update_bots  # one that cannot be read makes this unknown, in whatever project it lies
    if dependency_files and not any(one.why for one in dependency_files):
        first = dependency_files[0]
        yield Observation(
            False, "update-bot", f"no update bot watches {_listed(dependency_files)}", first.path, first.line
        )
        return
    groups: dict[tuple[str, str], list[DependencyFile]] = {}
    for one in dependency_files:
        groups.setdefault((one.ecosystem, one.folder), []).append(one)
    for (ecosystem, folder), files in groups.items():
        worst = min(files, key=lambda one: (one.watched is not False, one.watched is not None, one.path))
        if worst.watched is False:
            detail = f"no update bot watches {_listed([one for one in files if one.watched is False])}: {worst.why}"
        else:
            detail = f"{worst.path} is watched by {worst.why}" if worst.watched else worst.why
        yield Observation(worst.watched, f"{ecosystem}:/{folder}", detail, worst.path, worst.line)


def _listed(files: Sequence[DependencyFile]) -> str:
    named = [f"{one.path} ({one.ecosystem})" for one in files[:_SHOWN]]
    more = len(files) - len(named)
    return f"{', '.join(named)}{f' and {more} more' if more else ''}"

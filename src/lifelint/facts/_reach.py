"""For which projects of a repository a command counts: where it runs, what it names, and how far its tool goes.

A tool that goes through all below its folder runs for every project there. ``dvc repro`` and ``kedro run`` are known to
run what lies where they stand. Of anything else it is not known what it does to a project below it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts._aims import Aim, Land, aim
from lifelint.facts._folders import Variant, below, is_told, joined, parts
from lifelint.facts.ci import ALL, OWN, UNKNOWN

if TYPE_CHECKING:
    from lifelint.facts.ci import Command


class _Line(NamedTuple):
    """A simple command at a line of a text, and what it aims at."""

    line: int
    text: str
    aim: Aim


_NOWHERE = "\0"
"""A project of which no command says anything."""


class _Meant(NamedTuple):
    """What a command says in all its variants, and for which projects that is another matter than for the others.

    These are at ``roots`` or below ``folders``; all others have the same part in it, ``rest``.
    """

    lines: Sequence[Sequence[_Line]]
    roots: Collection[str]
    folders: Collection[str]
    rest: Sequence[Command]


class _Listed(NamedTuple):
    """What ``commands`` mean, each in its place, and which of them, by their places, set a project apart.

    ``at`` tells it of one that is at a root, ``under`` of one below a folder. ``rest`` is what all others have.
    """

    commands: Sequence[Command]
    meant: Sequence[_Meant]
    at: Mapping[str, set[int]]
    under: Mapping[str, set[int]]
    rest: Sequence[Command]

    def setting_apart(self, root: str) -> Collection[int]:
        """The places of the commands that set the project at ``root`` apart."""
        found = self.at.get(root, set()) | self.under.get("", set())
        while root:
            found = found | self.under.get(root, set())
            root = root.rpartition("/")[0]
        return found


class Reach:
    """What counts for whom in a repository. What a command aims at is found out once, for all projects."""

    def __init__(self, land: Land) -> None:
        self._land = land
        self._lines: dict[tuple[str, str], list[_Line]] = {}
        self._listed: dict[tuple[int, str], _Listed] = {}  # by the id of the commands, which are kept there

    def counting(self, commands: Sequence[Command], root: str, holder: str) -> Sequence[Command]:
        """What of commands counts for the project at ``root``, with its ``reach``: themselves, parts of them, nothing.

        ``holder`` is the project that their files lie in. Where a system does not say it, that is where they run. For
        all projects that none of them sets apart it is the same object.
        """
        key = id(commands), holder
        if key not in self._listed:
            self._listed[key] = self._understood(commands, holder)
        listed = self._listed[key]
        apart = listed.setting_apart(root)
        if not apart:
            return listed.rest
        made = [one.rest for one in listed.meant]
        for place in apart:
            made[place] = self._counting(commands[place], root, listed.meant[place].lines)
        return tuple([one for some in made for one in some])

    def _understood(self, commands: Sequence[Command], holder: str) -> _Listed:
        meant = [self._meant(command, holder) for command in commands]
        at: dict[str, set[int]] = {}
        under: dict[str, set[int]] = {}
        for place, one in enumerate(meant):
            for root in one.roots:
                at.setdefault(root, set()).add(place)
            for folder in one.folders:
                under.setdefault(folder, set()).add(place)
        return _Listed(commands, meant, at, under, tuple([each for one in meant for each in one.rest]))

    def _meant(self, command: Command, holder: str) -> _Meant:
        texts = command.variants or (Variant(command.folder, command.text),)
        lines = [self._of(_placed(one.folder, holder), one.text) for one in texts]
        if command.text.startswith("uses: ") or not all(lines):  # a prepared action, nothing but remarks
            return _Meant((), (), (), [command._replace(reach=ALL)])
        aims = [line.aim for found in lines for line in found]
        roots = {root for one in aims for root in (one.home, *one.named, *one.loose)}
        roots.update(root for _, root in self._land.feeding)
        folders = {folder for one in aims for folder in (one.home, one.folder, *one.within, *one.wide)} - {"", "/"}
        if any(one.wide for one in aims) and {*self._land.subrepos} - {""}:
            folders.add("")
        return _Meant(lines, roots, set(filter(is_told, folders)), self._counting(command, _NOWHERE, lines))

    def _of(self, folder: str, text: str) -> list[_Line]:
        if (folder, text) not in self._lines:
            made = [_Line(part.line, part.text, aim(part, self._land)) for part in parts(folder, text)]
            self._lines[folder, text] = made
        return self._lines[folder, text]

    def _counting(self, command: Command, root: str, found: Sequence[Sequence[_Line]]) -> list[Command]:
        said = [[(reaching(line.aim, root, self._land), line) for line in lines] for lines in found]
        every = {reach for lines in said for reach, _ in lines}
        if len(every) == 1:
            [only] = every
            return [] if not only else [command if only == command.reach else command._replace(reach=only)]
        made = [
            command._replace(text=_joined([line for reach, line in lines if reach == wanted]), reach=wanted)
            for lines in said
            for wanted in (OWN, ALL, UNKNOWN)
            if any(reach == wanted for reach, _ in lines)
        ]
        return list(dict.fromkeys(made))


def _joined(lines: Sequence[_Line]) -> str:
    held: dict[int, list[str]] = {}
    for line in lines:
        held.setdefault(line.line, []).append(line.text)
    return "\n".join(" && ".join(texts) for texts in held.values())


def _placed(folder: str, holder: str) -> str:
    if holder in ("", "/") or not is_told(folder) or below(folder, holder):
        return folder
    return joined(holder, folder)


def reaching(found: Aim, root: str, land: Land) -> str:
    """Whether a command aims at the project at ``root``: its reach, ``""`` where it has nothing to do with it."""
    if not is_told(found.folder):
        return UNKNOWN
    if any(below(root, wide) and land.repo(root) == land.repo(wide) for wide in found.wide) or root in found.named:
        return OWN
    if found.home == root:
        return _at_home(found)
    if root in found.loose:
        return UNKNOWN
    return _from_above(found, root, land) if found.home == "/" or below(root, found.home) else ""


def _at_home(found: Aim) -> str:
    """What runs in a project counts for it, unless it says that it runs what lies in another."""
    if found.elsewhere:
        return "" if found.kind else UNKNOWN
    return UNKNOWN if found.open and found.kind != "through" else OWN


def _from_above(found: Aim, root: str, land: Land) -> str:
    """What runs in no project, or in one around this one, and names nothing in this one."""
    if found.named - {found.home} if found.kind == "through" else found.elsewhere:
        return ""
    if found.kind == "through" and any(below(root, place) for place in found.within or (found.folder,)):
        return ALL
    if found.kind == "local":
        return UNKNOWN if found.open or (found.home, root) in land.feeding else ""
    return ALL if found.home == "/" else UNKNOWN

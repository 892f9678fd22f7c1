"""The nouns: a line of a CODEOWNERS file, a path that somebody has to answer for, and who works on a repository."""

from __future__ import annotations

from typing import NamedTuple


class OwnersLine(NamedTuple):
    """A line of a CODEOWNERS file: who owns what its pattern matches.

    ``forge`` is ``github`` or ``gitlab``: patterns, sections and what is invalid differ. ``owners`` are as written
    (``@user``, ``@org/team``, ``@@role``, an e-mail address), on GitLab those of its section where the line has none;
    with none, nobody owns what it matches. ``excludes`` is true for GitLab's ``!pattern``, which takes paths out of its
    ``section``. ``problem`` says why the forge passes over the line, or is empty; with ``whole`` it does so with the
    file. ``malformed`` are words among the owners that GitLab takes for none. ``there``: whether git tracks something
    at the one path that the pattern names, ``None`` where it is no plain path from the top.
    """

    path: str
    line: int
    forge: str
    pattern: str
    owners: tuple[str, ...]
    section: str = ""
    excludes: bool = False
    problem: str = ""
    whole: bool = False
    malformed: tuple[str, ...] = ()
    there: bool | None = None


class OwnedPath(NamedTuple):
    """A file that somebody has to answer for, and who does by the CODEOWNERS file in force.

    ``side`` is ``data``, ``model`` or ``control``, for what guards the others; a file can have two. ``what`` it is:
    ``data pointer``, ``gates`` and so on. ``owners`` are empty where nobody owns it; ``rule_path`` and ``rule_line``
    are the place of the last line that decides, if any. ``default``: only a pattern that matches everything names
    them. ``oid`` is git's id of the content, by which a moved file is known.
    """

    path: str
    line: int
    side: str
    what: str
    owners: tuple[str, ...]
    rule_path: str = ""
    rule_line: int = 0
    default: bool = False
    oid: str = ""


class Team(NamedTuple):
    """Who works on a repository.

    ``people`` are the names of those who did so more than in passing in the year before the head, most commits first.
    ``shared`` is false where they are one or two, and ``None`` where that cannot be told; ``why`` says what tells.
    """

    path: str
    line: int
    people: tuple[str, ...]
    shared: bool | None
    why: str

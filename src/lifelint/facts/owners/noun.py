"""The noun: a line of a CODEOWNERS file."""

from __future__ import annotations

from typing import NamedTuple


class OwnersLine(NamedTuple):
    """A line of a CODEOWNERS file: who owns what its pattern matches.

    ``forge`` is ``github`` or ``gitlab``: patterns, sections and what is invalid differ. ``owners`` are as written
    (``@user``, ``@org/team``, ``@@role``, an e-mail address), on GitLab those of its section where the line has none;
    with none, nobody owns what it matches. ``excludes`` is true for GitLab's ``!pattern``, which takes paths out of its
    ``section``. ``problem`` says why the forge passes over the line, or is empty.
    """

    path: str
    line: int
    forge: str
    pattern: str
    owners: tuple[str, ...]
    section: str = ""
    excludes: bool = False
    problem: str = ""

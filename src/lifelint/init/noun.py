"""The nouns of a beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifelint import __version__
from lifelint.config import Config
from lifelint.facts import Facts
from lifelint.fix.noun import Change, Edit
from lifelint.fix.texts import Texts
from lifelint.snapshot import Snapshot

HOME = "lifelint/lifelint"
"""The repository of lifelint itself on github.com, by whose tags hooks and action are named."""

TAG = f"v{__version__}"
"""The tag of the version that is running."""

DOCS = f"https://github.com/{HOME}/blob/{TAG}/docs"
"""Where the pages of that version are read."""


class Remote(NamedTuple):
    """Where a repository comes from: the address of ``origin`` as it is written, and the name of the main branch."""

    origin: str = ""
    branch: str = "main"


class Ground(NamedTuple):
    """What a beginning is made from. ``hooks`` asks for a configuration of hooks where there is none."""

    snapshot: Snapshot
    facts: Facts
    config: Config
    texts: Texts
    remote: Remote = Remote()
    hooks: bool = False


class Proposal(NamedTuple):
    """One part: what is changed for it, and why, in sentences for a person."""

    part: str
    changes: Sequence[Change]
    why: Sequence[str]


class Written(NamedTuple):
    """A proposal as what becomes of each file."""

    part: str
    edits: Sequence[Edit]
    why: Sequence[str]


class LeftOut(NamedTuple):
    """A part that is not proposed, and why."""

    part: str
    why: str


class Outlook(NamedTuple):
    """What ``lifelint check`` would say with all that is proposed: ``reasons`` why it would not pass, if any, and what
    of the repository was ``not_judged``, because it is not here.

    ``level`` and ``target`` are those of the lowest of so many ``projects``; ``known`` counts the problems in the
    baseline.
    """

    projects: int
    level: int
    target: int
    known: int
    reasons: Sequence[str]
    not_judged: str = ""


class Beginning(NamedTuple):
    """All that is proposed, what is not, and what comes of it. ``ignored`` are new files that git ignores there."""

    written: Sequence[Written]
    left_out: Sequence[LeftOut]
    outlook: Outlook
    ignored: Sequence[str] = ()

    @property
    def new(self) -> Sequence[str]:
        """The files that are not there yet."""
        return [edit.path for edit in self.edits if edit.before is None]

    @property
    def edits(self) -> Sequence[Edit]:
        """What becomes of each file. No two parts change the same one."""
        return [edit for one in self.written for edit in one.edits]

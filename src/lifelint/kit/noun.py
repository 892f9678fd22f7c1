"""The nouns of templates that are asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lifelint.fix.noun import Edit, Render
from lifelint.init.noun import Ground, Proposal
from lifelint.projects import Share


class Site(NamedTuple):
    """What a template is filled from: a repository, and the project in it at ``root``.

    ``names`` tells what lies in a folder on the disk, ``forge`` is ``github`` or ``gitlab`` where somebody said so,
    ``title`` that of a decision.
    """

    ground: Ground
    share: Share
    root: str
    render: Render
    names: Callable[[str], Sequence[str]]
    forge: str = ""
    title: str = ""


class Template(NamedTuple):
    """Something that can be asked for. ``make`` raises ``CannotFix`` where there is nothing to write."""

    name: str
    about: str
    make: Callable[[Site], Proposal]


class Entry(NamedTuple):
    """A line of the list: a template, the ``rules`` that ask for it if any, the ``paths`` that would be written here
    by ``command``, or ``why`` nothing would."""

    name: str
    about: str
    rules: Sequence[str]
    paths: Sequence[str]
    command: str
    why: str = ""


class Made(NamedTuple):
    """What a template comes to: what becomes of each file, and what a person has to know of it.

    ``worse`` says what it makes fail that did not. ``ignored`` are new files that git ignores there.
    """

    name: str
    edits: Sequence[Edit]
    why: Sequence[str]
    worse: Sequence[str] = ()
    ignored: Sequence[str] = ()

"""The nouns of a crosswalk."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

FULLY, PARTLY, NOT = ANSWERED = ("fully", "partly", "not")
"""How far rules answer what an item asks for."""

NOT_ASSESSED = "not-assessed"
"""What no rule looks at yet: those that will are planned, or did not run."""


class Item(NamedTuple):
    """One thing that a framework asks for.

    ``id`` is the framework's own name for it (``Annex IV 2(g)``), or ours where it has none, ``title`` is in our words,
    ``group`` the part of the framework in which it stands. ``answered`` says how far all of ``rules`` together answer
    it, once they are all built (``not`` has none), and ``because`` why, in one line.
    """

    id: str
    title: str
    group: str
    answered: str
    because: str
    rules: Sequence[str] = ()


class Framework(NamedTuple):
    """A framework, with the items of it that a repository could have something to do with.

    The name of its file is its ``id``. ``published`` is the day, month or year of ``version``, if known, ``source``
    where the text that was read is, ``licence`` what may be done with that text, ``note`` what a reader of the
    crosswalk has to know.
    """

    id: str
    title: str
    version: str
    publisher: str
    published: str
    source: Sequence[str]
    licence: str
    note: str
    items: Sequence[Item]


class Crosswalk(NamedTuple):
    """All frameworks by id, and the rules that they name and that are not built yet (id → what will hold)."""

    frameworks: Mapping[str, Framework]
    planned: Mapping[str, str]


class Part(NamedTuple):
    """A rule that answers an item: ``title`` is what holds when it passes, ``outcomes`` are those of projects."""

    rule: str
    title: str
    built: bool
    outcomes: Mapping[str, str]


class Answer(NamedTuple):
    """An item with the rules that answer it.

    ``today`` is how far those that are built do: a word of ``ANSWERED``, or ``not-assessed`` where none is.
    ``outcome`` is the worst of its rules in a report, ``not-assessed`` where it has none of them, and empty without a
    report.
    """

    item: Item
    today: str
    parts: Sequence[Part]
    outcome: str = ""

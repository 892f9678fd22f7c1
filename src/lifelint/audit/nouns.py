"""The nouns of an audit."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lifelint.facts.releases.document import Release
from lifelint.frameworks.nouns import Answer, Framework
from lifelint.inspection import Report
from lifelint.model import Outcome
from lifelint.scorecard import LeastControlled, NextStep


class Rung(NamedTuple):
    """A level, and what became of its own error and warning rules: those of lower levels are told at theirs.

    ``open_`` are the rules that do not hold. ``unproven`` are phases in which rules apply and there are some of this
    level, none of which applies: nothing is earned by absence.
    """

    level: int
    reached: bool
    passed: Sequence[str]
    waived: Sequence[str]
    open_: Sequence[tuple[str, Outcome]]
    not_applicable: int
    unproven: Sequence[str] = ()


class Item(NamedTuple):
    """Something that has to be the same for the project's result to be the same: a row of the bill.

    ``identifier`` is what fixes it (a commit, a digest, a version), empty where nothing does; ``strength`` is a word of
    ``model.Strength``, empty likewise. ``holds`` is true where that was verified, false where it was refuted or nothing
    identifies it, ``None`` where it cannot be told; ``why`` says so. ``command`` brings it back, where that is known.
    """

    kind: str
    name: str
    identifier: str
    strength: str
    holds: bool | None
    why: str
    path: str = ""
    line: int = 0
    command: str = ""


class Interface(NamedTuple):
    """A path at which the work of those who own data meets that of those who own models.

    ``verdict`` is ``both``, ``data`` or ``model`` (only that side owns it), ``named`` (someone does, and no side can be
    told apart), ``default`` (only the line that owns everything) or ``nobody``. ``said_path`` and ``said_line`` are the
    line of CODEOWNERS. ``commits``, ``people`` and ``share`` tell of twelve months before the judged commit: how many
    commits, by how many, and the part of the one who made most; ``None`` where that cannot be told.
    """

    path: str
    kind: str
    owners: Sequence[str]
    verdict: str
    said_path: str = ""
    said_line: int = 0
    commits: int | None = None
    people: int | None = None
    share: float | None = None


class Ownership(NamedTuple):
    """All interfaces, with who owns data and who owns models.

    ``declared``: a CODEOWNERS file is in force, ``None`` where that cannot be told, and ``why`` says why not.
    """

    declared: bool | None
    data: Sequence[str]
    model: Sequence[str]
    interfaces: Sequence[Interface]
    why: str = ""


class Control(NamedTuple):
    """What acts when something changes: a job that runs a check, or a rule that holds (or does not)."""

    by: str
    outcome: Outcome
    text: str
    path: str = ""
    line: int = 0


class Moment(NamedTuple):
    """One kind of change at one time.

    ``state`` is ``controlled``, ``partly``, ``uncontrolled``, ``unknown``, ``not-assessed`` where no rule looks at it
    yet, or ``not-applicable`` where nothing can be looked at.
    """

    change: str
    time: str
    state: str
    controls: Sequence[Control] = ()


class Weakest(NamedTuple):
    """The least controlled cell with what to do next; ``unauditable`` are cells in which too much is unknown."""

    cell: LeastControlled | None
    steps: Sequence[NextStep]
    unauditable: Sequence[tuple[str, str]]


class Answers(NamedTuple):
    """One project: how its level was earned, and the four questions."""

    root: str
    rungs: Sequence[Rung]
    bill: Sequence[Item]
    ownership: Ownership
    grid: Sequence[Moment]
    weakest: Weakest


class Tool(NamedTuple):
    """A tool that the repository uses, and where that shows first, of ``places`` in all."""

    kind: str
    name: str
    path: str
    line: int
    places: int


class Reading(NamedTuple):
    """A framework, and what the rules of the report answer of it."""

    framework: Framework
    answers: Sequence[Answer]


class Tracked(NamedTuple):
    """A file as git holds it at the judged commit: its blob, and the commit that changed it last, if that is known."""

    blob: str
    commit: str


class Made(NamedTuple):
    """A commit: when it was written and when it was committed, in RFC 3339 in UTC."""

    authored: str
    committed: str


class Audit(NamedTuple):
    """All of it. ``forge`` is the address of the repository on a forge whose links are known, or empty.

    ``report`` is what ``lifelint check`` found; ``files`` and ``commits`` say of every path that is named anywhere
    which content of which commit was read. ``tags`` lead to the judged commit. ``frameworks`` are those that were asked
    for.
    """

    title: str
    today: str
    forge: str
    report: Report
    tags: Sequence[str]
    answers: Sequence[Answers]
    releases: Sequence[Release]
    tools: Sequence[Tool]
    files: Mapping[str, Tracked]
    commits: Mapping[str, Made]
    frameworks: Sequence[Reading] = ()

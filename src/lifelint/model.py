"""The nouns. Values only: nothing here reads a file, and nothing here imports the rest of lifelint.

They are named tuples because start-up is most of what a hook costs, and making a frozen dataclass takes five times as
long. Where they are made, annotations are evaluated: under ``from __future__ import annotations`` each would be text,
which ``typing`` compiles, and that is half of what it takes to make one.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

PHASES = ("scoping", "data", "model", "operation")
PRINCIPLES = ("reproducibility", "continuity", "collaboration", "evaluation")
LEVELS = ("uncontrolled", "agreed", "traceable", "controlled", "automated", "continuous")
STAGES: Mapping[str, int] = {"exploring": 2, "piloting": 3, "operating": 4}
"""A team's stage and the target level it sets (domain notes, catalogue preamble)."""


class Outcome(StrEnum):
    """What became of one rule on one project."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    BLOCKED = "blocked"
    PREMATURE = "premature"
    WAIVED = "waived"
    ERROR = "error"


class Severity(StrEnum):
    """How bad a failure is. Errors and warnings hold a level back, infos never do."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Strength(StrEnum):
    """How strong the evidence behind a pass is, weakest first."""

    DECLARED = "declared"
    PRESENT = "present"
    WELL_FORMED = "well-formed"
    BOUND = "bound"
    INTEGRITY = "integrity"
    TEMPORAL = "temporal"


class Observation(NamedTuple):
    """One thing a check looked at.

    ``ok`` is ``None`` when the thing could not be judged; ``detail`` then says why. ``subject`` is the stable name of
    the thing (``data/train.csv``, ``stage:train``, ``requirements.txt:numpy``) and never holds a line number: with rule
    and project it is the fingerprint. ``line`` and ``column`` count from 1; 0 means the whole file. ``waived`` is the
    reason why a bad one is accepted; one that is ``known`` is in the baseline.
    """

    ok: bool | None
    subject: str
    detail: str
    path: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    waived: str = ""
    known: bool = False


class Waiver(NamedTuple):
    """A failure that a project accepts for a stated time.

    ``subject`` is a glob over the subjects of the rule's observations. ``expires`` is the last day (ISO 8601) on which
    the waiver is in force; ``path`` and ``line`` are where it is written. One in a comment has no owner, and accepts
    only what is found at ``lines`` of that file.
    """

    rule: str
    subject: str
    reason: str
    owner: str
    expires: str
    line: int = 0
    path: str = ""
    lines: Sequence[int] = ()


class Diagnostic(NamedTuple):
    """Something in the input that could not be read or used, told once, with its place."""

    path: str
    line: int
    message: str


class Past(NamedTuple):
    """A commit of an example's history: what it changed (``None`` removes a file), and its tags.

    ``tags`` maps names to the principal that signed them, ``""`` for none. ``parent`` is the commit listed before it
    unless one is named; ``""`` for none.
    """

    commit: str
    files: Mapping[str, str | None] = MappingProxyType({})
    tags: Mapping[str, str] = MappingProxyType({})
    author: str = "Ada"
    message: str = ""
    parent: str | None = None


class Example(NamedTuple):
    """A miniature repository, and what a rule says about it.

    With a ``history``, the tree that is judged is that of its last commit, changed by ``files``. That of a rule about a
    change has a ``base``: the files before the change (with a ``history``, what they alter in its last tree), and
    ``files`` are what the change made of them (``None`` removes one). With a ``project``, one of the repository's
    projects is judged: that at this folder. One that fails is ``fixed`` if the rule's fix mends it, or writes what a
    person has to fill in.
    """

    title: str
    files: Mapping[str, str | None]
    outcome: Outcome
    at: Sequence[str] = ()
    because: str = ""
    history: Sequence[Past] = ()
    shallow: bool = False
    base: Mapping[str, str] | None = None
    fixed: bool = False
    project: str | None = None


SCOPES = ("repository", "file", "change")
"""What a rule looks at: a state, single files of it, or what came between two states."""


class Remedy(NamedTuple):
    """What ``lifelint fix`` does where a rule fails.

    ``by`` is the address of a function of ``lifelint.fix.fixers``, ``title`` says what it does. With a ``template`` (a
    file of ``templates/fix/``) it writes what a person has to fill in, so that the rule still fails; without one it
    mends. ``then`` names rules that may fail afterwards, because what they say is true only then.
    """

    by: str
    title: str
    template: str = ""
    then: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """``mechanical`` or ``scaffold``."""
        return "scaffold" if self.template else "mechanical"


class Rule(NamedTuple):
    """A sentence that is true when it passes, the check that decides it, and why anyone should care.

    The path of its file is its identity: ``rules/<area>/<id>.yaml``. ``instead_of`` names rules about a state whose new
    problems are told by this one, about a change, where both saw the same.
    """

    id: str
    area: str
    title: str
    phases: Sequence[str]
    principle: str
    level: int
    severity: Severity
    strength: Strength
    check: str
    looks_at: str
    rationale: str
    remediation: str
    params: Mapping[str, Any] = MappingProxyType({})
    facets: Sequence[str] = ()
    needs: Sequence[str] = ()
    rests_on: Sequence[str] = ()
    instead_of: Sequence[str] = ()
    scope: str = "repository"
    status: str = "stable"
    since: str = ""
    was: Sequence[str] = ()
    rev: int = 1
    references: Sequence[str] = ()
    examples: Sequence[Example] = ()
    fix: Remedy | None = None
    source: str = ""

    @property
    def advice(self) -> str:
        """The first paragraph of the remediation, on one line; what it announces with a colon is left to `explain`."""
        text = " ".join(self.remediation.split("\n\n")[0].split())
        return f"{text[:-1]} …" if text.endswith(":") else text


class Finding(NamedTuple):
    """The outcome of one rule on one project, with all it looked at. Passes carry their evidence too."""

    rule: Rule
    outcome: Outcome
    observations: Sequence[Observation] = ()
    note: str = ""


class Subject(NamedTuple):
    """What was inspected. ``revision`` is a full commit id, or empty where there is none; ``dirty`` is ``None`` where
    nobody asked whether the content differs from the revision's."""

    path: str
    kind: str
    revision: str = ""
    dirty: bool | None = False
    shallow: bool = False

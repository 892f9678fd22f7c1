"""The nouns of plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from lifelint.facts import Facts
from lifelint.model import Observation, Rule
from lifelint.projects import Share
from lifelint.snapshot import Missing

if TYPE_CHECKING:
    from lifelint.fix.texts import Texts

Held = Callable[[str], bytes | Missing | None]
"""What lies at a path where it would be written: its bytes, nothing, or why it is not to be touched."""

Render = Callable[[str, Mapping[str, Any]], str]
"""The text that a template of ours makes of facts."""


class CannotFix(Exception):
    """Why a fixer has nothing to propose; the message is read by a person."""


class About(Protocol):
    """A project, as what fills templates sees it: its facts, and its root."""

    @property
    def share(self) -> Share: ...

    @property
    def root(self) -> str: ...


class Change(NamedTuple):
    """The characters of ``path`` from ``start`` to ``end`` become ``text``. Of a file that is not there both are 0."""

    path: str
    start: int
    end: int
    text: str


class Case(NamedTuple):
    """What a fixer is asked to mend: one observation of a failed rule, with what is known of the repository.

    ``share`` are the facts of the project at ``root``; ``texts`` what its files hold, with what was planned so far.
    """

    rule: Rule
    seen: Observation
    facts: Facts
    share: Share
    root: str
    texts: Texts
    render: Render


class Key(NamedTuple):
    """One thing that fails: the same in every run."""

    rule: str
    project: str
    subject: str


class Fix(NamedTuple):
    """Changes that mend one thing (``mechanical``), or that leave a person less to write (``scaffold``).

    ``detail`` is what was seen there. ``then`` are rules that fail afterwards, as they should.
    """

    key: Key
    rule: Rule
    detail: str
    changes: Sequence[Change]
    then: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """``mechanical`` or ``scaffold``."""
        return self.rule.fix.kind if self.rule.fix else ""


class Edit(NamedTuple):
    """What a file held, ``None`` where there was none, and what it is to hold."""

    path: str
    before: bytes | None
    after: bytes


class Step(NamedTuple):
    """All that one rule changes at one time; each edit begins where those of earlier steps ended."""

    rule: Rule
    fixes: Sequence[Fix]
    edits: Sequence[Edit]


class Left(NamedTuple):
    """Something that fails, and why it stays so. ``written`` is a planned file that is to be filled in, if any."""

    key: Key
    rule: Rule
    detail: str
    path: str
    line: int
    why: str
    written: str = ""


class Plan(NamedTuple):
    """Steps to be taken in their order, and what they leave to a person."""

    steps: Sequence[Step]
    left: Sequence[Left]

    @property
    def edits(self) -> Sequence[Edit]:
        """What becomes of each file in all."""
        made: dict[str, Edit] = {}
        for edit in (edit for step in self.steps for edit in step.edits):
            before = made[edit.path].before if edit.path in made else edit.before
            made[edit.path] = Edit(edit.path, before, edit.after)
        return [edit for _, edit in sorted(made.items()) if edit.before != edit.after]

    @property
    def fixes(self) -> Sequence[Fix]:
        """All fixes, in the order of the steps."""
        return [fix for step in self.steps for fix in step.fixes]

"""Several processes for a large repository: forks make most of the facts, and then another half of the findings.

All are functions of the snapshot alone, so it does not show in the report where they were made. Only what a fork
hands over is taken: when it dies, all it was to make is made here, as if there had been no fork.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from lifelint.engine import Given, needed, run_each
from lifelint.facts import KINDS, Collected, Facts, Source, Unread, below
from lifelint.facts.code import candidates, seek
from lifelint.model import Finding, Rule

T = TypeVar("T")

_APART = frozenset(
    {"environment", "containers", "pythons", "accelerators", "run_images", "installs", "references", "splits"}
)
"""Modules of facts that are made of no fact of the others, and take about half of the time."""

_CODE = ("steps", "owned_paths")
"""Kinds that rest on the code that the fork finds. They come last, with all others that are made of its facts."""


_WRITTEN = "documents"
"""What people write takes long to read and is needed last: another fork makes it with what rests on it, while this
process and the first fork have work for themselves. Three share two processors better than two do."""

_BESIDE = ("past_blobs", "statements")
"""What is made beside the others that come last: git goes through all of the history for the first."""


class _Seen(NamedTuple):
    """What a fork could not read, and what it found edited on the way."""

    unread: dict[Unread, None]
    edited: dict[str, str]


class _Made(NamedTuple):
    """What a fork hands over of the facts of a state: those it made, and the code it found."""

    facts: dict[str, Collected]
    code: tuple[Mapping[str, bytes], Sequence[Unread]] | None
    seen: _Seen


def prepare(states: Sequence[Facts], rules: Sequence[Rule]) -> None:
    """Makes the facts that these rules will ask for, in three processes where the machine can do it.

    Each makes the same kinds of all states: what two of them share is read, parsed and handed over once.
    """
    if not _can_fork():
        return
    kinds = needed(rules)
    theirs = [kind for kind in kinds if KINDS[kind].partition(".")[0] in _APART]
    late = [kind for kind in kinds if kind not in theirs and _rests_on(kind, *theirs, *_CODE)]
    written = [kind for kind in kinds if kind not in late and _rests_on(kind, _WRITTEN)]
    parts = [part for kind in late for part in below(kind) if not _rests_on(part, *theirs, *_CODE, _WRITTEN)]
    ours = [kind for kind in (*kinds, *parts) if kind not in (*theirs, *late, *written)]
    if not (theirs and ours):
        return
    _close(states)
    for facts in states:  # what all need
        facts.source.own  # noqa: B018
        if len(states) > 1:
            facts.source.snapshot.touched  # noqa: B018
    seek(states[0].source)  # goes on in a third process while these two work
    with _forked(states, theirs) as fork:
        _make(states, below(_WRITTEN) if written else ())
        with _forked(states, written) as reader:
            _make(states, ours)
            _adopt(states, reader.result())
        _adopt(states, fork.result())
    _make(states, ["facets"])
    more = needed(rules, {facet.name for facts in states for facet in facts.get("facets").items})
    with _forked(states, [kind for kind in more if kind in _BESIDE]) as fork:
        _make(states, [kind for kind in more if kind not in _BESIDE])
        _adopt(states, fork.result())


def _forked(states: Sequence[Facts], kinds: Sequence[str]) -> _Fork[list[_Made]]:
    """Another process that makes these kinds. Where one crashes it hands nothing over: it is told where all is made."""

    def work() -> list[_Made]:
        return [_made(facts, kinds) for facts in states]

    _close(states)
    return _Fork(states, work)


def _made(facts: Facts, kinds: Sequence[str]) -> _Made:
    source = facts.source
    known = source.found(candidates)
    made = {kind: facts[kind] for kind in kinds}
    return _Made(made, None if known else source.found(candidates), _seen(source))


def _make(states: Iterable[Facts], kinds: Iterable[str]) -> None:
    for facts in states:
        for kind in kinds:
            facts.get(kind)


def _close(states: Iterable[Facts]) -> None:
    for facts in states:
        facts.source.snapshot.close()


def _rests_on(kind: str, *others: str) -> bool:
    return kind in others or any(_rests_on(name, *others) for name in below(kind))


def _adopt(states: Sequence[Facts], made: Sequence[_Made] | None) -> None:
    for facts, one in zip(states, made or (), strict=False):  # of a fork that died there is nothing
        _take(facts.source, one.seen)
        facts.adopt(one.facts)
        if one.code is not None:
            facts.source.adopt(candidates, one.code)


def judge(
    states: Sequence[Facts], rules: Sequence[Rule], projects: Sequence[Sequence[Given]]
) -> Sequence[Sequence[Sequence[Finding]]]:
    """As ``run_each``, in two processes where the machine can do it. ``states`` are what the facts given are of."""
    if len(projects) < 2 or not _can_fork():
        return list(run_each(rules, projects))
    _close(states)

    def work() -> tuple[list[list[list[_Said]]], list[_Seen]]:
        return _said(run_each(rules, projects[1::2])), [_seen(facts.source) for facts in states]

    with _Fork(states, work) as fork:
        ours = list(run_each(rules, projects[::2]))
        made = fork.result()
    if made is None:
        theirs: Sequence[Sequence[Sequence[Finding]]] = list(run_each(rules, projects[1::2]))
    else:
        theirs = _found(rules, made[0])
        for facts, seen in zip(states, made[1], strict=True):
            _take(facts.source, seen)
    found: list[Sequence[Sequence[Finding]]] = [()] * len(projects)
    found[::2], found[1::2] = ours, theirs
    return found


_Said = tuple[Any, ...]
"""A finding without its rule, which is known on both sides. One object where it is one finding: many projects share."""


def _said(findings: Iterable[Sequence[Sequence[Finding]]]) -> list[list[list[_Said]]]:
    known: dict[int, _Said] = {}
    kept = []
    for of_project in findings:
        kept.append(of_project)  # an id is that of one object as long as that is there
        for of_state in of_project:
            for finding in of_state:
                if id(finding) not in known:
                    known[id(finding)] = finding[1:]
    return [[[known[id(finding)] for finding in of_state] for of_state in of_project] for of_project in kept]


def _found(rules: Sequence[Rule], said: Sequence[Sequence[Sequence[_Said]]]) -> list[list[list[Finding]]]:
    known: dict[int, Finding] = {}
    for of_project in said:
        for of_state in of_project:
            for rule, one in zip(rules, of_state, strict=True):
                if id(one) not in known:
                    known[id(one)] = Finding(rule, *one)
    return [[[known[id(one)] for one in of_state] for of_state in of_project] for of_project in said]


def _seen(source: Source) -> _Seen:
    return _Seen(source.unread, dict(source.snapshot.edited))


def _take(source: Source, seen: _Seen) -> None:
    source.unread |= seen.unread
    source.snapshot.edited.update(seen.edited)


def _can_fork() -> bool:
    # Where the usable processors can be told a fork is safe too; macOS and Windows know neither.
    if not hasattr(os, "sched_getaffinity") or not hasattr(os, "fork"):
        return False
    return len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


class _Fork(Generic[T]):
    """A copy of this process that works something out, sends it, and ends.

    The snapshots have been closed before: a process that answers both would mix up their answers.
    """

    def __init__(self, states: Iterable[Facts], work: Callable[[], T]) -> None:
        self._answer, answer = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            status = 1
            try:
                os.close(self._answer)
                _send(states, work, answer)
                status = 0
            finally:
                os._exit(status)  # whatever happened: nothing of what the parent does at its end is done twice
        os.close(answer)

    def result(self) -> T | None:
        """What it made; ``None`` when it failed."""
        with open(self._answer, "rb", closefd=False) as file:
            sent = file.read()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        made: T | None = pickle.loads(sent) if status == 0 else None  # noqa: S301  (from ourselves)
        return made

    def __enter__(self) -> _Fork[T]:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it where its result is no longer wanted."""
        os.close(self._answer)
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _send(states: Iterable[Facts], work: Callable[[], object], answer: int) -> None:
    made = work()
    _close(states)
    with open(answer, "wb") as file:
        pickle.dump(made, file, pickle.HIGHEST_PROTOCOL)

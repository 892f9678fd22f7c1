"""Two processes for a large repository: a fork makes the facts of environments while the others are made here.

Facts are functions of the snapshot alone, so it does not show in the report where they were made. Only what the fork
hands over is taken: when it dies, all it was to make is made here, as if there had been no fork.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Collection
from typing import NamedTuple

from lifelint.facts import KINDS, Collected, Facts, Unread

_APART = frozenset({"environment", "containers", "pythons", "installs", "accelerators"})
"""Modules of facts that are made of no fact of the others, and take about half of the time."""


class _Made(NamedTuple):
    """What the fork hands over: facts, what it could not read, and what it found edited on the way."""

    facts: dict[str, Collected]
    unread: dict[Unread, None]
    edited: dict[str, str]


def prepare(facts: Facts, kinds: Collection[str]) -> None:
    """Makes facts that will be asked for, in two processes where the machine can do it."""
    theirs = [kind for kind in kinds if KINDS[kind].partition(".")[0] in _APART]
    ours = [kind for kind in kinds if kind not in theirs and kind != "facets"]  # facets are made of all the others
    if not (theirs and ours) or not _can_fork():
        return
    facts.source.own  # noqa: B018  (both need it)
    fork = _Fork(facts, theirs)
    try:
        for kind in ours:
            facts[kind]
        made = fork.result()
    finally:
        fork.end()
    if made is not None:
        facts.adopt(made.facts)
        facts.source.unread |= made.unread
        facts.source.snapshot.edited.update(made.edited)


def _can_fork() -> bool:
    # Where the usable processors can be told a fork is safe too; macOS and Windows know neither.
    if not hasattr(os, "sched_getaffinity") or not hasattr(os, "fork"):
        return False
    return len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


class _Fork:
    """A copy of this process that makes some facts, sends them, and ends."""

    def __init__(self, facts: Facts, kinds: Collection[str]) -> None:
        facts.source.snapshot.close()  # a process that answers both would mix up their answers
        self._answer, answer = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            status = 1
            try:
                os.close(self._answer)
                _work(facts, kinds, answer)
                status = 0
            finally:
                os._exit(status)  # whatever happened: nothing of what the parent does at its end is done twice
        os.close(answer)

    def result(self) -> _Made | None:
        """What it made; ``None`` when it failed."""
        with open(self._answer, "rb", closefd=False) as file:
            sent = file.read()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        made = pickle.loads(sent) if status == 0 else None  # noqa: S301  (from ourselves)
        return made if isinstance(made, _Made) else None

    def end(self) -> None:
        """Ends it where its result is no longer wanted."""
        os.close(self._answer)
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _work(facts: Facts, kinds: Collection[str], answer: int) -> None:
    made = {kind: facts[kind] for kind in kinds}
    snapshot = facts.source.snapshot
    snapshot.close()
    with open(answer, "wb") as file:
        pickle.dump(_Made(made, facts.source.unread, dict(snapshot.edited)), file, pickle.HIGHEST_PROTOCOL)

"""Two processes for a large repository: a fork makes the facts of environments while the others are made here.

Facts are functions of the snapshot alone, so it does not show in the report where they were made. Only what the fork
hands over is taken: when it dies, all it was to make is made here, as if there had been no fork.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from lifelint.facts import KINDS, Collected, Facts, Unread
from lifelint.facts.code import candidates

_APART = frozenset(
    {"environment", "containers", "pythons", "accelerators", "run_images", "installs", "references", "splits"}
)
"""Modules of facts that are made of no fact of the others, and take about half of the time."""

_AFTER = frozenset({"steps"})
"""Modules of facts that rest on both: on the code that the fork finds, and on facts that are made here."""


class _Made(NamedTuple):
    """What the fork hands over: facts, what it could not read, what it found edited on the way, and code."""

    facts: dict[str, Collected]
    unread: dict[Unread, None]
    edited: dict[str, str]
    code: tuple[Mapping[str, bytes], Sequence[Unread]] | None


def prepare(facts: Facts, kinds: Collection[str]) -> None:
    """Makes facts that will be asked for, in two processes where the machine can do it."""
    modules = {
        kind: KINDS[kind].partition(".")[0] for kind in kinds if kind != "facets"
    }  # those are made of all others
    theirs = [kind for kind, module in modules.items() if module in _APART]
    ours = [kind for kind, module in modules.items() if module not in _APART | _AFTER]
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
        if made.code is not None:
            facts.source.adopt(candidates, made.code)


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
        code = facts.source.found(candidates)
        pickle.dump(_Made(made, facts.source.unread, dict(snapshot.edited), code), file, pickle.HIGHEST_PROTOCOL)

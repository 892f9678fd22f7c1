"""A change: two states judged by the same rules, compared by rule, project and subject. Lines may move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lifelint.config import Difference
from lifelint.triage.metrics import Measured
from lifelint.triage.problem import Problem
from lifelint.triage.versions import Version, Versions


class Altered(NamedTuple):
    """Something whose version differs. ``before`` or ``after`` is empty where there was or is none.

    ``sizes`` are in bytes, ``counts`` those of files or packages, before and after, ``None`` where not recorded.
    """

    kind: str
    name: str
    before: str
    after: str
    sizes: tuple[int | None, int | None]
    counts: tuple[int | None, int | None]


class Change(NamedTuple):
    """What came between the commits ``base`` and ``head`` (``""``: not committed).

    ``new`` are problems that the base does not have, ``fixed`` those that it had and that are known to be gone;
    ``unchanged`` counts those of both.
    ``levels`` maps each project of both states to its level before and after. ``configuration`` is in what the head's
    configuration differs from the base's, by which both were judged. ``evaluations`` counts the reports and outputs of
    evaluating stages that are the same as before; ``metrics`` are those whose values differ.
    """

    base: str
    head: str
    new: Sequence[Problem]
    fixed: Sequence[Problem]
    unchanged: int
    levels: Mapping[str, tuple[int | None, int | None]]
    altered: Sequence[Altered] = ()
    evaluations: int = 0
    metrics: Sequence[Measured] = ()
    configuration: Sequence[Difference] = ()

    @property
    def not_evaluated(self) -> bool:
        """Whether a model has another version and all that was evaluated is from before."""
        kinds = {one.kind for one in self.altered}
        return "model" in kinds and "evaluation" not in kinds and self.evaluations > 0


_NONE = Version("")


def altered(before: Versions, after: Versions) -> list[Altered]:
    """What has another version than before, sorted by kind and name. What was only moved has the same one."""
    gone, come = ({(key[0], a[key].text) for key in a.keys() - b.keys()} for a, b in ((before, after), (after, before)))
    moved = gone & come
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key, _NONE), after.get(key, _NONE)
        if old.text != new.text and (key[0], old.text or new.text) not in moved:
            found.append(Altered(*key, old.text, new.text, (old.size, new.size), (old.number, new.number)))
    return found


def unchanged_evaluations(before: Versions, after: Versions) -> int:
    """How many reports and outputs of evaluating stages are there before and after, with the same digest."""
    return sum(
        kind == "evaluation" and after.get((kind, name), _NONE).text == version.text
        for (kind, name), version in before.items()
    )

"""What is wrong in one state: the unit that a change is told in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifelint.model import Observation, Rule


class Problem(NamedTuple):
    """A bad observation of a failed rule at or below the target level, waived ones left out.

    ``also`` are problems of rules about a state that it is told instead of.
    """

    rule: Rule
    project: str
    observation: Observation
    also: Sequence[Problem] = ()

"""What came between two states that the same rules judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lifelint.triage.change import Change
from lifelint.triage.once import told_once
from lifelint.triage.problem import Scored, apart, gone, problems

if TYPE_CHECKING:
    from lifelint.facts import Facts


def compared(base: Sequence[Scored], head: Sequence[Scored], commits: tuple[str, str]) -> Change:
    """The problems that the projects of ``base`` do not have, those that are gone, and the levels.

    ``commits`` are those of both, ``""`` for what is not committed.
    """
    before, after = problems(base), problems(head)
    shown = {key for key, problem in after.items() if not problem.hidden}
    fixed = gone([key for key, problem in before.items() if not problem.hidden], head)
    was, is_ = ({problem.identity for problem in state.values()} for state in (before, after))
    fresh = apart([after[key] for key in sorted(shown - before.keys())], was)
    cards = [{p.root: p.scorecard.level for p in state if p.scorecard} for state in (base, head)]
    return Change(
        *commits,
        new=told_once(fresh),
        fixed=apart([before[key] for key in sorted(fixed)], is_),
        unchanged=len(apart(after[key] for key in shown if key in before or after[key].identity in was)),
        levels={root: (cards[0].get(root), cards[1].get(root)) for root in sorted({*cards[0], *cards[1]})},
    )


def with_versions(change: Change, old: Facts, new: Facts) -> Change:
    """``change`` with what it replaced: data, models, environments and evaluations, with their metrics."""
    from lifelint.triage.change import altered, unchanged_evaluations
    from lifelint.triage.metrics import measured
    from lifelint.triage.versions import versions

    then, now = versions(old), versions(new)
    return change._replace(
        altered=altered(then, now),
        evaluations=unchanged_evaluations(then, now),
        metrics=measured(old.get("evaluations").items, new.get("evaluations").items),
    )

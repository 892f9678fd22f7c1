"""A beginning: its parts, each proven to break nothing, and the baseline of what fails in spite of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from lifelint.config import BASELINE, Config, parse
from lifelint.fix.noun import CannotFix, Change, Edit
from lifelint.fix.proof import Judged
from lifelint.fix.texts import changed, encode
from lifelint.init.configuration import configuration
from lifelint.init.hooks import hooks
from lifelint.init.noun import Beginning, Ground, LeftOut, Proposal, Written
from lifelint.init.proof import Ruler, broken, outlook
from lifelint.init.workflow import workflow
from lifelint.inspection import ProjectReport
from lifelint.triage.baseline import known, text

_MAKERS: Mapping[str, Callable[[Ground], Proposal]] = {"config": configuration, "hooks": hooks, "workflow": workflow}
_NAMED = 3


def begun(ground: Ground, parts: Collection[str], ruler: Ruler) -> Beginning:
    """What is proposed of these ``parts``, what is not and why, and what a check says with it."""
    proposals, left_out = _proposed(ground, parts)
    config = next((_parsed(one) for one in proposals if one.part == "config"), ground.config)
    now = ruler.judged(ground.facts, config)
    trial = _tried(ground, config, proposals, ruler, now)
    if trial.refuted.get("config"):  # what else there is was judged by it
        rest = begun(ground, {*parts} - {"config"}, ruler)
        return rest._replace(left_out=[LeftOut("config", trial.refuted["config"]), *rest.left_out])
    made = [*trial.kept]
    left_out += [LeftOut(part, why) for part, why in trial.refuted.items()]
    if "baseline" in parts:
        try:
            made.append(written(ground, _baseline(ground, trial.after.report.projects)))
        except CannotFix as error:
            left_out.append(LeftOut("baseline", str(error)))
    facts = ruler.facts(ground.snapshot, config, _files(ground, made))
    return Beginning(made, left_out, outlook(ground.facts, facts, ground.config, ruler))


class _Trial(NamedTuple):
    """What breaks nothing, why the rest does not, and how things stand then."""

    kept: Sequence[Written]
    refuted: Mapping[str, str]
    after: Judged


def _tried(ground: Ground, config: Config, proposals: Sequence[Written], ruler: Ruler, now: Judged) -> _Trial:
    """All at once, which is nearly always good; else one after the other."""
    files = _files(ground, proposals)
    after = ruler.judged(ruler.facts(ground.snapshot, config, files), config) if files else now
    why = broken(now, after, files)
    if not why:
        return _Trial(proposals, {}, after)
    if len(proposals) == 1:
        return _Trial((), {proposals[0].part: why}, now)
    kept: list[Written] = []
    refuted: dict[str, str] = {}
    for one in proposals:
        files = _files(ground, [*kept, one])
        after = ruler.judged(ruler.facts(ground.snapshot, config, files), config)
        why = broken(now, after, files)
        if why:
            refuted[one.part] = why
        else:
            kept.append(one)
            now = after
    return _Trial(kept, refuted, now)


def _files(ground: Ground, written: Sequence[Written]) -> Mapping[str, bytes]:
    """What they hold, as git would store it."""
    return ground.texts.stored_form({edit.path: edit.after for one in written for edit in one.edits})


def _proposed(ground: Ground, parts: Collection[str]) -> tuple[list[Written], list[LeftOut]]:
    proposals: list[Written] = []
    left_out: list[LeftOut] = []
    for part, make in _MAKERS.items():
        if part in parts:
            try:
                proposals.append(written(ground, make(ground)))
            except CannotFix as error:
                left_out.append(LeftOut(part, str(error)))
    return proposals, left_out


def written(ground: Ground, proposal: Proposal) -> Written:
    """What a proposal makes of each file."""
    texts = ground.texts
    edits = [
        Edit(path, texts.content(path), encode(changed(texts[path], [c for c in proposal.changes if c.path == path])))
        for path in dict.fromkeys(change.path for change in proposal.changes)
    ]
    return Written(proposal.part, edits, proposal.why)


def _parsed(written: Written) -> Config:
    [edit] = written.edits
    config = parse(edit.path, edit.after)
    assert config is not None
    return config


def _baseline(ground: Ground, projects: Sequence[ProjectReport]) -> Proposal:
    """What fails, accepted as it is.

    Raises:
        CannotFix: there is a baseline, or nothing fails.
    """
    if BASELINE in ground.snapshot.entries or ground.texts.content(BASELINE) is not None:
        raise CannotFix(f"{BASELINE} is there, and stays as it is; `lifelint baseline update` makes it anew")
    held = known(projects)
    if not held:
        raise CannotFix("nothing fails at or below the target level, so there is nothing to accept")
    rules = Counter(one.rule for one in held)
    most = sorted(rules.items(), key=lambda one: (-one[1], one[0]))[:_NAMED]
    named = ", ".join(f"{rule} ({count})" for rule, count in most)
    more = len(rules) - len(most)
    rest = f" and {more} more rule{'s' * (more > 1)}" if more else ""
    return Proposal(
        "baseline",
        [Change(BASELINE, 0, 0, text(held))],
        [
            f"{len(held)} problem{'s' * (len(held) > 1)} that nobody has to mend today: {named}{rest}.",
            "They still count in the level and are marked in every report; only new ones make `check` exit 1.",
        ],
    )

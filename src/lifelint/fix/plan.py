"""What would be written where rules fail: proposed by fixers, proven by the rules themselves, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.catalog import Catalog
from lifelint.config import Config
from lifelint.engine import FIXERS, resolve
from lifelint.fix.noun import CannotFix, Case, Change, Edit, Fix, Held, Key, Left, Plan, Render, Step
from lifelint.fix.proof import Judge, Judged, combined, proven
from lifelint.fix.texts import Texts, overlapping
from lifelint.model import Finding, Observation, Outcome, Remedy, Rule
from lifelint.projects import Project
from lifelint.snapshot import Snapshot

ROUNDS = 20
"""How often is looked for more that can be mended: what one round mends may lay open what another one can."""

_NOTHING = "there is nothing to propose here"

Accept = Callable[[Fix, Sequence[Edit]], bool]
"""Whether a fix is wanted, which would make these edits."""


class Asked(NamedTuple):
    """What is to be mended: the ``rules`` that were named, of one ``kind`` of fix if that is given.

    Without rules, those at or below the target level of each project.
    """

    rules: Sequence[str] = ()
    kind: str = ""


class State(NamedTuple):
    """What plans are made from. ``held`` tells what lies on the disk; ``folder`` is the only one that is looked at."""

    snapshot: Snapshot
    config: Config
    loaded: Catalog
    held: Held
    render: Render
    today: str = ""
    folder: str = ""


def planned(state: State, asked: Asked, accept: Accept | None = None) -> Plan:
    """The steps that mend what fails, and what they leave to a person. ``accept`` chooses among the fixes."""
    judge = Judge(state.snapshot, state.config, state.loaded, state.today, state.folder)
    files: dict[str, bytes] = {}
    steps: list[Step] = []
    why: dict[Key, str] = {}
    done: set[Key] = set()
    now = judge.judged(files)
    for _ in range(ROUNDS):
        texts = Texts(state.held, state.snapshot, dict(files))
        fixes = _compatible(_proposed(state, asked, now, texts, done, why))
        made = proven(fixes, texts, judge, now)
        why |= made.refuted
        if accept and made.fixes:
            wanted = [fix for fix in made.fixes if _wanted(fix, texts, accept)]
            why |= {fix.key: "it was declined" for fix in made.fixes if fix not in wanted}
            if len(wanted) < len(made.fixes):
                made = proven(wanted, texts, judge, now)
                why |= made.refuted
        if not made.fixes and not made.refuted:
            break
        done |= {fix.key for fix in made.fixes}
        steps += _steps(made.fixes, texts)
        files |= made.files
        now = made.after or now
    return Plan(steps, _left(asked, now, why, steps))


def failed(asked: Asked, now: Judged) -> Iterator[tuple[Key, Finding, Observation]]:
    """What fails of what is asked for, and is not waived."""
    for project in now.report.projects:
        for finding in project.findings:
            rule = finding.rule
            wanted = rule.id in asked.rules if asked.rules else rule.level <= project.target
            if wanted and finding.outcome is Outcome.FAIL and rule.scope != "change":
                for seen in finding.observations:
                    if seen.ok is False and not seen.waived:
                        yield Key(rule.id, project.root, seen.subject), finding, seen


def _proposed(
    state: State, asked: Asked, now: Judged, texts: Texts, done: set[Key], why: dict[Key, str]
) -> Iterator[Fix]:
    """What fixers propose. Why they do not is noted in ``why``."""
    for key, finding, seen in failed(asked, now):
        rule = finding.rule
        if rule.fix is None or key in done or key in why or (asked.kind and rule.fix.kind != asked.kind):
            continue
        share = now.shares.of(Project(key.project))
        case = Case(rule, seen, now.facts, share, key.project, texts, state.render)
        try:
            changes = [change for change in _fixer(rule.fix)(case) if _alters(change, texts)]
        except CannotFix as error:
            why[key] = str(error)
            continue
        if changes:
            yield Fix(key, rule, seen.detail, changes)
        else:
            why[key] = _NOTHING


def _fixer(remedy: Remedy) -> Callable[[Case], Iterable[Change]]:
    found: Callable[..., Any] = resolve(remedy.by, FIXERS)
    return found


def _alters(change: Change, texts: Texts) -> bool:
    return texts[change.path][change.start : change.end] != change.text or (
        change.path not in texts and not change.text
    )


def _compatible(fixes: Iterator[Fix]) -> list[Fix]:
    """Those that can be made at once; what overlaps waits for the next round."""
    kept: list[Fix] = []
    for fix in fixes:
        others = [change for one in kept for change in one.changes]
        if not any(overlapping(mine, other) or _twice(fix, mine, other) for mine in fix.changes for other in others):
            kept.append(fix)
    return kept


def _twice(fix: Fix, mine: Change, other: Change) -> bool:
    """Whether two templates would be written to one place."""
    return fix.kind == "scaffold" and mine.path == other.path and mine.end == other.end == 0


def _edits(fixes: Sequence[Fix], texts: Texts) -> list[Edit]:
    return [Edit(path, texts.content(path), data) for path, data in sorted(combined(fixes, texts).items())]


def _wanted(fix: Fix, texts: Texts, accept: Accept) -> bool:
    return accept(fix, _edits([fix], texts))


def _steps(fixes: Sequence[Fix], texts: Texts) -> Iterator[Step]:
    """The fixes of a round by their rules; together they make of each file what all of them make of it."""
    before: Mapping[str, bytes] = {}
    so_far: list[Fix] = []
    by_rule: dict[str, list[Fix]] = {}
    for fix in fixes:
        by_rule.setdefault(fix.key.rule, []).append(fix)
    for some in by_rule.values():
        so_far += some
        after = combined(so_far, texts)
        edits = [
            Edit(path, before.get(path, texts.content(path)), data)
            for path, data in sorted(after.items())
            if any(change.path == path for fix in some for change in fix.changes)
        ]
        yield Step(some[0].rule, some, edits)
        before = after


def _left(asked: Asked, now: Judged, why: Mapping[Key, str], steps: Sequence[Step]) -> list[Left]:
    """What fails still: without a fix, or with a template to be filled in."""
    written = {
        (fix.key.rule, fix.key.project): fix.changes[0].path
        for step in steps
        for fix in step.fixes
        if fix.kind == "scaffold"
    }
    found = []
    for key, finding, seen in failed(asked, now):
        file = written.get((key.rule, key.project), "")
        because = f"{file} is to be filled in" if file else why.get(key, _why(finding.rule, asked))
        found.append(Left(key, finding.rule, seen.detail, seen.path, seen.line, because, file))
    return found


def _why(rule: Rule, asked: Asked) -> str:
    if rule.fix and asked.kind and rule.fix.kind != asked.kind:
        return f"its fix is a {rule.fix.kind}" if rule.fix.kind == "scaffold" else "its fix is mechanical"
    return ""

"""Whether changes do what they are meant to do: the rules run again, on the changed tree in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lifelint.catalog import Catalog
from lifelint.config import Config
from lifelint.facts import Facts, Memo, Source
from lifelint.fix.noun import Change, Fix, Key
from lifelint.fix.texts import Texts, changed, encode
from lifelint.inspection import ProjectReport, Report, inspect_facts
from lifelint.model import Finding, Observation, Outcome
from lifelint.projects import Project, Shares
from lifelint.snapshot import Snapshot
from lifelint.snapshot.overlay import OverlaySnapshot

_BROKEN = (Outcome.ERROR, Outcome.UNKNOWN)


class Judged(NamedTuple):
    """A state with its facts, what is found in it, and the facts of each project.

    Where one folder was asked for, ``report`` is of it, and ``beyond`` of the projects of the whole repository.
    """

    facts: Facts
    report: Report
    shares: Shares
    beyond: Sequence[ProjectReport] = ()

    def findings(self) -> Iterable[tuple[str, Finding]]:
        """The findings of all projects, each with the root of its project."""
        every = (*self.report.projects, *self.beyond)
        return ((project.root, finding) for project in every for finding in project.findings)

    def failing(self) -> Mapping[Key, Observation]:
        """All that is not good, whatever became of the rule for it."""
        return {
            Key(finding.rule.id, root, seen.subject): seen
            for root, finding in self.findings()
            for seen in finding.observations
            if seen.ok is False
        }


class Judge:
    """Judges a repository as it would be with some files changed, or a folder in it, and what else may break there.

    Files that stay the same are parsed once.
    """

    def __init__(self, snapshot: Snapshot, config: Config, loaded: Catalog, today: str, folder: str = "") -> None:
        self._snapshot, self._loaded, self._today, self._folder = snapshot, loaded, today, folder
        self._config = config._replace(select=(), ignore=())
        self._memo = Memo()

    def judged(self, files: Mapping[str, bytes]) -> Judged:
        """The state with these files in place of those that it has."""
        snapshot = OverlaySnapshot(self._snapshot, files) if files else self._snapshot
        facts = Facts(Source(snapshot, exclude=self._config.exclude, memo=self._memo))
        report = self._report(facts, self._folder)
        beyond = self._report(facts, "").projects if self._folder else ()
        shares = Shares(facts, [Project(project.root) for project in report.projects])
        return Judged(facts, report, shares, [one for one in beyond if one.root != self._folder])

    def _report(self, facts: Facts, folder: str) -> Report:
        return inspect_facts(facts, self._config, self._loaded, folder=folder, today=self._today)


class Proven(NamedTuple):
    """Fixes that hold together, what the files that they change would hold, why others do not hold, and the state then.

    ``after`` is the state in which they were tried, ``None`` where nothing holds.
    """

    fixes: Sequence[Fix]
    files: Mapping[str, bytes]
    refuted: Mapping[Key, str]
    after: Judged | None = None


class _Trial(NamedTuple):
    """Some fixes made together. ``refuted`` are those that do not do what they are for, ``spread`` what else breaks."""

    fixes: Sequence[Fix]
    files: Mapping[str, bytes]
    refuted: Mapping[Key, str]
    spread: str
    after: Judged | None = None


def proven(fixes: Sequence[Fix], texts: Texts, judge: Judge, now: Judged) -> Proven:
    """Those of ``fixes`` that hold: together if they do, else as many as go together, taken in their order."""
    refuted: dict[Key, str] = {}
    kept = list(fixes)
    while kept:
        trial = _tried(kept, texts, judge, now)
        if not trial.refuted and not trial.spread:
            return Proven(trial.fixes, trial.files, refuted, trial.after)
        if not trial.refuted:
            return _one_by_one(kept, texts, judge, now, refuted)
        refuted |= trial.refuted
        kept = [fix for fix in kept if fix.key not in refuted]
    return Proven((), {}, refuted)


def _one_by_one(fixes: Sequence[Fix], texts: Texts, judge: Judge, now: Judged, refuted: Mapping[Key, str]) -> Proven:
    best = _Trial((), {}, {}, "")
    why = dict(refuted)
    for fix in fixes:
        trial = _tried([*best.fixes, fix], texts, judge, now)
        if trial.refuted or trial.spread:
            why[fix.key] = trial.refuted.get(fix.key) or trial.spread or "it does not go together with others"
        else:
            best = trial
    return Proven(best.fixes, best.files, why, best.after)


def combined(fixes: Iterable[Fix], texts: Texts) -> Mapping[str, bytes]:
    """What the files hold that these fixes change, once all are made."""
    changes: dict[str, list[Change]] = {}
    for fix in fixes:
        for change in fix.changes:
            changes.setdefault(change.path, []).append(change)
    return {path: encode(changed(texts[path], made)) for path, made in changes.items()}


def _tried(fixes: Sequence[Fix], texts: Texts, judge: Judge, now: Judged) -> _Trial:
    files = combined(fixes, texts)
    after = judge.judged(texts.stored_form(files))
    before, failing = now.failing(), after.failing()
    outcomes = {(root, finding.rule.id): finding.outcome for root, finding in after.findings()}
    refuted = {fix.key: why for fix in fixes if (why := _refutation(fix, failing, outcomes, now))}
    scaffolds = [fix.key for fix in fixes if fix.kind == "scaffold"]
    scaffolded = {(root, key.rule) for key in scaffolds for root, _ in after.findings() if _around(root, key.project)}
    # What could not be judged before was not good before: it is laid open, not broken
    unknown = {(root, finding.rule.id) for root, finding in now.findings() if finding.outcome in _BROKEN}
    fresh = [key for key in failing if key not in before and key[1::-1] not in scaffolded | unknown]
    accepted = {rule for fix in fixes if fix.rule.fix for rule in fix.rule.fix.then}
    then = sorted({key.rule for key in fresh if key.rule in accepted})
    spread = next((f"it would make {key.rule} fail for {key.subject}" for key in fresh if key.rule not in accepted), "")
    known = {(one.path, one.message) for one in now.report.diagnostics}
    unread = [one for one in after.report.diagnostics if one.path in files and (one.path, one.message) not in known]
    spread = spread or next((f"{one.path}:{one.line} would not be read: {one.message}" for one in unread), "")
    told = [fix._replace(then=[rule for rule in then if fix.rule.fix and rule in fix.rule.fix.then]) for fix in fixes]
    return _Trial(told, files, refuted, spread, after)


def _around(root: str, folder: str) -> bool:
    return not root or f"{folder}/".startswith(f"{root}/")


def _refutation(
    fix: Fix, failing: Mapping[Key, Observation], outcomes: Mapping[tuple[str, str], Outcome], now: Judged
) -> str:
    """Why a fix is not what it is said to be, or ``""``."""
    outcome = outcomes.get((fix.key.project, fix.key.rule), Outcome.NOT_APPLICABLE)
    if fix.kind == "scaffold":
        done = outcome not in (Outcome.FAIL, Outcome.BLOCKED)
        return "a template that nobody has filled in would make it pass" if done else ""
    if fix.key in failing:
        return "it would still fail"
    if outcome is Outcome.NOT_APPLICABLE:
        return "the rule would have nothing to judge any more"
    was = next(f.outcome for root, f in now.findings() if (root, f.rule.id) == (fix.key.project, fix.key.rule))
    return "it could not be judged any more" if outcome in _BROKEN and was not in _BROKEN else ""

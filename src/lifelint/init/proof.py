"""What a beginning breaks, and what comes of it: the rules run on the repository as it would be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from lifelint.catalog import Catalog
from lifelint.config import Config
from lifelint.engine import HOLDS
from lifelint.facts import Facts, Memo, Source
from lifelint.fix.proof import Judged
from lifelint.governance import accepted, configuration
from lifelint.init.noun import Outlook
from lifelint.inspection import inspect_facts
from lifelint.model import Outcome
from lifelint.projects import Project, Shares
from lifelint.snapshot import Snapshot
from lifelint.snapshot._objects import ABSENT
from lifelint.snapshot.overlay import OverlaySnapshot

_LOST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.BLOCKED, Outcome.ERROR)


class Ruler(NamedTuple):
    """What repositories are judged by. Files that several of them have are parsed once, and kept in ``memo``."""

    loaded: Catalog
    today: str
    memo: Memo

    def facts(self, snapshot: Snapshot, config: Config, files: Mapping[str, bytes]) -> Facts:
        """The facts of a state with these files more."""
        there = OverlaySnapshot(snapshot, files) if files else snapshot
        return Facts(Source(there, exclude=config.exclude, memo=self.memo))

    def judged(self, facts: Facts, config: Config) -> Judged:
        """What all rules find, whatever the configuration selects."""
        report = inspect_facts(facts, config._replace(select=(), ignore=()), self.loaded, today=self.today)
        return Judged(facts, report, Shares(facts, [Project(project.root) for project in report.projects]))


def broken(before: Judged, after: Judged, files: Collection[str]) -> str:
    """What is worse ``after`` these files were changed than it was ``before``, or ``""``."""
    return next(_broken(before, after, files), "")


def _broken(before: Judged, after: Judged, files: Collection[str]) -> Iterator[str]:
    failed = before.failing()
    for key in after.failing():
        if key not in failed:
            yield f"it would make {key.rule} fail for {key.subject}"
    held = {(root, finding.rule.id) for root, finding in before.findings() if finding.outcome in HOLDS}
    for root, finding in after.findings():
        if finding.outcome in _LOST and (root, finding.rule.id) in held:
            yield f"{finding.rule.id} would not hold any more"
    known = {(one.path, one.message) for one in before.report.diagnostics}
    for one in after.report.diagnostics:
        if one.path in files and (one.path, one.message) not in known:
            yield f"{one.path}:{one.line} would not be read: {one.message}"


def outlook(before: Facts, after: Facts, config: Config, ruler: Ruler) -> Outlook:
    """What ``lifelint check`` says of the facts ``after``, by itself and compared with those ``before``.

    ``config`` governs the comparison: a change is judged by what was in force when it was made.
    """
    there = after.source.snapshot
    governing, baseline = configuration(there), accepted(there)
    report = inspect_facts(after, governing, ruler.loaded, today=ruler.today, baseline=baseline)
    worse, why = compared(before, after, config, ruler)
    levels = [(project.scorecard.level, project.target) for project in report.projects if project.scorecard]
    level, target = min(levels, default=(0, governing.target_of("")))
    return Outlook(len(levels), level, target, len(baseline or ()), [*report.reasons, *worse], why)


def compared(before: Facts, after: Facts, config: Config, ruler: Ruler) -> tuple[Sequence[str], str]:
    """What ``lifelint check --base`` would tell as new of ``after``, and what it cannot judge, or ``""``."""
    known = accepted(before.source.snapshot)
    report = inspect_facts(after, config, ruler.loaded, base=before, today=ruler.today, baseline=known)
    new = report.change.new if report.change else ()
    absent = sorted({one.path for one in report.diagnostics if one.message == ABSENT.why})
    files = f"{len(absent)} files, {absent[0]} among them, are" if len(absent) > 1 else f"{''.join(absent)} is"
    lost = f"{files} not in this clone (clone without --filter, or check the commit out once)" if absent else ""
    return [f"it makes {one.rule.id} fail for {one.observation.subject}" for one in new], lost

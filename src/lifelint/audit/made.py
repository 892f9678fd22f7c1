"""An audit, made of the facts and the findings of a state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifelint.audit.attainment import rungs
from lifelint.audit.bill import bill
from lifelint.audit.forge import address
from lifelint.audit.grid import grid
from lifelint.audit.nouns import Answers, Audit, Reading, Weakest
from lifelint.audit.ownership import MANY, ownership
from lifelint.audit.provenance import made, named, tracked
from lifelint.audit.tools import tools
from lifelint.facts import Facts
from lifelint.inspection import ProjectReport, Report
from lifelint.projects import Project, Share, Shares
from lifelint.release.chosen import releases
from lifelint.scorecard import Scorecard

UNAUDITABLE = 0.15
"""The part of a cell's rules of which it is unknown whether they hold, above which nothing can be said of the cell."""


def audit(
    facts: Facts,
    report: Report,
    *,
    title: str = "",
    today: str = "",
    remote: str = "",
    frameworks: Iterable[Reading] = (),
) -> Audit:
    """The audit of a state, given its facts and what was found in it; ``remote`` is the address of its origin.

    ``title`` is what it is called; without one it is called as on its forge, or as the package at its root.
    """
    history = facts.source.snapshot.history
    shares = Shares(facts, [Project(project.root) for project in report.projects])
    counted = MANY // len(report.projects)
    answers = [_answers(facts, shares.of(Project(project.root)), project, counted) for project in report.projects]
    found = [release for release in releases(facts) if _inside(release.path, report.folder)]
    seen = [tool for tool in tools(facts) if _inside(tool.path, report.folder)]
    verdicts = [*(verdict for release in found for verdict in release.verdicts), *found]
    files = tracked(facts.source, named(report, answers, seen, verdicts))
    revision = report.subject.revision
    forge = address(remote)
    return Audit(
        title=title or _title(facts, forge),
        today=today,
        forge=forge,
        report=report,
        tags=[tag.name for tag in history.tags if tag.commit == revision],
        answers=answers,
        releases=found,
        tools=seen,
        files=files,
        commits=dict(made(facts.source, {revision, *(one.commit for one in files.values())})),
        frameworks=list(frameworks),
    )


def _answers(facts: Facts, share: Share, project: ProjectReport, counted: int) -> Answers:
    state = [finding for finding in project.findings if finding.rule.scope != "change"]
    card = project.scorecard
    return Answers(
        project.root,
        list(rungs(state, card.level if card else 0)),
        bill(facts, share, state, project.root),
        ownership(facts, share, counted),
        list(grid(share, project.findings)),
        _weakest(card) if card else Weakest(None, (), ()),
    )


def _weakest(card: Scorecard) -> Weakest:
    blind = [(c.phase, c.principle) for c in card.matrix if c.applicable and c.unknown / c.applicable > UNAUDITABLE]
    return Weakest(card.least_controlled, card.next_steps, blind)


def _inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _title(facts: Facts, forge: str) -> str:
    names: Sequence[str] = [m.name for m in facts.get("manifests").items if m.name and "/" not in m.path]
    return "/".join(forge.split("/")[3:]) or next(iter(names), "")

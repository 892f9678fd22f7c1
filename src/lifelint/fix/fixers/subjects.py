"""What reports are about: drafted of the commit that wrote them, and confirmed by somebody who knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts.documents.marks import MARK
from lifelint.fix.noun import CannotFix, Case, Change

if TYPE_CHECKING:
    from lifelint.facts import Facts
    from lifelint.facts.evaluation.noun import Evaluation


def sidecar(case: Case) -> Iterator[Change]:
    """A subject beside the report: models and data as they were when it was last written, and no word on the commit.

    That a report lies beside a model does not say that it judged it. So the commit is asked for, and until it is there
    the subject binds nothing.
    """
    from lifelint.facts.evaluation.found import SIDECAR
    from lifelint.projects import Project, Shares
    from lifelint.release.subject import AskedSubject, subject

    assert case.rule.fix is not None
    report = _meant(case)
    path = report.path + SIDECAR
    case.texts.require_nothing(path)
    commit, facts = _then(case, report.path)
    share = Shares(facts, [Project(case.root)]).of(Project(case.root))
    draft = subject(facts, share, AskedSubject()).draft
    if draft.lacking:
        first = draft.lacking[0]
        told = f"{first.field.removeprefix('subject.')}: {first.looked}"
        raise CannotFix(f"{told} (`lifelint evaluation new --sidecar --metrics {report.path} {first.remedy}`)")
    document = draft.document
    values = {key: document[key] for key in ("paths", "models", "datasets", "environment")}
    asked = f"{MARK} {commit[:12]} last wrote the figures: its id, if that was measured, and these models and data"
    yield Change(path, 0, 0, case.render(case.rule.fix.template, values | {"commit": asked}))


def _meant(case: Case) -> Evaluation:
    """The one report that an observation is about, if nothing tells yet what it judged."""
    reports: Sequence[Evaluation] = case.share["evaluations"].items
    if any(one.stage and case.seen.subject in (one.path, f"{one.path}:{one.stage}") for one in reports):
        raise CannotFix(
            "a stage makes it: dvc.lock names what the stage lists in its deps, once it has run (`dvc repro`)"
        )
    found = [one for one in reports if case.seen.subject == one.path]
    if not found:
        raise CannotFix(
            "each needs a subject: `lifelint evaluation new --sidecar --metrics REPORT`, once it is measured"
        )
    report = found[0]
    if report.unfilled or report.bound:
        raise CannotFix(f"{report.subject_path or report.path} has the subject; what it lacks is to be written")
    if report.judges != "model":
        raise CannotFix("it judges data, and which version was checked only a person knows")
    return report


def _then(case: Case, path: str) -> tuple[str, Facts]:
    """The last commit that wrote a report, and the facts of that state."""
    from lifelint.facts.proof import facts_at

    history = case.facts.source.snapshot.history
    touching = history.touching([path], history.head) if history.head else None
    facts = facts_at(case.facts.source, touching[0]) if touching else None
    if not touching or facts is None or history.incomplete:
        raise CannotFix("the commit that wrote it is not here, so nothing tells what there was to judge")
    return touching[0], facts

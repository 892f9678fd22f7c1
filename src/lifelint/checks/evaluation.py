"""Whether a model was judged, by a report that names what it judged, and whether that is still the model there is.

One cause, one finding: a report that names nothing is told by ``named`` alone; ``resolved``, ``fresh`` and ``apart``
look only at reports that something binds to a subject. That a stage's inputs moved on is told of the pipeline by
``chain.consistent``; ``fresh`` tells what follows: that the figures are those of another model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.facts.data import places
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation
    from lifelint.facts.facets import Facet
    from lifelint.facts.proof import Verdict

_TRAINS = ("trains", "model")
_WANTED = ("commit of the code", "digest of the model", "version of the data")


def present(evaluations: Sequence[Evaluation], facets: Sequence[Facet]) -> Iterator[Observation]:
    """Some report tells how good the model is."""
    evaluations = [report for report in evaluations if report.judges == "model"]
    sure = _sure(evaluations)
    for group in folded(sure, _subject):
        first = group.items[0]
        if len(group.items) > 1:
            yield Observation(True, group.subject, f"{len(group.items)} reports", first.path, first.line)
        else:
            what = f"{len(first.metrics)} metrics" if first.kept else f"{first.stage} measures, kept outside git"
            yield Observation(True, group.subject, what, first.path, first.line)
    if sure:
        return
    for doubtful in evaluations:
        yield Observation(None, _subject(doubtful), doubtful.doubt, doubtful.path, doubtful.line)
    shown = next(
        (facet for name in _TRAINS for facet in facets if facet.name == name and not _offers(facet, facets)), None
    )
    if shown is not None and not evaluations:
        what = "a model is trained" if shown.name == "trains" else "there is a model"
        detail = f"{what} ({shown.path} {shown.evidence.removeprefix('it ')}), and no report tells how good it is"
        yield Observation(False, "evaluation", detail, shown.path, shown.line)


def _offers(facet: Facet, facets: Sequence[Facet]) -> bool:
    """Whether it is a sample, or of a library: its users train, and what lies in it is there to be loaded by them.

    A library that declares a stage of training, or keeps its model behind a pointer, is asked.
    """
    library = any(other.name == "library" for other in facets)
    return places.is_fixture(facet.path) or (library and not facet.declared)


def named(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """Each report names the code, the model and the data that it is about.

    Of checks on data only those are asked that somebody bound to the data: their tools' forms can name no version.
    """
    seen = [(e, _missing(e)) for e in _sure(evaluations) if e.bound or e.judges == "model"]
    for lacking in (False, True):
        chosen = [(e, missing) for e, missing in seen if bool(missing) is lacking]
        for group in folded(chosen, lambda item: _subject(item[0]), "" if lacking else "named:"):
            report, missing = group.items[0]
            many = f"{len(group.items)} reports, as {report.path}: " if len(group.items) > 1 else ""
            told = f"{many}it names no {_listed(missing)}" if missing else f"{many}it is bound by {report.bound}"
            if report.unfilled:
                told += f": {report.subject_path or report.path} is to be filled in, it still says {report.unfilled}"
            yield Observation(not missing, group.subject, told, report.path, report.line)


def _missing(report: Evaluation) -> list[str]:
    if not report.bound:
        return [*_WANTED]
    code = report.bound == "dvc.lock" or bool(report.commit)
    model = any(model.version for model in report.models)
    data = any(data.version for data in report.datasets)
    if report.judges == "data":
        return [] if data else [_WANTED[2]]
    return [what for what, there in zip(_WANTED, (code, model, data), strict=True) if not there]


def resolved(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """What a report names exists, and is what the repository held at the commit it names."""
    for report in _sure(evaluations):
        yield from _verdicts(report, report.verdicts)


def fresh(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """For each model that was evaluated, a report is about the model, the data and the code that are here now."""
    sure = _sure(evaluations)
    current = {_about(report) for report in sure if _proven(report)}
    for report in sure:
        if _proven(report) or _about(report) not in current:  # an older report of a model is a record, not a claim
            yield from _verdicts(report, report.fresh)


def _proven(report: Evaluation) -> bool:
    return bool(report.fresh) and all(verdict.holds for verdict in report.fresh)


def _sure(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    return [report for report in evaluations if not report.doubt]


def _about(report: Evaluation) -> tuple[str, ...]:
    """What must be current once: the models (or the checked data) that a file names, or whatever a stage reports."""
    judged = report.models if report.judges == "model" else report.datasets
    if report.stage or not judged:
        return report.path, report.stage
    return report.judges, *sorted(each.name for each in judged)


def apart(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """No model was judged by the data it was trained on."""
    for report in _sure(evaluations):
        yield from _verdicts(report, report.apart)


def uncertain(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """Each report's metrics tell on how much they rest, and how far they may be off."""
    yield from _each(evaluations, _bare)


def _bare(report: Evaluation) -> str:
    measured = [metric for metric in report.metrics if metric.kind != "operational"]
    counted = any(m.n is not None for m in measured)
    spread = any(m.spread for m in measured)
    lacking = [what for what, there in (("sample size (n)", counted), ("spread (ci, stderr)", spread)) if not there]
    return f"its metrics have no {' and no '.join(lacking)}" if lacking else ""


def compared(evaluations: Sequence[Evaluation]) -> Iterator[Observation]:
    """Each report compares the model with a baseline on the same version of the data."""
    yield from _each(evaluations, _alone)


def _alone(report: Evaluation) -> str:
    if not report.baselines:
        return "it compares the model with nothing"
    versions = {data.version for data in report.datasets}
    if not any(baseline.dataset in versions for baseline in report.baselines):
        return "its baselines were measured on other data than the model"
    return ""


def _each(evaluations: Sequence[Evaluation], wrong: Callable[[Evaluation], str]) -> Iterator[Observation]:
    """Judges reports whose format can tell; others cannot be blamed for what they cannot hold."""
    told = [(e, wrong(e)) for e in evaluations if e.form in ("evaluation-report", "lm-eval")]
    for sound in (False, True):
        chosen = [(e, why) for e, why in told if bool(why) is not sound]
        for group in folded(chosen, lambda item: _subject(item[0]), "sound:" if sound else ""):
            report, why = group.items[0]
            yield Observation(sound, group.subject, why or "it is told", report.path, report.line)


def _verdicts(report: Evaluation, verdicts: Sequence[Verdict]) -> Iterator[Observation]:
    told: set[str] = set()
    for verdict in verdicts:
        if verdict.field not in told:
            told.add(verdict.field)
            subject = f"{_subject(report)}:{verdict.field}"
            yield Observation(verdict.holds, subject, f"{verdict.field} {verdict.why}", verdict.path, verdict.line)


def _subject(report: Evaluation) -> str:
    return f"{report.path}:{report.stage}" if report.stage and not report.kept else report.path


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', no '.join(words[:-1])} and no {words[-1]}"

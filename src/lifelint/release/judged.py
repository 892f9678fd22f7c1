"""Which reports judge a release, by which gates, and what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint.facts import Facts
from lifelint.facts.evaluation.proven import stands_for
from lifelint.facts.proof import of_content, short
from lifelint.projects import Share
from lifelint.release.held import Held, held
from lifelint.release.lacking import Lacking

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluated, Evaluation

_GATES = "write gates.yaml (schema: gates/v1), commit it, or name the file: --gates PATH"
_REPORT = "commit a report (`lifelint evaluation new` writes one), or name it: --report PATH"


class Judgement(NamedTuple):
    """A report and the file of gates that it is held to; ``""`` where there is none."""

    report: Evaluation
    digest: str
    gates: str


def judgements(
    facts: Facts, share: Share, reports: Sequence[str], gates: Sequence[str]
) -> tuple[Sequence[Judgement], Sequence[Lacking]]:
    """The reports that were asked for, else those that hold what the gates demand; each with its gates.

    Without gates they are those that are bound to what they judged, so that what these tell is not lacking too.
    """
    lacking = [_lost(path, facts) for path in (*reports, *gates) if not facts.source.is_file(path)]
    files = [path for path in gates if facts.source.is_file(path)] if gates else _files_of(share, reports)
    if not files and not gates:
        lacking.append(Lacking("evaluation.gates", "no file of gates is at this commit", _GATES))
    found = []
    for path in files or [""]:
        for report in _reports(facts, share, path, reports):
            digest = of_content(facts.source, report.path)
            if digest is not None:
                found.append(Judgement(report, digest[0], path))
    known = {judgement.report.path for judgement in found}
    lacking += [
        Lacking("evaluation.report", f"{path} is no report that can be read at this commit", _REPORT)
        for path in reports
        if path not in known and facts.source.is_file(path)
    ]
    if not found and not reports:
        lacking.append(Lacking("evaluation.report", _why_none(share, files), _REPORT))
    return found, lacking


def _lost(path: str, facts: Facts) -> Lacking:
    head = facts.source.snapshot.history.head[:12]
    return Lacking("evaluation", f"{path} is not in the tree of {head}", f"commit {path}")


def _files_of(share: Share, reports: Sequence[str]) -> Sequence[str]:
    gates = share["gates"].items
    return sorted({gate.path for gate in gates if not reports or not gate.report or gate.report in reports})


def _reports(facts: Facts, share: Share, gates: str, reports: Sequence[str]) -> Sequence[Evaluation]:
    known = {e.path: e for e in facts["evaluations"].items if e.kept and e.metrics}
    if reports:
        return [known[path] for path in reports if path in known]
    if not gates:
        bound = [e for e in share["evaluations"].items if e.path in known and e.bound and not e.doubt]
        return [e for e in bound if e.judges == "model"]
    meant = sorted({gate.report for gate in facts["gates"].items if gate.path == gates and gate.report})
    return [known[path] for path in meant if path in known]


def _why_none(share: Share, files: Sequence[str]) -> str:
    unmet = [gate for gate in share["gates"].items if gate.path in files]
    if unmet:
        return f"{unmet[0].path}:{unmet[0].line} demands {unmet[0].metric}, and {unmet[0].why}"
    hidden = [e for e in share["evaluations"].items if not e.kept]
    if hidden:
        return f"the numbers of {hidden[0].stage or hidden[0].path} are kept outside git"
    loose = [e.path for e in share["evaluations"].items if e.metrics and not e.doubt]
    return f"{loose[0]} does not name what it judged" if loose else "no report is at this commit"


def subjects(facts: Facts, judged: Sequence[Judgement], kind: str) -> Iterator[tuple[Evaluated, Held | Lacking]]:
    """The ``models`` or ``datasets`` that the reports name, each with what stands for it in git at this commit."""
    for report in dict.fromkeys(judgement.report for judgement in judged):
        for each in getattr(report, kind):
            place, there = stands_for(each, facts)
            found = held(facts, place) if place else None
            if each.version and there and each.version in there:
                yield each, (found or Held(place, place, each.version))._replace(digest=each.version)
            else:
                field = "model" if kind == "models" else "data"
                yield each, Lacking(field, _otherwise(report, each, place, there), "evaluate again, and commit that")


def _otherwise(report: Evaluation, each: Evaluated, place: str, there: Sequence[str] | None) -> str:
    said = f"{report.path} is about {each.name} of {short(each.version) or 'no version'}"
    if not place:
        return f"{said}, and nothing in git stands for it"
    return f"{said}, and {place} has {short(there[0]) if there else 'no digest'} at this commit"

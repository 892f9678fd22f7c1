"""Whether the report that a release names is about that release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.facts import Facts
from lifelint.facts._source import Source
from lifelint.facts.evaluation.noun import Evaluated, Evaluation
from lifelint.facts.proof import Verdict, digests, facts_at, fingerprint, of_content
from lifelint.facts.releases.document import Judged, Part, Release
from lifelint.facts.releases.gated import Told, beside, gated

_DIRTY: Told = (False, "the report was made with changes that are in no commit")


def judged(release: Release, source: Source, then: Facts | None, commit: str) -> Iterator[Verdict]:
    """The verdicts of each evaluation. Reports are read at the anchor: the next one may overwrite them.

    Where the bytes are not those that were released, only that is told: it is one cause.
    """
    for each in release.evaluations:
        field = f"evaluation:{each.report}"
        holds, why = _bytes(each, then)
        yield Verdict(f"{field}:digest", holds, why, release.path, each.line)
        if not holds or then is None:
            continue
        report = next((e for e in then["evaluations"].items if e.path == each.report), None)
        if report is None:
            yield Verdict(f"{field}:subject", None, "it is no report that can be read", release.path, each.line)
            continue
        told = {
            "commit": _DIRTY if report.dirty else _commit(report, release, source, commit),
            "subject": _subject(report, release, facts_at(source, commit) if commit else None),
            **({"training-data": _apart(report, release)} if report.judges == "model" else {}),
            "gates": gated(each, report, beside(each, release, then), source, commit),
        }
        for name, (holds, why) in told.items():
            yield Verdict(f"{field}:{name}", holds, why, release.path, each.line)


def _bytes(each: Judged, then: Facts | None) -> Told:
    if then is None:
        return None, "the commit of the release is not here"
    if each.report not in then.source.entries:
        return False, "there was no such report when this was released"
    held = of_content(then.source, each.report)
    if held is None:
        return None, "the report cannot be read"
    holds = each.digest in held
    return holds, f"the report {'has' if holds else 'had ' + held[0][:15] + '…, not'} {each.digest[:15]}…"


def _commit(report: Evaluation, release: Release, source: Source, commit: str) -> Told:
    if report.bound == "dvc.lock":
        return _recorded(report, source, commit)
    if not report.commit:
        return False, "the report names no commit"
    if report.commit in (release.commit, commit):
        return True, "the report is about the commit of the release"
    if report.fingerprint and _has(source, commit, report.paths, report.fingerprint):
        return True, "the commit of the release has the content that the report is about"
    ours, theirs = (source.at(one) if one else None for one in (commit, report.commit))
    if ours is None or theirs is None:
        gone = not source.snapshot.history.incomplete and ours is not None
        return False if gone else None, f"the report is about {report.commit[:12]}, which is not here"
    same = bool(release.paths) and fingerprint(ours.entries, release.paths) == fingerprint(
        theirs.entries, release.paths
    )
    return same, f"the report is about {report.commit[:12]}, {'with the same' if same else 'which is other'} content"


def _recorded(report: Evaluation, source: Source, commit: str) -> Told:
    """A lock names no commit; but the one at the commit of the release may record this report of these digests."""
    then = facts_at(source, commit) if commit else None
    if then is None:
        return None, "the commit of the release is not here"
    same = [e for e in then["evaluations"].items if (e.path, e.stage) == (report.path, report.stage)]
    if not same:
        return None, f"{report.subject_path} of the commit of the release has no such report"
    edited = next((v for v in report.verdicts if v.field == "report" and v.holds is False), None)
    if edited is not None:
        return False, edited.why
    as_recorded = [{(each.pointer, each.version) for each in (*one.models, *one.datasets)} for one in (same[0], report)]
    if as_recorded[0] != as_recorded[1]:
        return (
            False,
            f"the report is about other artifacts than {report.subject_path} of the commit of the release says",
        )
    return True, f"{report.subject_path} of the commit of the release records it with the same artifacts"


def _has(source: Source, commit: str, paths: Sequence[str], printed: str) -> bool:
    then = source.at(commit) if commit else None
    return then is not None and fingerprint(then.entries, paths) == printed


def _subject(report: Evaluation, release: Release, then: Facts | None) -> Told:
    """Whether the report is about what is released: what the manifest names, or what git holds where it says so.

    Where these differ, the field of the manifest tells it; the report is not what is wrong.
    """
    if not report.datasets or (not report.models and report.judges == "model"):
        return None if report.bound == "dvc.lock" else False, "the report names no model or no data"
    models, data = _versions(release.models, then), _versions(release.data, then)
    for each in report.models:
        if each.version not in models:
            return False, f"the report is about the model {each.name} of {each.version[:12]}…, which is not released"
    for each in report.datasets:
        if each.version not in data:
            return False, f"the report used {each.name} of {each.version[:12]}…, which the release does not name"
    return True, f"the report is about the {'model and the ' if report.models else ''}data of the release"


def _versions(parts: Sequence[Part], then: Facts | None) -> set[str]:
    held = (digests(then, part.place) for part in parts if part.place) if then is not None else ()
    return {part.digest for part in parts}.union(*(found or () for found in held))


def _apart(report: Evaluation, release: Release) -> Told:
    trained = {part.digest: part.name for part in release.data if part.role == "train"}
    for each in report.datasets:
        if each.role != "train" and each.version in trained:
            if each.part_of or _shared(report, each):
                return None, f"{each.name} lies where the training data lies too: which part cannot be told"
            return False, f"{each.name} is what the model was trained on ({trained[each.version]})"
    if not trained or not report.datasets:
        return None, "what the model was trained or evaluated on is not named"
    return True, "it was evaluated on no data that it was trained on"


def _shared(report: Evaluation, each: Evaluated) -> bool:
    """Whether a stage read the folder that holds training data and perhaps other, and nothing tells which of it."""
    return (
        report.bound == "dvc.lock" and not each.role and {v.field: v.holds for v in report.apart}.get(each.name) is None
    )

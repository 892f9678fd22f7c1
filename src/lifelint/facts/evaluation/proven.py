"""Whether what a report says of its subject is so, field by field. Nothing in it is believed because it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts import Collected, Facts
from lifelint.facts._source import Source
from lifelint.facts.evaluation.noun import Evaluated, Evaluation
from lifelint.facts.proof import Verdict, digests, facts_at, fingerprint, located, short

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Stage


def proven(report: Evaluation, source: Source, pointers: Sequence[Pointer], stages: Sequence[Stage]) -> Evaluation:
    """The report with its verdicts."""
    now = Facts(source)
    now.adopt({"pointers": Collected(pointers, ()), "stages": Collected(stages, ())})
    verdicts, commit = [], ""
    if report.commit:
        head = source.snapshot.history.head
        verdict, commit = located(source, "commit", report.commit, report.fingerprint, report.paths, head)
        if report.form == "mlflow" and report.bound == "report" and verdict.holds is False:
            # The tracker took it down by itself, and it has no fingerprint: after a squash merge it cannot be found.
            verdict = verdict._replace(holds=None)
        verdicts.append(_placed(verdict, report))
    if report.dirty:
        why = "it was evaluated with changes that are in no commit"
        verdicts.append(Verdict("dirty", False, why, report.subject_path, report.subject_line))
    then = facts_at(source, commit) if commit else None
    named = [*report.models, *report.datasets, *report.environment]
    verdicts += [_as_then(each, then, report) for each in named if each.version]
    current = [*report.models, *report.datasets]
    return report._replace(
        verdicts=tuple(verdicts),
        fresh=(*(v for each in current if (v := _current(each, now, report))), *_code(report, source)),
        apart=tuple(_apart(report, stages)) if report.judges == "model" else (),
    )


def _placed(verdict: Verdict, report: Evaluation) -> Verdict:
    return verdict._replace(path=report.subject_path, line=report.subject_line)


def _label(each: Evaluated) -> str:
    return f"{each.role or 'dataset'}:{each.name or each.pointer}"


def stands_for(each: Evaluated, facts: Facts) -> tuple[str, tuple[str, ...] | None]:
    """The place that stands for something a report names, and the digests there (as ``digests`` gives them)."""
    for place in [each.pointer] if each.pointer else [each.name]:
        found = digests(facts, place) if place else ()
        if found or found is None:
            return place, found
    if not each.pointer:  # a name alone: the last part of one artifact's path
        same = {p.artifact for p in facts["pointers"].items if p.artifact.rpartition("/")[2] == each.name}
        if len(same) == 1:
            [place] = same
            return place, digests(facts, place)
    return each.pointer, ()


def _as_then(each: Evaluated, then: Facts | None, report: Evaluation) -> Verdict:
    label, at = _label(each), (report.subject_path, each.line)
    if then is None:
        return Verdict(label, None, "its commit is not found here, so nothing can be compared", *at)
    place, held = stands_for(each, then)
    if held is None:
        return Verdict(label, None, f"{place} cannot be read at that commit", *at)
    if each.version in held:
        return Verdict(label, True, f"{place} had {short(each.version)} at that commit", *at)
    if not held:
        gone = bool(each.pointer) and "://" not in each.pointer
        nothing = f"nothing in git stands for {each.name}: name its pointer"
        return Verdict(label, False if gone else None, f"there is no {place} at that commit" if gone else nothing, *at)
    if not _comparable(each.version, held):
        return Verdict(label, None, f"{place} has no digest of the kind of {short(each.version)}", *at)
    return Verdict(label, False, f"{place} had {short(held[0])} at that commit, not {short(each.version)}", *at)


def _current(each: Evaluated, now: Facts, report: Evaluation) -> Verdict | None:
    place, held = stands_for(each, now)
    label, at = _label(each), (report.subject_path, each.line)
    if not each.version or (not held and not each.pointer):
        return None  # what nothing in git stands for has no present state
    if held is None or not held or not _comparable(each.version, held):
        return Verdict(label, None, f"{place} tells no digest to compare now", *at)
    if each.version in held:
        return Verdict(label, True, f"{place} still has {short(each.version)}", *at)
    return Verdict(label, False, f"evaluated as {short(each.version)}, and {place} now has {short(held[0])}", *at)


def _code(report: Evaluation, source: Source) -> Iterator[Verdict]:
    if report.fingerprint and report.paths:
        same = fingerprint(source.entries, report.paths) == report.fingerprint
        where = ", ".join(report.paths)
        why = f"{where} {'is as' if same else 'has changed since'} it was evaluated"
        yield Verdict("code", same, why, report.subject_path, report.subject_line)
    elif report.paths and report.commit:
        history = source.snapshot.history
        touching = history.touching(report.paths, history.head)
        if touching:
            before = history.is_ancestor(touching[0], report.commit)
            why = f"{touching[0][:12]} last changed {', '.join(report.paths)} (told by order alone)"
            yield Verdict("code", before, why, report.subject_path, report.subject_line)


def _apart(report: Evaluation, stages: Sequence[Stage]) -> Iterator[Verdict]:
    models = {each.version for each in report.models}
    trainers = [
        stage for stage in stages if any(f"{out.hash_name}:{out.digest}" in models for out in stage.outs if out.digest)
    ]
    read = {f"{dep.hash_name}:{dep.digest}": dep.path for stage in trainers for dep in stage.deps if dep.digest}
    declared = {each.version: each.name for each in report.datasets if each.role == "train" and each.version}
    for each in report.datasets:
        label, at = _label(each), (report.subject_path, each.line)
        if each.role == "train":
            continue
        known = {**read, **declared}
        if each.version and each.version in known:
            why = f"{short(each.version)} is what the model was trained on ({known[each.version]})"
            yield Verdict(label, None if each.part_of else False, why, *at)
        elif each.version and known:
            yield Verdict(label, True, "it is no version that the model was trained on", *at)
        else:
            yield Verdict(label, None, "nothing tells what the model was trained on", *at)
    if report.datasets and all(each.role == "train" for each in report.datasets):
        why = "all data it names has the role train"
        yield Verdict("datasets", False, why, report.subject_path, report.datasets[0].line)


def _comparable(version: str, held: Sequence[str]) -> bool:
    return version.partition(":")[0] in {digest.partition(":")[0] for digest in held}

"""What an evaluation is about, filled from the facts of a commit, and the report that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint.facts import Facts
from lifelint.facts.evaluation.document import REPORT
from lifelint.facts.proof import Verdict, fingerprint
from lifelint.projects import Share
from lifelint.release import lineage, parts
from lifelint.release.draft import Draft, affecting, committed, names
from lifelint.release.held import Held, held
from lifelint.release.lacking import Lacking, unwritable

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.evaluation.noun import Evaluation


_UNTOLD = Lacking("subject.datasets", "the results do not tell which version was checked", "--data ROLE=PLACE")


class AskedSubject(NamedTuple):
    """What a person said of an evaluation. What is empty is computed; ``data`` are pairs of a role and a place.

    ``judges`` is ``data`` for results of checks on data: which data only the person knows, and no model has a part.
    """

    models: Sequence[str] = ()
    data: Sequence[tuple[str, str]] = ()
    environment: Sequence[str] = ()
    paths: Sequence[str] = ()
    judges: str = "model"


class Subject(NamedTuple):
    """The subject as a draft, and the artifacts it names, which may lie on the disk as well."""

    draft: Draft
    artifacts: Sequence[Held]


def subject(facts: Facts, share: Share, asked: AskedSubject) -> Subject:
    """The subject of an evaluation of what the commit of ``facts`` holds."""
    of_data = asked.judges == "data"
    models, without_model = ([], []) if of_data and not asked.models else _models(facts, share, asked.models)
    makers = lineage.trainers(share["stages"].items, models)
    data, without_data = (_checked(facts, share, asked.data) if of_data
                          else _data(facts, share, asked.data, makers))  # fmt: skip
    frozen, without_environment, _ = parts.environment(facts, share, asked.environment, ())
    artifacts = [*models, *(each.held for each in data)]
    inside = [part["path"] for part in frozen if "path" in part]
    # What the code is has no part in what data is: for checks on data only its pointers count.
    named = sorted({each.place for each in artifacts if "#" not in each.place})
    paths = list(asked.paths) or (named if of_data else affecting(facts, share, makers, artifacts, inside))
    notes = []
    trained = {each.digest for each in lineage.trained_on(facts, makers)}
    datasets = []
    for called, each in zip(names([each.held for each in data]), data, strict=True):
        item = {"name": called, "role": each.role, "pointer": each.held.place, "version": each.held.digest}
        if each.role != "train" and each.held.digest in trained and each.held.digest.endswith(".dir"):
            item["slice_of"] = each.held.artifact
            notes.append(f"{each.held.artifact} holds training data too: which part was evaluated cannot be proven")
        datasets.append(item)
    document = {
        "commit": facts.source.snapshot.history.head,
        "fingerprint": fingerprint(facts.source.entries, paths) if paths else "",
        "paths": paths,
        "dirty": False,
        "models": [
            {"name": called, "pointer": model.place, "digest": model.digest}
            for called, model in zip(names(models), models, strict=True)
        ],
        "datasets": datasets,
        "environment": list(frozen),
    }
    lacking = [*without_model, *without_data, *(without_environment if asked.environment else ())]
    lacking += unwritable({"subject": document})
    return Subject(Draft(document, lacking, notes), artifacts)


def _models(facts: Facts, share: Share, words: Sequence[str]) -> tuple[Sequence[Held], Sequence[Lacking]]:
    """Those that were asked for, else those that a stage evaluates, else the only one there is."""
    if words:
        return parts.models(facts, share, words, ())
    paths = [model.pointer for e in _evaluating(share) for model in e.models]
    paths = paths or [p.artifact for p in share["pointers"].items if p.kind == "model" and p.digest]
    found = list(dict.fromkeys(each for path in paths if (each := held(facts, path)) is not None))
    if len({each.digest for each in found}) == 1 or (found and _evaluating(share)):
        return found, []
    seen = f"several could be meant: {', '.join(paths[:5])}" if found else "neither a stage nor a pointer tells of one"
    return [], [Lacking("subject.models", seen, "--model PLACE")]


def _data(
    facts: Facts, share: Share, asked: Sequence[tuple[str, str]], makers: Sequence[Stage]
) -> tuple[Sequence[parts.Data], Sequence[Lacking]]:
    """Those that were asked for, else what an evaluating stage reads, else by name; and what was trained on."""
    lacking: Sequence[Lacking] = ()
    if asked:
        rows, lacking = parts.data(facts, share, asked, (), makers)
    else:
        read = [(each.role, held(facts, each.pointer)) for e in _evaluating(share) for each in e.datasets]
        rows = [parts.Data(role or parts.role_by_name(h.artifact) or "test", h) for role, h in read if h is not None]
        rows = rows or list(parts.by_name(facts, share))
    known = {row.held.digest for row in rows}
    trained = [parts.Data("train", each) for each in lineage.trained_on(facts, makers) if each.digest not in known]
    if not any(row.role != "train" for row in rows) and not lacking:
        lacking = [Lacking("subject.datasets", "no stage or pointer tells what was evaluated on", "--data test=PLACE")]
    return [*rows, *(trained if not any(row.role == "train" for row in rows) else ())], lacking


def _checked(
    facts: Facts, share: Share, asked: Sequence[tuple[str, str]]
) -> tuple[Sequence[parts.Data], Sequence[Lacking]]:
    """What results of checks on data are about, which no stage tells."""
    return parts.data(facts, share, asked, (), ()) if asked else ([], [_UNTOLD])


def _evaluating(share: Share) -> Sequence[Evaluation]:
    return [e for e in share["evaluations"].items if e.bound == "dvc.lock" and not e.doubt and e.models]


def report(metrics: Sequence[Mapping[str, Any]], about: Mapping[str, Any], created: str) -> Mapping[str, Any]:
    """An ``evaluation-report/v1``."""
    head = {"schema": REPORT, **({"created": created} if created else {})}
    return {**head, "subject": about, "metrics": list(metrics)}


def verified(facts: Facts, path: str, files: Mapping[str, bytes], *, exclude: Sequence[str] = ()) -> Sequence[Verdict]:
    """What git would say of the report at ``path``, if ``files`` were committed now; empty where it is not seen."""
    found = [e for e in committed(facts, files, exclude)["evaluations"].items if e.path == path]
    return judged(found[0]) if found else ()


def judged(report: Evaluation) -> Sequence[Verdict]:
    """All verdicts on a report: its subject, whether that is the current one, and whether its data is held out."""
    now = [verdict._replace(field=f"current {verdict.field}") for verdict in report.fresh]
    apart = [verdict._replace(field=f"held-out {verdict.field}") for verdict in report.apart]
    if not report.bound:
        nothing = "commit, model nor data" if report.judges == "model" else "commit nor version of the data"
        open_ = f"{report.subject_path or report.path} is to be filled in" if report.unfilled else ""
        why = report.doubt or open_ or f"it names neither {nothing}"
        return [Verdict("subject", None, why, report.path, report.line)]
    return [*report.verdicts, *now, *apart]

"""Whether data and models that a change replaces were evaluated: by value, whatever became of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.proof import short
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Edge
    from lifelint.facts.evaluation.noun import Evaluated, Evaluation

_STATE = lazy(
    r"(?:^|[^a-z])(?:optimizer|scheduler|rng_state|scaler|training_args|trainer_state|checkpoints?)(?:[^a-z]|$)"
)
"""Names of what a training run keeps for itself, besides the model."""

_SHARD = lazy(r"-\d{5}-of-\d{5}(?=\.)")


class Replaced(NamedTuple):
    """An artifact with another digest than before."""

    old: Pointer
    new: Pointer

    @property
    def told(self) -> str:
        return f"{self.new.artifact} was {short(self.old.digest)} and is {short(self.new.digest)}"


def data_evaluated(
    pointers: Sequence[Pointer],
    evaluations: Sequence[Evaluation],
    edges: Sequence[Edge],
    base_pointers: Sequence[Pointer],
    base_evaluations: Sequence[Evaluation],
) -> Iterator[Observation]:
    """Each dataset of another version was followed, through the stages that read it, by an evaluation.

    What stages make from it is followed, not judged by itself. Data on which nothing is known to rest is unknown where
    reports stay as they were, and else left alone.
    """
    sure = _of_models(evaluations)
    for one in _replaced(base_pointers, pointers):
        if one.new.kind == "model" or one.new.stage:
            continue
        behind = _behind(one.new, edges, sure)
        named = [(report, each) for report in sure for each in report.datasets if _means(each, one.new)]
        if behind is not None:
            yield _followed(one, behind)
        elif named:
            yield _named(one, named, "data")
        elif one.new.kind == "data" and _as_before(base_evaluations, evaluations):
            why = "the reports are as before, and nothing says whether they rest on it"
            yield Observation(None, one.new.artifact, f"{one.told}; {why}", one.new.path, one.new.line)


def models_evaluated(
    pointers: Sequence[Pointer],
    evaluations: Sequence[Evaluation],
    base_pointers: Sequence[Pointer],
    base_evaluations: Sequence[Evaluation],
) -> Iterator[Observation]:
    """Each model of another version is named by a report, or came with new reports."""
    sure = _of_models(evaluations)
    models = [one for one in pointers if one.kind == "model" and not _STATE.search(one.artifact.lower())]
    alone = len({_SHARD.sub("", one.artifact) for one in models}) == 1
    told: set[str] = set()
    for one in _replaced(base_pointers, models):
        name = _SHARD.sub("", one.new.artifact)
        named = [(report, each) for report in sure for each in report.models if _means(each, one.new)]
        if name in told:
            continue
        told.add(name)
        if named:
            yield _named(one, named, "model")._replace(subject=name)
        elif sure and _as_before(base_evaluations, evaluations):
            why = "no report names it, and all are as before"
            first = sure[0]
            yield Observation(False if alone else None, name, f"{one.told}; {why}", first.path, first.line)
        elif sure:
            yield Observation(None, name, f"{one.told}; no report names it", one.new.path, one.new.line)


def _of_models(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Reports that judge a model for sure: that data passed its checks tells nothing of a model."""
    return [report for report in evaluations if not report.doubt and report.judges == "model"]


def _replaced(before: Sequence[Pointer], after: Sequence[Pointer]) -> Iterator[Replaced]:
    """What has another digest of the same kind than before, at the same path."""
    old = {pointer.artifact: pointer for pointer in before if pointer.digest}
    for new in {pointer.artifact: pointer for pointer in after if pointer.digest}.values():
        was = old.get(new.artifact)
        if was is not None and was.digest != new.digest and _kind(was.digest) == _kind(new.digest):
            yield Replaced(was, new)


def _kind(digest: str) -> str:
    return digest.partition(":")[0]


def _means(each: Evaluated, pointer: Pointer) -> bool:
    return (each.pointer or each.name) in (pointer.artifact, pointer.path)


def _named(one: Replaced, named: Sequence[tuple[Evaluation, Evaluated]], what: str) -> Observation:
    """Whether a report that names an artifact names its new version."""
    current = next(((r, each) for r, each in named if each.version == one.new.digest), None)
    report, each = current or named[0]
    at = report.subject_path or report.path, each.line
    if current:
        return Observation(True, one.new.artifact, f"{one.told}, which {report.path} is about", *at)
    if _kind(each.version) != _kind(one.new.digest):
        how = f"by {each.version}" if each.version else "without a version"
        return Observation(None, one.new.artifact, f"{one.told}; {report.path} names it {how}", *at)
    detail = f"{one.told}; its evaluation {_told(report)} is still about the {what} {short(each.version)}"
    return Observation(False, one.new.artifact, detail, *at)


def _told(report: Evaluation) -> str:
    stage = f"by the stage {report.stage.rpartition(':')[2]}" if report.stage else ""
    return f"{report.path} {stage}".strip() if report.kept else stage


def _as_before(old: Sequence[Evaluation], new: Sequence[Evaluation]) -> bool:
    """Whether there are reports and none says anything else than before."""
    ours = ([e for e in some if e.judges == "model"] for some in (old, new))
    was, now = ({(e.path, e.stage): [m[:2] for m in e.metrics] for e in some} for some in ours)
    return bool(now) and was == now


class _Way(NamedTuple):
    """The way from a dataset to an evaluation: an edge on it that is behind, or that cannot be judged."""

    late: Edge | None
    open: Edge | None
    report: Evaluation | None = None

    @property
    def rank(self) -> int:
        return 2 if self.late else 1 if self.open else 0


def _behind(pointer: Pointer, edges: Sequence[Edge], reports: Sequence[Evaluation]) -> _Way | None:
    """The worst way from a dataset to an evaluation, through the stages between; ``None`` where none rests on it."""
    readers: dict[str, list[Edge]] = {}
    for edge in edges:
        readers.setdefault(edge.producer, []).append(edge)
    made: Mapping[str, Evaluation] = {report.stage: report for report in reports if report.stage}
    waiting = [(pointer.path, _Way(None, None))]
    reached: dict[str, int] = {}
    found: list[_Way] = []
    while waiting:
        producer, way = waiting.pop(0)
        for edge in readers.get(producer, ()):
            late = way.late or (edge if edge.agrees is False else None)
            here = _Way(late, way.open or (edge if edge.agrees is None else None))
            if reached.get(edge.consumer, -1) < here.rank:
                reached[edge.consumer] = here.rank
                waiting.append((edge.consumer, here))
                if edge.consumer in made:
                    found.append(here._replace(report=made[edge.consumer]))
    return max(found, key=lambda way: way.rank) if found else None


def _followed(one: Replaced, way: _Way) -> Observation:
    report = f"the evaluation {_told(way.report)}" if way.report else ""
    if way.late is not None:
        consumer = way.late.consumer.rpartition(":")[2]
        detail = (
            f"{one.told}; the stage {consumer} was not run with what it reads now, so {report} is about data before"
        )
        return Observation(False, one.new.artifact, detail, way.late.path, way.late.line)
    if way.open is not None:
        detail = f"{one.told}; {way.open.why or 'a digest on the way to its evaluation cannot be compared'}"
        return Observation(None, one.new.artifact, detail, way.open.path, way.open.line)
    return Observation(True, one.new.artifact, f"{one.told}, which {report} is about", one.new.path, one.new.line)

"""Metrics of DVC pipelines: ``dvc.lock`` binds them to the model, the data and the code that the stage read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.data.formats import format_of
from lifelint.facts.dvc.pathnames import placed
from lifelint.facts.evaluation.foreign import numbers
from lifelint.facts.evaluation.names import KNOWN, normal
from lifelint.facts.evaluation.noun import Evaluated, Evaluation
from lifelint.facts.proof import Verdict

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Edge, Stage, StageDep, StageOut

_EVALUATES = lazy(r"(?:^|[^a-z])(?:eval|evaluate|evaluation|test|validate|validation|score|scores)(?:[^a-z]|$)")
_TRAINS = lazy(r"(?:^|[^a-z])(?:train|training|trainer|finetune|fine_tune|fit|pretrain)(?:[^a-z]|$)")
_FIGURES = lazy(r"metric|eval|score|result|report")
_CHECKS_DATA = lazy(
    r"(?:^|[^a-z])(?:validate|validation|test|check)[-_](?:[a-z]+[-_])?(?:data|datasets?|schemas?|inputs?|tables?)(?:[^a-z]|$)"
    r"|(?:^|[^a-z])(?:data|datasets?|schemas?)[-_](?:validate|validation|tests?|checks?)(?:[^a-z]|$)"
)
_JUDGES = lazy(r"(?:^|[^a-z])(?:eval|evaluate|evaluation|score|scores|model)(?:[^a-z]|$)")
_TRAINING_DATA = lazy(r"(?:^|[^a-z])(?:train|training)(?:[^a-z]|$)")
_HELD_OUT = lazy(r"(?:^|[^a-z])(?:test|val|valid|validation|holdout|eval)(?:[^a-z]|$)")


def of_stages(source: Source, stages: Sequence[Stage], edges: Sequence[Edge]) -> Iterator[Evaluation]:
    """An evaluation for each metrics file of a stage that judges a model, with what its lock proves."""
    by_address = {stage.address: stage for stage in stages}
    agree = {(edge.consumer, edge.artifact): edge for edge in edges}
    top: dict[str, Sequence[str]] = {}  # by the path of a dvc.yaml, whose stages may be hundreds
    for stage in stages:
        if stage.state == "orphan":
            continue
        models = [dep for dep in stage.deps if _is_model(dep, by_address)]
        made = [out for out in stage.outs if out.kind == "out" and places.kind_of(out.path) == "model"]
        if stage.path not in top:
            top[stage.path] = _listed(source, stage.path)
        for path, out in _measured(stage, top[stage.path]):
            found = _report(source, stage, path, out, models, made)
            if found is not None:
                yield _proven(found, stage, out, models, by_address, agree)


def _listed(source: Source, definition: str) -> Sequence[str]:
    """The metrics files that a ``dvc.yaml`` lists at its top."""
    listed = source.parse(definition, top_metrics) if definition.endswith("dvc.yaml") else ()
    folder = definition.rpartition("/")[0]
    return [placed(folder, path) for path in listed or ()]


def _measured(stage: Stage, top: Sequence[str]) -> Iterator[tuple[str, StageOut]]:
    """The metrics files of a stage: its own, and those of ``top``, the list in its file, that the stage makes."""
    bare = not any(out.kind == "metric" for out in stage.outs) and bool(_EVALUATES.search(stage.name.lower()))
    for out in stage.outs:
        if "param" in out.path.rpartition("/")[2].lower():
            continue  # settings, kept as metrics to be compared
        if out.kind == "metric":
            yield out.path, out
        elif out.kind == "out":
            inside = [path for path in top if path == out.path or path.startswith(f"{out.path}/")]
            if not inside and bare and _tells(out.path):
                inside = [out.path]  # an evaluation that does not call its figures metrics
            yield from ((path, out) for path in inside)


def _tells(path: str) -> bool:
    """Whether a file or folder is named as figures. A large table is of what was done to each row."""
    found = format_of(path)
    table = found is not None and found.kind == "data" and found.name not in ("csv", "tsv")
    return not table and _FIGURES.search(path.rpartition("/")[2].lower()) is not None


def top_metrics(data: bytes) -> tuple[str, ...]:
    """The paths that a ``dvc.yaml`` lists as metrics outside its stages (dvc/schema.py, ``MULTI_STAGE_SCHEMA``).

    Raises:
        Unreadable: not YAML.
    """
    if b"metrics" not in data and b"\\" not in data:  # which only a backslash can write in another way
        return ()  # what makes the stages has read it, and told what is wrong with it
    document = _yaml.load(data)
    listed = document.get("metrics") if isinstance(document, dict) else None
    return tuple(path for path in listed if isinstance(path, str)) if isinstance(listed, list) else ()


def _is_model(dep: StageDep, stages: Mapping[str, Stage]) -> bool:
    producer = stages.get(dep.by)
    trained = producer is not None and bool(_TRAINS.search(producer.name.lower()))
    kind = places.kind_of(dep.path)
    return not dep.path.endswith(".py") and dep.held != "git" and (kind == "model" or (trained and kind != "data"))


def _report(
    source: Source, stage: Stage, path: str, out: StageOut, models: Sequence[StageDep], made: Sequence[StageOut]
) -> Evaluation | None:
    """The report without its proof; ``None`` for numbers that judge no model."""
    kept = source.is_file(path)
    evaluates = bool(models) or bool(_EVALUATES.search(stage.name.lower()))
    metrics = source.parse(path, numbers) if kept and path.endswith((".json", ".yaml", ".yml")) else ()
    if metrics is None:
        metrics = ()
    doubt = ""
    name = stage.name.lower()
    of_data = not models and not made and bool(_CHECKS_DATA.search(name)) and not _JUDGES.search(name)
    if not evaluates:
        if not made and not any(normal(metric.name) in KNOWN for metric in metrics):
            return None  # the sizes of a table, the duration of a download
        told = any(_HELD_OUT.search(name.lower()) for name in (path, *(m.name for m in metrics)))
        if not told:
            doubt = f"the stage {stage.name} that trains makes it, and nothing tells on which data it was measured"
    return Evaluation(
        path if kept else stage.path,
        1 if kept else out.line,
        "dvc",
        metrics,
        kept=kept,
        judges="data" if of_data else "model",
        doubt=doubt,
        stage=stage.address,
        bound="dvc.lock" if out.lock_line else "",
        subject_path=stage.lock or stage.path,
        subject_line=stage.lock_line or stage.line,
    )


def _proven(
    found: Evaluation,
    stage: Stage,
    out: StageOut,
    models: Sequence[StageDep],
    stages: Mapping[str, Stage],
    agree: Mapping[tuple[str, str], Edge],
) -> Evaluation:
    if not found.bound:
        return found
    data = [dep for dep in stage.deps if dep not in models and dep.digest and is_data(dep)]
    judged = [_evaluated(dep, "model") for dep in models if dep.digest]
    judged += [
        Evaluated(made.path, f"{made.hash_name}:{made.digest}", "model", made.path, "", made.lock_line)
        for made in stage.outs
        if not judged and made.kind == "out" and made.digest and places.kind_of(made.path) == "model"
    ]
    read = [*(dep for dep in models if dep.digest), *data]
    return found._replace(
        models=tuple(judged),
        datasets=tuple(_evaluated(dep, "test" if _HELD_OUT.search(dep.path.lower()) else "") for dep in data),
        verdicts=tuple(_bytes(found, stage, out)),
        fresh=tuple(_current(stage, dep, agree.get((stage.address, dep.path))) for dep in read),
        apart=tuple(_apart(stage, data, models, stages)),
    )


def is_data(dep: StageDep) -> bool:
    """Whether a stage's dependency is data: kept outside git, or named so."""
    return dep.held in ("stage", "pointer", "inside", "folder") or places.kind_of(dep.path) == "data"


def _evaluated(dep: StageDep, role: str) -> Evaluated:
    return Evaluated(dep.path, f"{dep.hash_name}:{dep.digest}", role, dep.path, "", dep.lock_line)


def _bytes(found: Evaluation, stage: Stage, out: StageOut) -> Iterator[Verdict]:
    place = stage.lock, out.lock_line
    if found.kept and not out.now:
        yield Verdict("report", None, f"{out.path} has no digest here that could be compared", *place)
    elif not found.kept:
        yield Verdict(
            "report", True, f"{stage.lock} records {out.digest[:6]}… for {out.path}, kept outside git", *place
        )
    elif out.now == out.digest:
        yield Verdict("report", True, f"{out.path} is what the stage {stage.name} wrote", *place)
    else:
        changed = next((change for change in stage.changes if change.kind == "out" and change.name == out.path), None)
        certain = None if changed is None or not changed.certain else False
        yield Verdict("report", certain, f"{out.path} is not what the stage {stage.name} wrote", *place)


def _current(stage: Stage, dep: StageDep, edge: Edge | None) -> Verdict:
    place = stage.lock, dep.lock_line
    if edge is not None:
        why = edge.why or f"{edge.producer} holds {edge.held[:6]}…"
        return Verdict(dep.path, edge.agrees, f"was evaluated as {edge.consumed[:6]}…, and {why}", *place)
    if dep.now:
        return Verdict(
            dep.path, dep.now == dep.digest, f"was evaluated as {dep.digest[:6]}…, now {dep.now[:6]}…", *place
        )
    return Verdict(dep.path, None, "nothing in git tells its present digest", *place)


def _apart(
    stage: Stage, data: Sequence[StageDep], models: Sequence[StageDep], stages: Mapping[str, Stage]
) -> Iterator[Verdict]:
    trainers = [stages[dep.by] for dep in models if dep.by in stages]
    trained_on = {dep.path: dep for trainer in trainers for dep in trainer.deps if dep.digest and is_data(dep)}
    by_digest = {dep.digest: dep for dep in trained_on.values()}
    for dep in data:
        place = stage.lock, dep.lock_line
        same = by_digest.get(dep.digest) or trained_on.get(dep.path)
        if not trainers or not trained_on:
            yield Verdict(dep.path, None, "nothing tells what the model was trained on", *place)
        elif same is None:
            yield Verdict(dep.path, True, f"the model was trained on {', '.join(sorted(trained_on))}", *place)
        elif len(data) == 1 and _TRAINING_DATA.search(dep.path.lower()):
            yield Verdict(dep.path, False, "is what the model was trained on", *place)
        elif any(other.digest not in by_digest and other.path not in trained_on for other in data):
            continue  # beside a part of its own: the training data is read to compare, or to fit nothing
        else:
            yield Verdict(dep.path, None, "was trained on too: which part cannot be told", *place)

"""The kinds ``evaluations``, ``gates`` and ``unfilled_gates``: every report, and what is demanded of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.evaluation.document import REPORT, Demand, Open, parse_demands, parse_report, parse_sidecar
from lifelint.facts.evaluation.foreign import parse_card, parse_eval_results, parse_foreign
from lifelint.facts.evaluation.joined import joined
from lifelint.facts.evaluation.mlflow import runs
from lifelint.facts.evaluation.noun import Evaluation, Gate, UnfilledGate

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.dvc.stage import Edge, Stage

_REPORT = lazy(r"(?:metric|eval|result|score|report|performance|benchmark)", re.IGNORECASE)
_NUMBERS = lazy(r"(?:^|[^a-z])(?:metrics?|evals?|evaluation|scores?)(?:[^a-z]|$)", re.IGNORECASE)
_KEPT = lazy(
    r"(?:^|[^a-z])(?:metrics?|evals?|evaluations?|scores?|reports?|reporting|results?)(?:\.[a-z]+)?$", re.IGNORECASE
)
"""What a pointer points at, if it may be a report."""

_OF_MACHINES = lazy(r"(?:^|[^a-z])(?:gpu|cpu|system|hardware|resources?|memory|network|disk)(?:[^a-z]|$)")
"""In the name of a table: what was measured is what a run used."""

_METRIC = lazy(
    rb"(?<![a-z])(?:accuracy|precision|recall|f1|f1-score|auc|roc[ _-]?auc|mse|rmse|mae|r2|log[ _-]?loss|perplexity"
    rb"|wer|cer|bleu|mean (?:squared|absolute) error)(?![a-z])"
)
_FIGURE = lazy(rb"\d*\.\d|\d%")
_TEXT, _NEAR = 1 << 14, 300
_SETTINGS = lazy(r"(?:^|/)(?:conf|confs|cfg|cfgs|config|configs|configuration|settings|tasks)/", re.IGNORECASE)
_GATES = lazy(r"(?:^|[^a-z])gates?(?:[^a-z/][^/]*)?\.(?:ya?ml|json)$", re.IGNORECASE)
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".onnx", ".gguf", ".h5", ".joblib", ".pkl")
_OWN = lazy(rb'^\s*\{[^{]*"schema"\s*:\s*"' + re.escape(REPORT.encode()) + rb'"')
SIDECAR = ".subject.json"
_CARD = "model-index"
_VALIDATION = lazy(r"(?:^|/)validations/.+(?<!\.subject)\.json$")
"""Great Expectations' store of results: their names are those of batches."""


def evaluations(
    source: Source, pointers: Sequence[Pointer], stages: Sequence[Stage], edges: Sequence[Edge]
) -> Iterator[Evaluation]:
    """Every report of an evaluation, with its metrics, what it names, and what git proves or refutes of that.

    The ``model-index`` of a card that only repeats figures of reports beside it is none.
    """
    locked: dict[str, Evaluation] = {}
    if stages:
        from lifelint.facts.evaluation.locked import of_stages

        for found in of_stages(source, stages, edges):
            locked.setdefault(f"{found.path}#{found.stage}", found)
    made = {out.path for stage in stages for out in stage.outs}
    yield from locked.values()
    reports = [*_reports(source)]
    told = {(m.name, m.value) for r in (*locked.values(), *reports) if r.form != _CARD for m in r.metrics}
    for found in reports:
        if found.path in made and not found.bound:
            continue  # a stage makes it: told above if it judges a model
        if found.form == _CARD and not found.bound and told.issuperset((m.name, m.value) for m in found.metrics):
            continue
        yield _judged(found, source, pointers, stages) if found.bound else found
    for pointer in pointers:
        if not pointer.stage and _KEPT.search(pointer.artifact.rpartition("/")[2]) and not is_left_alone(pointer.path):
            doubt = f"{pointer.artifact} is kept outside git, and is not read"
            yield Evaluation(pointer.path, pointer.line, "pointer", (), kept=False, doubt=doubt)


def _judged(found: Evaluation, source: Source, pointers: Sequence[Pointer], stages: Sequence[Stage]) -> Evaluation:
    from lifelint.facts.evaluation.proven import proven

    return proven(found, source, pointers, stages)


def _reports(source: Source) -> Iterator[Evaluation]:
    stored = filter(_VALIDATION.search, source.inside(lambda folder: "validations/" in folder))
    named = [*source.names(may_report), *stored]
    named = [path for path in dict.fromkeys(named) if not is_left_alone(path)]
    weights = {path.rpartition("/")[0] for path in source.suffixed(*_WEIGHTS)}
    named += [path for path in source.named("README.md") if path.rpartition("/")[0] in weights]
    source.prefetch(named)
    for path in named:
        found = _report(source, path)
        if isinstance(found, Evaluation) and places.is_documentation(path):
            yield Evaluation(path, found.line, found.form, (), doubt="it lies among documentation")
        elif isinstance(found, Evaluation):
            yield _bound(source, found._replace(path=path))
    for path in source.names(_is_table):
        if not is_left_alone(path) and (_NUMBERS.search(path.rpartition("/")[2]) or source.parse(path, tells_metric)):
            yield Evaluation(path, 0, "table", (), doubt="it is a table, and its figures are not read")
    for path in source.names(lambda name: name.lower().endswith(".txt") and bool(_NUMBERS.search(name))):
        if not is_left_alone(path) and source.parse(path, tells_metric):
            yield Evaluation(path, 0, "text", (), doubt="it is text, and its figures are not read")
    for run in runs(source):
        yield _bound(source, run)


def _is_table(name: str) -> bool:
    lower = name.lower()
    may = lower.endswith((".csv", ".tsv")) and (_REPORT.search(lower) or "comparison" in lower)
    return bool(may) and not _OF_MACHINES.search(lower)


def tells_metric(data: bytes) -> bool:
    """Whether a text says the name of a metric of models, and soon after it a number."""
    text = data[:_TEXT].lower()
    return any(_FIGURE.search(text, found.end(), found.end() + _NEAR) for found in _METRIC.finditer(text))


def is_gates(name: str) -> bool:
    """Whether a file of this name may be one of gates."""
    return _GATES.search(name) is not None


def may_report(name: str) -> bool:
    """Whether a file of this name may be a report of an evaluation."""
    lower = name.lower()
    if lower.endswith(SIDECAR):
        return False
    return (lower.endswith((".json", ".yaml", ".yml")) and bool(_REPORT.search(lower))) or lower in (
        "model_card.md",
        "modelcard.md",
    )


def is_left_alone(path: str) -> bool:
    """Whether a file only shows or tests something, or belongs to the forge."""
    shown = places.is_fixture(path) and not places.is_documentation(path)
    return shown or path.startswith((".github/", ".gitlab"))


def _report(source: Source, path: str) -> Evaluation | bool | None:
    if path.lower().endswith(".md"):
        return source.parse(path, parse_card)
    if ".eval_results/" in path:
        return source.parse(path, parse_eval_results)
    data = source.bytes(path)
    if data is not None and _OWN.search(data[:4096]):
        return source.parse(path, parse_report)
    found = source.parse(path, parse_foreign)
    if isinstance(found, Evaluation) and found.form == "plain":
        name = path.rpartition("/")[2]
        if not _NUMBERS.search(name.rpartition(".")[0]) or _SETTINGS.search(path):
            return False
        # Numbers in YAML are as often what is wanted as what was measured.
        doubt = "" if path.endswith(".json") else "it is YAML, which may hold settings as well as results"
        return found._replace(metrics=() if doubt else found.metrics, doubt=doubt)
    return found


def _bound(source: Source, found: Evaluation) -> Evaluation:
    """The report with the place of its subject: in itself, or in the sidecar beside it.

    A sidecar goes before what a tool recorded of a run, since it names all that the tool does not.
    """
    if not found.bound and (found.commit or found.models or found.datasets) and found.form != "mlflow":
        return found._replace(bound="report", subject_path=found.path)
    path = found.path + SIDECAR
    beside = source.parse(path, parse_sidecar) if source.is_file(path) else None
    if beside is None:
        return found
    if beside.unfilled:
        return found._replace(unfilled=beside.unfilled, subject_path=path, subject_line=beside.subject_line)
    return beside._replace(
        path=found.path,
        line=found.line,
        form=found.form,
        metrics=found.metrics,
        created=found.created,
        baselines=found.baselines,
        judges=found.judges,
        bound="sidecar",
        subject_path=path,
    )


def gates(source: Source, evaluations: Sequence[Evaluation]) -> Iterator[Gate]:
    """Every gate of a file of gates (``gates/v1``), joined with the newest report of its metric and recomputed."""
    for path, demand in _demands(source):
        if isinstance(demand, Demand):
            yield joined(demand, path, evaluations, source.snapshot.history)


def unfilled_gates(source: Source) -> Iterator[UnfilledGate]:
    """Every gate that a scaffold began and nobody has finished. None of them is among the gates."""
    for path, demand in _demands(source):
        if isinstance(demand, Open):
            yield UnfilledGate(path, demand.line, demand.metric, demand.mark)


def _demands(source: Source) -> Iterator[tuple[str, Demand | Open]]:
    for path in source.names(is_gates):
        for demand in source.parse(path, parse_gates_file) or ():
            yield path, demand


def parse_gates_file(data: bytes) -> tuple[Demand | Open, ...]:
    """As ``parse_demands``, with ``()`` for a file that is no file of gates.

    Raises:
        Unreadable: it says that it is one and does not follow the format.
    """
    return parse_demands(data) or ()

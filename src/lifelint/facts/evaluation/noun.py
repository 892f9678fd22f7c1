"""The nouns of evaluation: reports, what they name, and gates."""

from __future__ import annotations

from typing import NamedTuple

from lifelint.facts.proof import Verdict


class Metric(NamedTuple):
    """One number of a report. ``value`` is ``None`` where it is no number.

    ``spread`` names how its uncertainty is told (``ci``, ``stderr``, ``n_runs``), empty where it is not. ``kind`` is
    ``operational`` for latency, size or cost. ``margin`` is half of its 95 % interval, where the report tells it, and
    ``interval`` the confidence interval as it is stated.
    """

    name: str
    value: float | None
    line: int
    slice: str = ""
    dataset: str = ""
    n: int | None = None
    higher_is_better: bool | None = None
    spread: str = ""
    kind: str = ""
    margin: float | None = None
    interval: tuple[float, float] | None = None


class Evaluated(NamedTuple):
    """A model or a dataset that a report names. ``version`` is a digest with its algorithm before a colon.

    ``pointer`` is the place in the repository that stands for it (empty where none is named), ``role`` is ``model``,
    ``environment`` or what a dataset was used for (``train``, ``test`` …), ``part_of`` what it is a part of.
    """

    name: str
    version: str
    role: str
    pointer: str
    part_of: str
    line: int


class Baseline(NamedTuple):
    """Something the model was compared with, on the data of a version."""

    name: str
    dataset: str
    metrics: tuple[Metric, ...]
    line: int


class Evaluation(NamedTuple):
    """A report of an evaluation.

    ``form`` is ``evaluation-report``, ``dvc``, ``lm-eval``, ``evidently``, ``model-index``, ``eval-results``,
    ``mlflow``, ``great-expectations``, ``dbt``, ``plain`` (numbers with the names of metrics, and nothing else
    known), ``table``, ``text`` or ``pointer`` (what it points at is not read). ``judges`` is ``model``, or ``data``
    for checks on data, which tell nothing of a model.
    ``path`` is the report's; ``stage`` the DVC stage that made it. ``kept`` is false where its numbers are not in
    git. ``doubt`` says why it may be none, or is empty. ``bound`` says what binds it to its subject: ``report``,
    ``sidecar``, ``dvc.lock`` or nothing; ``subject_path`` and ``subject_line`` where that stands. ``unfilled`` is a
    scaffold's mark that still stands in the subject: then nobody has said it, and it binds nothing. ``verdicts`` tell
    of the subject, ``fresh`` whether it is the current one, and ``apart`` whether the data is not what the model
    was trained on.
    """

    path: str
    line: int
    form: str
    metrics: tuple[Metric, ...]
    kept: bool = True
    doubt: str = ""
    stage: str = ""
    created: str = ""
    bound: str = ""
    subject_path: str = ""
    subject_line: int = 0
    commit: str = ""
    fingerprint: str = ""
    paths: tuple[str, ...] = ()
    dirty: bool | None = None
    models: tuple[Evaluated, ...] = ()
    datasets: tuple[Evaluated, ...] = ()
    environment: tuple[Evaluated, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    fresh: tuple[Verdict, ...] = ()
    apart: tuple[Verdict, ...] = ()
    judges: str = "model"
    unfilled: str = ""


class Gate(NamedTuple):
    """A demand on a metric, joined with the report that holds it and recomputed.

    ``report`` is the path of that report, empty where no report holds the metric; ``found`` is ``None`` where that
    cannot be told. ``value`` is the report's. ``holds`` is whether the value meets the threshold, ``why`` how that was
    found. ``vacuous`` says why nothing can fail the gate, or is empty. ``tolerance`` is how much worse than before a
    change may make the value.
    """

    path: str
    line: int
    metric: str
    op: str
    threshold: float
    slice: str
    dataset: str
    report: str
    found: bool | None
    value: float | None
    holds: bool | None
    why: str
    vacuous: str = ""
    tolerance: float | None = None


class UnfilledGate(NamedTuple):
    """A gate that a scaffold began and nobody has finished: ``mark`` still stands in it. It demands nothing."""

    path: str
    line: int
    metric: str
    mark: str

"""Runs of MLflow whose folders are in git (the file store, ``mlflow/store/tracking/file_store.py``).

``mlruns/EXPERIMENT/RUN/`` holds ``meta.yaml``, ``metrics/NAME`` with lines of ``timestamp value [step [dataset
digest]]``, and ``tags/NAME``. A run names the commit of its code in the tag ``mlflow.source.git.commit``, an
``MLmodel`` the run that logged it. Neither has a digest of the model, and a dataset's digest is one of a sample: what
these name is not proven, and a sidecar beside ``meta.yaml`` binds the run to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import _yaml
from lifelint.facts._source import Source, Unreadable
from lifelint.facts.data import places
from lifelint.facts.evaluation.document import text
from lifelint.facts.evaluation.names import KNOWN, normal, number
from lifelint.facts.evaluation.noun import Evaluated, Evaluation, Metric

_METRIC = lazy(r"((?:.*/)?mlruns/[^/]+/[^/]+)/metrics/(.+)")
_COMMIT = lazy(r"[0-9a-f]{40}")
_LATEST = 253_402_300_800_000  # the year 10000, in milliseconds


class Point(NamedTuple):
    """One line of a metric. ``dataset`` is the name of what it was measured on, empty where the line has none."""

    step: int
    timestamp: int
    value: float
    dataset: str


class Run(NamedTuple):
    """What ``meta.yaml`` says of a run."""

    deleted: bool
    ended: str


def runs(source: Source) -> Iterator[Evaluation]:
    """Every run in git with a metric that judges a model, and all of its metrics; runs that were deleted are none."""
    files: dict[str, list[tuple[str, str]]] = {}
    for path in source.inside(lambda folder: "mlruns/" in folder):
        match = _METRIC.fullmatch(path)
        if match and not places.is_fixture(path):
            files.setdefault(match[1], []).append((match[2], path))
    judging = {run: named for run, named in files.items() if any(normal(name) in KNOWN for name, _ in named)}
    source.prefetch(path for named in judging.values() for _, path in named)
    models = _models(source) if judging else {}
    for run, named in sorted(judging.items()):
        found = _run(source, run, named, models)
        if found is not None:
            yield found


def _run(
    source: Source, run: str, named: Sequence[tuple[str, str]], models: Mapping[str, Sequence[Evaluated]]
) -> Evaluation | None:
    meta, tag = f"{run}/meta.yaml", f"{run}/tags/mlflow.source.git.commit"
    about = source.parse(meta, parse_run) if source.is_file(meta) else None
    points = [(name, source.parse(path, parse_metric)) for name, path in named]
    metrics = tuple(Metric(name, p.value, 0, dataset=p.dataset) for name, p in points if isinstance(p, Point))
    if not any(normal(metric.name) in KNOWN for metric in metrics) or (about is not None and about.deleted):
        return None
    commit = source.parse(tag, parse_commit) if source.is_file(tag) else None
    found = Evaluation(meta if source.is_file(meta) else named[0][1], 0, "mlflow", metrics)
    found = found._replace(created=about.ended if about else "", models=tuple(models.get(run.rpartition("/")[2], ())))
    return found._replace(commit=commit, bound="report", subject_path=tag, subject_line=1) if commit else found


def parse_metric(data: bytes) -> Point | bool:
    """The value of a metric at its last step, the latest there, as MLflow tells it; ``False`` if it has none."""
    try:
        points = [_point(line.split()) for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    except (ValueError, OverflowError):
        return False
    return max(points, default=False)


def _point(parts: Sequence[str]) -> Point:
    if len(parts) not in (2, 3, 5):
        raise ValueError
    return Point(int(parts[2]) if len(parts) > 2 else 0, int(parts[0]), float(parts[1]), parts[3] if parts[3:] else "")


def parse_run(data: bytes) -> Run:
    """What stands in a run's ``meta.yaml``.

    Raises:
        Unreadable: it is no YAML mapping.
    """
    document = _yaml.load(data)
    if not isinstance(document, dict):
        raise Unreadable("is no record of a run", 1)
    ended = number(document.get("end_time"))
    told = datetime.fromtimestamp(ended / 1000, UTC).isoformat() if ended is not None and 0 < ended < _LATEST else ""
    return Run(document.get("lifecycle_stage") == "deleted", told)


def parse_commit(data: bytes) -> str:
    """The full id of a commit; empty for other text."""
    told = data.decode("ascii", "replace").strip()
    return told if _COMMIT.fullmatch(told) else ""


def _models(source: Source) -> Mapping[str, Sequence[Evaluated]]:
    """The models in git by the run that logged them, without a version: no record of the run has their digest."""
    found: dict[str, list[Evaluated]] = {}
    for path in source.named("MLmodel"):
        run = source.parse(path, parse_logged) if not places.is_fixture(path) else None
        if run:
            folder = path.rpartition("/")[0]
            named = folder.removesuffix("/artifacts").rpartition("/")[2]
            found.setdefault(run, []).append(Evaluated(named, "", "model", folder, "", 0))
    return found


def parse_logged(data: bytes) -> str:
    """The run that an ``MLmodel`` was logged by, empty where it tells none.

    Raises:
        Unreadable: it is no YAML.
    """
    document = _yaml.load(data)
    return text(document, "run_id") if isinstance(document, dict) else ""

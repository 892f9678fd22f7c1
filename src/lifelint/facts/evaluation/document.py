"""Documents of this project's own formats: ``evaluation-report/v1``, its sidecar, and ``gates/v1``.

The formats are described in docs/evaluation.md and, for validators, in docs/schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite, isnan
from typing import Any, NamedTuple

from lifelint._words import near
from lifelint.facts import _json, _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.documents.marks import left_open
from lifelint.facts.evaluation.names import number
from lifelint.facts.evaluation.noun import Baseline, Evaluated, Evaluation, Metric

REPORT, GATES = "evaluation-report/v1", "gates/v1"
OPERATORS = (">=", ">", "<=", "<", "==")


class Demand(NamedTuple):
    """A gate as written."""

    metric: str
    op: str
    threshold: float
    slice: str
    dataset: str
    report: str
    line: int
    tolerance: float | None = None


def load(data: bytes) -> Any:
    """A JSON or YAML document, with lines where it is YAML too (as all common JSON is).

    Raises:
        Unreadable: neither.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return _yaml.load(data)
    plain = _json.load(data)
    try:
        return _yaml.load(data)
    except Unreadable:
        return plain


def line_of(document: Any, key: Any) -> int:
    """The line of a key, 0 where it is not known."""
    lines = getattr(document, "lines", None)
    found = lines[key] if isinstance(lines, list) and key < len(lines) else 0
    return lines.get(key, 0) if isinstance(lines, dict) else found


def items(document: Any, key: str) -> Iterator[tuple[Mapping[str, Any], int]]:
    """The mappings in the list below ``key``, each with its line.

    Raises:
        Unreadable: what is there is no list of mappings.
    """
    found = document.get(key)
    if found is None:
        return
    if not isinstance(found, list):
        raise Unreadable(f"has {key} that is not a list", line_of(document, key))
    for position, item in enumerate(found):
        line = line_of(found, position)
        if not isinstance(item, dict):
            raise Unreadable(f"has an item of {key} that is not a mapping", line)
        yield item, line


def texts(value: Any) -> Iterator[str]:
    """Every text in a value. What aliases share is looked through once."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif id(one) not in seen:
            seen.add(id(one))
            waiting += [*one.keys(), *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else ()


def text(document: Mapping[str, Any], key: str) -> str:
    """A string, ``""`` for anything else."""
    value = document.get(key)
    return value if isinstance(value, str) else ""


def parse_report(data: bytes) -> Evaluation:
    """A report of the own form; its paths are filled in by who knows them.

    Raises:
        Unreadable: it does not follow the format.
    """
    document = load(data)
    if not isinstance(document, dict) or document.get("schema") != REPORT:
        raise Unreadable(f"is no {REPORT}", 1)
    metrics = tuple(_metrics(document))
    if not metrics:
        raise Unreadable("is an evaluation report without metrics", line_of(document, "metrics") or 1)
    baselines = tuple(
        Baseline(text(item, "name"), text(item, "dataset"), tuple(_metrics(item)), line)
        for item, line in items(document, "baselines")
    )
    run = document.get("run")
    runs = number(run.get("n_runs")) if isinstance(run, dict) else None
    if runs and runs > 1:
        metrics = tuple(metric._replace(spread=metric.spread or "n_runs") for metric in metrics)
    report = Evaluation("", 1, "evaluation-report", metrics, created=text(document, "created"), baselines=baselines)
    subject = document.get("subject")
    return _with_subject(report, subject, line_of(document, "subject")) if isinstance(subject, dict) else report


def parse_sidecar(data: bytes) -> Evaluation:
    """The subject in a ``<report>.subject.json``, as an evaluation without metrics.

    Raises:
        Unreadable: it is no subject.
    """
    document = load(data)
    subject = document.get("subject", document) if isinstance(document, dict) else None
    if not isinstance(subject, dict):
        raise Unreadable("is no subject of an evaluation", 1)
    return _with_subject(Evaluation("", 1, "sidecar", ()), subject, 1)


def _with_subject(report: Evaluation, subject: Mapping[str, Any], line: int) -> Evaluation:
    if mark := left_open(texts(subject)):
        return report._replace(subject_line=line, unfilled=mark)
    dirty = subject.get("dirty")
    paths = subject.get("paths")
    return report._replace(
        subject_line=line_of(subject, "commit") or line,
        commit=text(subject, "commit"),
        fingerprint=text(subject, "fingerprint"),
        paths=tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else (),
        dirty=dirty if isinstance(dirty, bool) else None,
        models=tuple(_evaluated(subject, "models", "digest")),
        datasets=tuple(_evaluated(subject, "datasets", "version")),
        environment=tuple(_evaluated(subject, "environment", "digest")),
    )


def _evaluated(subject: Mapping[str, Any], key: str, version: str) -> Iterator[Evaluated]:
    for item, line in items(subject, key):
        role = text(item, "role") or {"models": "model", "environment": "environment"}.get(key, "")
        pointer = text(item, "pointer") or text(item, "path")
        name = text(item, "name") or pointer or text(item, "image")
        yield Evaluated(
            name, text(item, version), role, pointer, text(item, "slice_of"), line_of(item, version) or line
        )


def _metrics(document: Mapping[str, Any]) -> Iterator[Metric]:
    for item, line in items(document, "metrics"):
        n = number(item.get("n"))
        higher = item.get("higher_is_better")
        spread = next((key for key in ("ci", "stderr", "n_runs") if item.get(key) is not None), "")
        yield Metric(
            text(item, "name"),
            number(item.get("value")),
            line_of(item, "value") or line,
            text(item, "slice"),
            text(item, "dataset"),
            int(n) if n is not None and 0 <= n < 1e18 else None,
            higher if isinstance(higher, bool) else None,
            spread,
            text(item, "kind"),
            margin(item),
            _interval(item),
        )


def margin(item: Mapping[str, Any]) -> float | None:
    """Half of the 95 % interval of a metric: of its ``ci``, else 1.96 times its ``stderr``."""
    ends, error = _interval(item), number(item.get("stderr"))
    half = (ends[1] - ends[0]) / 2 if ends else None if error is None else 1.96 * error
    return half if half is not None and isfinite(half) and half >= 0 else None


def _interval(item: Mapping[str, Any]) -> tuple[float, float] | None:
    ends = item.get("ci")
    low, high = map(number, ends) if isinstance(ends, list) and len(ends) == 2 else (None, None)
    return None if low is None or high is None or not low <= high else (low, high)


class Open(NamedTuple):
    """A gate that is still to be filled in: ``mark`` stands in it."""

    metric: str
    mark: str
    line: int


def parse_gates(data: bytes) -> tuple[Demand, ...] | None:
    """The gates of a file of gates; ``None`` if it is none.

    Raises:
        Unreadable: it says that it is one and does not follow the format, or a gate is still to be filled in.
    """
    found = parse_demands(data)
    for each in found or ():
        if isinstance(each, Open):
            raise Unreadable(f"has the gate {each.metric}, which is to be filled in: it says {each.mark}", each.line)
    return None if found is None else tuple(each for each in found if isinstance(each, Demand))


def parse_demands(data: bytes) -> tuple[Demand | Open, ...] | None:
    """The gates of a file of gates, and those that are still to be filled in; ``None`` if it is none.

    Raises:
        Unreadable: it says that it is one and does not follow the format.
    """
    try:
        document = load(data)
    except Unreadable:
        if GATES.encode() in data:
            raise
        return None
    if not isinstance(document, dict) or document.get("schema") != GATES:
        return None
    return tuple(_demands(document))


_DEMAND = ("metric", "op", "threshold")
"""The keys that each gate has."""


def _demands(document: Mapping[str, Any]) -> Iterator[Demand | Open]:
    for item, line in items(document, "gates"):
        mark = left_open(value for value in item.values() if isinstance(value, str))
        if mark:
            yield Open(text(item, "metric"), mark, line)
            continue
        metric, op, threshold = text(item, "metric"), text(item, "op"), number(item.get("threshold"))
        lacking = [key for key in _DEMAND if item.get(key) is None]
        for key in item if lacking else ():
            meant = near(key, lacking, 0.75)
            if meant:
                why = f"has a gate with {key!r}, which is no key of one (did you mean {meant!r}?)"
                raise Unreadable(why, line_of(item, key) or line)
        if not metric or op not in OPERATORS or threshold is None or isnan(threshold):
            raise Unreadable(f"has a gate without metric, op ({', '.join(OPERATORS)}) and a number as threshold", line)
        tolerance = number(item.get("tolerance"))
        if item.get("tolerance") is not None and not (tolerance is not None and isfinite(tolerance) and tolerance >= 0):
            raise Unreadable("has a gate whose tolerance is no number of 0 or more", line_of(item, "tolerance") or line)
        slice_, dataset, report = (text(item, key) for key in ("slice", "dataset", "report"))
        yield Demand(metric, op, threshold, slice_, dataset, report, line, tolerance)

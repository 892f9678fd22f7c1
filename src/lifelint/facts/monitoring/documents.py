"""What configuration in YAML says of monitors and of routes: rules of Prometheus and Grafana, objectives, receivers.

Sources: prometheus.io, "Alerting rules" and "Alerting: Configuration"; the custom resources of prometheus-operator;
grafana.com, "Provision alerting resources"; openslo.com, v1; sloth.dev; pyrra; learn.microsoft.com, "CLI (v2) schedule
YAML schema for model monitoring". They stand in files of their own, in values of charts and in ConfigMaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import Map, Seq, load_all
from lifelint.facts.documents.marks import left_open
from lifelint.facts.evaluation.document import text
from lifelint.facts.monitoring.naming import threshold, watched
from lifelint.facts.monitoring.noun import BEHAVIOUR, AlertRoute, Monitor

WORDS = (
    *("alert:", "PrometheusRule", "VMRule", "evaluator", "receiver"),
    *("openslo", "ServiceLevelObjective", "slos:", "monitoring_signals"),
)
_DEPTH = 12
_TEMPLATE = b"{{"
_SPEAKS = lazy(
    rb"^[ ]*(?:(kind: (?:PrometheusRule|VMRule|SLO)\b|-? *alert: *\S)"
    rb"|route: *$|contactPoints: *$|monitoring_signals: *$)",
    re.MULTILINE,
)
"""What only a file about alerts has, and in the group what only monitors have."""


class Found(NamedTuple):
    """What one file says, without its path."""

    monitors: tuple[Monitor, ...] = ()
    routes: tuple[AlertRoute, ...] = ()


def parse(data: bytes) -> Found:
    """All that a file says of monitors and routes. Of a chart's template it is known only that there is something.

    Raises:
        Unreadable: not YAML, but about alerts, and no template either.
    """
    try:
        documents = load_all(data)
    except Unreadable:
        speaks = _SPEAKS.search(data)
        if speaks is None:  # it holds one of the words, and is about something else
            return Found()
        if _TEMPLATE not in data:
            raise
        line = data.count(b"\n", 0, speaks.start()) + 1
        return Found((Monitor("", line, "prometheus", "a template", "", None),) if speaks[1] else ())
    monitors, routes = [], []
    for document in documents:
        for found, above in _maps(document):
            monitors += [one._replace(line=one.line + above) for one in _monitors(found)]
            routes += [one._replace(line=one.line + above) for one in _routes(found)]
    return Found(tuple(monitors), tuple(routes))


def _maps(value: Any, above: int = 0, depth: int = 0) -> Iterator[tuple[Map, int]]:
    """Every mapping, with the lines of the file above its document: files lie in ConfigMaps and Secrets as texts."""
    if depth > _DEPTH:
        return
    if isinstance(value, Map):
        yield value, above
        if value.get("kind") in ("ConfigMap", "Secret"):
            for key in ("data", "stringData"):
                held = value.get(key)
                if isinstance(held, Map):
                    for name in held:
                        yield from _inner(held[name], above + held.value_lines[name], depth)
    for item in value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ():
        yield from _maps(item, above, depth + 1)


def _inner(value: Any, above: int, depth: int) -> Iterator[tuple[Map, int]]:
    if isinstance(value, str) and any(word in value for word in WORDS):
        try:
            documents = load_all(value.encode("utf-8", "replace"))
        except Unreadable:  # some other text: only its own tool knows what it is
            return
        for document in documents:
            yield from _maps(document, above, depth + 1)


# Monitors ----------------------------------------------------------------------------------------------------------


def _monitors(found: Map) -> Iterator[Monitor]:
    group, kind = text(found, "apiVersion").partition("/")[0], text(found, "kind")
    if text(found, "alert") and "expr" in found:
        expression = str(found["expr"])
        about = watched(f"{found['alert']} {_names(expression)}", _annotated(found))
        yield Monitor("", found.lines["alert"], "prometheus", text(found, "alert"), about, threshold(expression))
    elif text(found, "title") and isinstance(found.get("data"), Seq) and "condition" in found:
        yield _grafana(found)
    elif group == "openslo" and kind == "SLO":
        yield from _objectives("openslo", _spec(found), "objectives", ("target", "targetPercent"), _named(found))
    elif group == "pyrra.dev" and kind == "ServiceLevelObjective":
        yield _objective("pyrra", _spec(found), "target", _named(found))
    elif text(found, "version").startswith("prometheus/") and isinstance(found.get("slos"), Seq):
        for one in found["slos"]:
            if isinstance(one, Map):
                yield _objective("sloth", one, "objective", text(one, "name"))
    elif isinstance(found.get("monitoring_signals"), Map):
        for name, signal in found["monitoring_signals"].items():
            filled = _numbers(signal) if isinstance(signal, Map) else ""
            yield Monitor("", found["monitoring_signals"].lines[name], "azureml", str(name), BEHAVIOUR, filled)


def _names(expression: str) -> str:
    """An expression without the values of its labels, which name services and not what is measured."""
    return expression.replace('"', " ")


def _annotated(found: Map) -> str:
    annotations = found.get("annotations")
    return (
        " ".join(text(annotations, key) for key in ("summary", "description")) if isinstance(annotations, Map) else ""
    )


def _grafana(found: Map) -> Monitor:
    queries, limits = [], []
    for one, _ in _maps(found["data"]):
        queries += [text(one, key) for key in ("expr", "query", "rawSql") if text(one, key)]
        evaluator = one.get("evaluator")
        if isinstance(evaluator, Map) and isinstance(evaluator.get("params"), Seq) and evaluator["params"]:
            limits.append(f"{text(evaluator, 'type')} {' '.join(map(str, evaluator['params']))}")
    limits += [limit for one in queries if (limit := threshold(one))]
    title = text(found, "title")
    about = watched(f"{title} {' '.join(map(_names, queries))}", _annotated(found))
    open_ = any(left_open([one]) for one in (*queries, *limits))
    return Monitor("", found.lines["title"], "grafana", title, about, "" if open_ or not limits else limits[0])


def _spec(found: Map) -> Map:
    spec = found.get("spec")
    return spec if isinstance(spec, Map) else Map()


def _named(found: Map) -> str:
    metadata = found.get("metadata")
    return text(metadata, "name") if isinstance(metadata, Map) else ""


def _objectives(tool: str, spec: Map, key: str, targets: Sequence[str], name: str) -> Iterator[Monitor]:
    for one in spec[key] if isinstance(spec.get(key), Seq) else ():
        target = next((target for target in targets if isinstance(one, Map) and target in one), "")
        if target:
            made = _objective(tool, one, target, name)
            yield made._replace(watches=made.watches or watched(name, _all_texts(spec)))


def _objective(tool: str, one: Map, target: str, name: str) -> Monitor:
    value = one.get(target)
    filled = str(value) if value is not None and not left_open([str(value)]) else ""
    return Monitor("", one.lines.get(target, one.line), tool, name, watched(name, _all_texts(one)), filled)


def _all_texts(value: Map) -> str:
    return " ".join(item for one, _ in _maps(value) for item in one.values() if isinstance(item, str))


def _numbers(signal: Map) -> str:
    """The first number below ``metric_thresholds``; Azure has limits of its own where none is given."""
    limits = signal.get("metric_thresholds")
    for one, _ in _maps(limits):
        for value in one.values():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return str(value)
    return "" if "metric_thresholds" in signal else "the default"


# Routes ------------------------------------------------------------------------------------------------------------


def _routes(found: Map) -> Iterator[AlertRoute]:
    if isinstance(found.get("route"), Map) and isinstance(found.get("receivers"), Seq):
        receivers = {
            str(one["name"]): _ways(one) for one in found["receivers"] if isinstance(one, Map) and "name" in one
        }
        for name, line in _sent(found["route"]):
            yield AlertRoute(
                "", line, "alertmanager", name, name in receivers, receivers.get(name, ()), tuple(receivers)
            )  # fmt: skip
    elif isinstance(found.get("contactPoints"), Seq):
        for one in found["contactPoints"]:
            if isinstance(one, Map) and "name" in one:
                receivers_ = one.get("receivers")
                by = tuple(text(each, "type") for each in receivers_) if isinstance(receivers_, Seq) else ()
                yield AlertRoute("", one.lines["name"], "grafana", str(one["name"]), by=by)


def _sent(route: Map, depth: int = 0) -> Iterator[tuple[str, int]]:
    if isinstance(route.get("receiver"), str):
        yield route["receiver"], route.lines["receiver"]
    routes = route.get("routes")
    for one in routes if isinstance(routes, Seq) and depth < _DEPTH else ():
        if isinstance(one, Map):
            yield from _sent(one, depth + 1)


def _ways(receiver: Map) -> tuple[str, ...]:
    """``slack`` for ``slack_configs`` or, in a custom resource, ``slackConfigs``, where there is one that is meant."""
    found = []
    for key, configured in receiver.items():
        name = str(key).removesuffix("_configs").removesuffix("Configs")
        meant = isinstance(configured, Seq) and any(isinstance(one, Map) and _is_meant(one) for one in configured)
        if name != key and meant:
            found.append(name)
    return tuple(found)


_EXAMPLES = (".example", "example.com", "example.org", "example.net")
"""Names that nobody can own (RFC 2606)."""


def _is_meant(configured: Map) -> bool:
    """Whether it leads anywhere: not to a name kept for examples, and not to what is to be filled in."""
    to = configured.get("to")
    return not left_open(_all_texts(configured).split("\n")) and not (isinstance(to, str) and to.endswith(_EXAMPLES))

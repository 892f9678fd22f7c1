"""What the repository tells of its models, for a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from lifelint.checks.models import own
from lifelint.facts.evaluation.names import of_training
from lifelint.fix.noun import About

if TYPE_CHECKING:
    from lifelint.facts.evaluation.noun import Evaluation, Metric

_SHOWN = 20
_LIBRARIES = {
    "transformers": "transformers", "diffusers": "diffusers", "peft": "peft", "timm": "timm", "fastai": "fastai",
    "sentence-transformers": "sentence-transformers", "spacy": "spacy", "ultralytics": "ultralytics",
    "scikit-learn": "sklearn", "keras": "keras", "stable-baselines3": "stable-baselines3",
    "torch": "", "tensorflow": "", "jax": "", "xgboost": "", "lightgbm": "", "catboost": "",
}  # fmt: skip
"""Distribution → the hub's name of what loads its models (huggingface.js, model-libraries.ts), empty for none."""


def told(about: About) -> dict[str, Any]:
    """What a template of a model card is filled with."""
    models = own(about.share["pointers"].items)
    makers = {one.stage for one in models if one.stage}
    called = {_stem(each.name) for one in about.share["evaluations"].items for each in one.models if each.name}
    called = called or {_stem(one.artifact) for one in models}
    name = min(called) if len(called) == 1 else project(about)
    return {
        "name": name,
        "models": [one.artifact for one in models[:_SHOWN]],
        "library": _library(about),
        "results": _results(about),
        "trained_on": _trained_on(about, makers),
        "contacts": _owners(about, [one.path for one in models]),
    }


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.partition(".")[0] or name


def project(about: About) -> str:
    """What the project calls itself."""
    named = next((one.name for one in about.share["manifests"].items if one.name), "")
    return named or about.root.rpartition("/")[2] or "the model of this repository"


def _library(about: About) -> str:
    """The library of the models, where the project depends on one that makes models and on no other."""
    asked = {one.name for manifest in about.share["manifests"].items for one in manifest.dependencies}
    found = [name for name in _LIBRARIES if name in asked]
    return _LIBRARIES[found[0]] if len(found) == 1 else ""


def _results(about: About) -> Sequence[Mapping[str, Any]]:
    """The metrics of reports about models, by the data they were measured on."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for report in about.share["evaluations"].items:
        if report.judges == "model" and not report.doubt and report.form != "model-index":
            for metric in report.metrics:
                told = metric.value is not None and isfinite(metric.value) and not metric.slice and not metric.kind
                if told and not of_training(metric.name, metric.dataset):
                    row = {"name": metric.name, "value": metric.value, "report": report.path}
                    groups.setdefault(_dataset(report, metric), []).append(row)
    return [{"dataset": name, "version": version, "metrics": rows} for (name, version), rows in groups.items()]


def _dataset(report: Evaluation, metric: Metric) -> tuple[str, str]:
    """The name and version of the data of a metric: the one that it or the report names, else of what the report is."""
    named = [one for one in report.datasets if one.role != "train"]
    same = [one for one in named if one.name == metric.dataset] or (named if len(named) == 1 else [])
    if same:
        return same[0].name, same[0].version
    return metric.dataset, ""


def _trained_on(about: About, makers: set[str]) -> Sequence[Mapping[str, str]]:
    pointers = {one.artifact: one for one in about.share["pointers"].items if one.kind == "data" and one.digest}
    return [
        {"path": dep.path, "version": pointers[dep.path].digest, "stage": stage.name}
        for stage in about.share["stages"].items
        if stage.name in makers
        for dep in stage.deps
        if dep.path in pointers
    ][:_SHOWN]


def _owners(about: About, paths: Sequence[str]) -> Sequence[str]:
    """Who owns all of the models by CODEOWNERS."""
    from lifelint.facts.owners.found import owners_of

    found = [owners_of(about.share["owners"].items, path) for path in paths]
    return list(found[0]) if found and all(one == found[0] for one in found) else []

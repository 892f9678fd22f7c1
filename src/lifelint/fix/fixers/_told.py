"""What the repository tells of how its models are made, checked, released and taken back, for control documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from typing import Any

from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import compared
from lifelint.fix.fixers import _models
from lifelint.fix.noun import Case

_SHOWN = 20


def told(case: Case) -> dict[str, Any]:
    """The values of all templates of control documents: those of a model card, and how the model is kept.

    Each list holds lines of Markdown.
    """
    releases = _newest(case.share["releases"].items)
    names = [one.name for one in releases if one.name]
    return _models.told(case) | {
        "name": names[0] if len(names) == 1 else _models.project(case),
        "handed_over": list(_handed_over(case, releases))[:_SHOWN],
        "interface": [f"`{path}`" for one in releases for path in one.interface],
        "gates": list(_gates(case))[:_SHOWN],
        "reports": [f"measured in `{path}`" for path in _reports(case)],
        "way_back": [
            f"from {one.name} {one.version} to {one.previous}, by `{one.path}`"
            for one in releases
            if one.previous and one.previous != "none"
        ],
        "data": [f"the data is `{one.artifact}` ({one.version})" for one in case.share["datasets"].items][:_SHOWN],
        "made_by": _made_by(case),
    }


def _handed_over(case: Case, releases: Sequence[Release]) -> Iterator[str]:
    """What packages a model, the models, and their last releases."""
    packages = {one.path for one in case.share["facets"].items if one.name in ("ships_model", "container")}
    yield from (f"`{path}`" for path in sorted(packages))
    yield from (f"the model `{path}`" for path in _models.told(case)["models"])
    yield from (f"{one.name} {one.version}, as `{one.path}` has it" for one in releases)


def _gates(case: Case) -> Iterator[str]:
    for one in case.share["gates"].items:
        slice_ = f" ({one.slice})" if one.slice else ""
        yield f"{one.metric}{slice_} {one.op} {one.threshold:g}, by `{one.path}`"


def _reports(case: Case) -> Sequence[str]:
    return sorted({one.path for one in case.share["evaluations"].items if one.judges == "model"})[:_SHOWN]


def _newest(releases: Sequence[Release]) -> Sequence[Release]:
    """The last release of each name."""

    def order(one: Release, other: Release) -> int:
        return compared(one.version, other.version) or 0

    return list({one.name: one for one in sorted(releases, key=cmp_to_key(order))}.values())


def _made_by(case: Case) -> Sequence[str]:
    """Commands that make the model again, as its pipeline has them."""
    stages = case.share["stages"].items
    fetched = any(one.system == "dvc" and one.digest for one in case.share["pointers"].items)
    return [*(["`dvc pull`"] if stages and fetched else []), *(["`dvc repro`"] if stages else [])]

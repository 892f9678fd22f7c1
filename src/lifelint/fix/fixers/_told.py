"""What the repository tells of how its models are made, checked, released and taken back, for control documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from typing import Any

from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import compared
from lifelint.fix.fixers import _models
from lifelint.fix.noun import About

_SHOWN = 20


def told(about: About) -> dict[str, Any]:
    """The values of all templates of control documents: those of a model card, and how the model is kept.

    Each list holds lines of Markdown.
    """
    releases = _newest(about.share["releases"].items)
    names = [one.name for one in releases if one.name]
    return _models.told(about) | {
        "name": names[0] if len(names) == 1 else _models.project(about),
        "handed_over": list(_handed_over(about, releases))[:_SHOWN],
        "interface": [f"`{path}`" for one in releases for path in one.interface],
        "gates": list(_gates(about))[:_SHOWN],
        "reports": [f"measured in `{path}`" for path in _reports(about)],
        "way_back": [
            f"from {one.name} {one.version} to {one.previous}, by `{one.path}`"
            for one in releases
            if one.previous and one.previous != "none"
        ],
        "data": [f"the data is `{one.artifact}` ({one.version})" for one in about.share["datasets"].items][:_SHOWN],
        "made_by": _made_by(about),
    }


def _handed_over(about: About, releases: Sequence[Release]) -> Iterator[str]:
    """What packages a model, the models, and their last releases."""
    packages = {one.path for one in about.share["facets"].items if one.name in ("ships_model", "container")}
    yield from (f"`{path}`" for path in sorted(packages))
    yield from (f"the model `{path}`" for path in _models.told(about)["models"])
    yield from (f"{one.name} {one.version}, as `{one.path}` has it" for one in releases)


def _gates(about: About) -> Iterator[str]:
    for one in about.share["gates"].items:
        slice_ = f" ({one.slice})" if one.slice else ""
        yield f"{one.metric}{slice_} {one.op} {one.threshold:g}, by `{one.path}`"


def _reports(about: About) -> Sequence[str]:
    return sorted({one.path for one in about.share["evaluations"].items if one.judges == "model"})[:_SHOWN]


def _newest(releases: Sequence[Release]) -> Sequence[Release]:
    """The last release of each name."""

    def order(one: Release, other: Release) -> int:
        return compared(one.version, other.version) or 0

    return list({one.name: one for one in sorted(releases, key=cmp_to_key(order))}.values())


def _made_by(about: About) -> Sequence[str]:
    """Commands that make the model again, as its pipeline has them."""
    stages = about.share["stages"].items
    fetched = any(one.system == "dvc" and one.digest for one in about.share["pointers"].items)
    return [*(["`dvc pull`"] if stages and fetched else []), *(["`dvc repro`"] if stages else [])]

"""Cards of datasets and models: what the repository tells of them, and headings for what a person has to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import below_all

if TYPE_CHECKING:
    from lifelint.facts.data.datasets import Dataset
    from lifelint.facts.data.sources import DataSource

_NAME, _MODEL, _SOURCES = "dataset_card.md", "MODEL_CARD.md", "sources.yaml"


def dataset(case: Case) -> Iterator[Change]:
    """A card beside the data, or the headings that a card lacks."""
    wanted: Sequence[str] = case.rule.params["sections"]
    about = [one for one in case.share["datasets"].items if not one.origin and _meant(one, case.seen.subject)]
    if not about:
        raise CannotFix("the card is about another version of the data: whether it still fits, only a person can tell")
    first = about[0]
    if first.card:
        present = {*first.answered, *(topic for topic, _, _ in first.open)}
        missing = [topic for topic in wanted if topic not in present]
        if not missing:
            raise CannotFix(f"{first.card} has the headings; what belongs under them is to be written")
        yield below_all(first.card, case.texts[first.card], _filled(case, about, missing, whole=False))
        return
    path = _beside(first)
    case.texts.require_nothing(path)
    yield Change(path, 0, 0, _filled(case, about, wanted, whole=True))


def _meant(one: Dataset, subject: str) -> bool:
    """Whether an observation of ``dataset-documented`` is about a dataset."""
    told = one.card or one.root or one.artifact
    return told == subject or (subject.endswith("/*") and told.startswith(subject[:-1]))


def _beside(one: Dataset) -> str:
    folder = one.root or one.artifact.rpartition("/")[0]
    if one.root == one.artifact or one.version.endswith(".dir"):  # what DVC fills is no place for a file of git
        folder = one.path.rpartition("/")[0]
    return f"{folder}/{_NAME}" if folder else _NAME


def _filled(case: Case, about: Sequence[Dataset], topics: Sequence[str], *, whole: bool) -> str:
    told = [_source(case, one) for one in about]
    licences = {one.licence for one in told if one and one.licence}
    values = {
        "title": about[0].artifact.rpartition("/")[2].partition(".")[0] if len(about) == 1 else about[0].root or "Data",
        "datasets": [_described(case, one) for one in about[:_SHOWN]],
        "licence": min(licences) if len(licences) == 1 else "",
        "topics": list(topics),
        "known": _known(told),
        "whole": whole,
    }
    assert case.rule.fix is not None
    return case.render(case.rule.fix.template, values)


_SHOWN = 20


def _described(case: Case, one: Dataset) -> Mapping[str, Any]:
    stages = [stage for stage in case.share["stages"].items if any(dep.path == one.artifact for dep in stage.deps)]
    readers = [f"the stage `{stage.name}`" for stage in stages]
    return {"path": one.artifact, "version": one.version, "pointer": one.path, "readers": readers}


def _source(case: Case, one: Dataset) -> DataSource | None:
    found: Sequence[DataSource] = case.share["data_sources"].items
    return next((each for each in found if each.artifact == one.artifact), None)


def _known(told: Sequence[DataSource | None]) -> Mapping[str, str]:
    """What people wrote down elsewhere, by topic."""
    only = told[0] if len(told) == 1 else None
    if only is None:
        return {}
    known = {
        "collection": only.origin and f"It comes from {only.origin} ({only.path}).",
        "distribution": only.licence and f"Its licence is {only.licence} ({only.path}).",
        "maintenance": only.owner and f"It belongs to {only.owner} ({only.path}).",
    }
    return {topic: text for topic, text in known.items() if text}


def model(case: Case) -> Iterator[Change]:
    """A model card at the top of the project, or the headings that one lacks."""
    from lifelint.checks.models import given
    from lifelint.fix.fixers import _models

    assert case.rule.fix is not None
    wanted: Sequence[str] = case.rule.params["sections"]
    card = next((one for one in case.share["documents"].items if one.path == case.seen.subject), None)
    if card is not None:
        missing = [
            answer.topic for answer in given(card) if answer.topic in wanted and not (answer.section or answer.filled)
        ]
        if not missing:
            raise CannotFix(f"{card.path} has the headings; what belongs under them is to be written")
        sections = case.render(case.rule.fix.template, _models.told(case) | {"topics": missing, "whole": False})
        yield below_all(card.path, case.texts[card.path], sections)
        return
    path = f"{case.root}/{_MODEL}" if case.root else _MODEL
    case.texts.require_nothing(path)
    values = _models.told(case) | {"topics": list(wanted), "whole": True}
    yield Change(path, 0, 0, case.render(case.rule.fix.template, values))


def sources(case: Case) -> Iterator[Change]:
    """A list of the sources of all datasets that nothing tells of, with owners by CODEOWNERS."""
    from lifelint.facts.owners.found import owners_of

    assert case.rule.fix is not None
    if case.share["data_sources"].items:
        raise CannotFix("there is a sources.yaml, and what it lacks is to be written there")
    found: Sequence[Dataset] = [one for one in case.share["datasets"].items if not one.origin]
    origins = {one.artifact: one.url for one in case.share["pointers"].items}
    entries = [
        {
            "path": one.artifact,
            "origin": origins.get(one.artifact, ""),
            "owner": next(iter(owners_of(case.share["owners"].items, one.path)), ""),
        }
        for one in found
    ]
    read = {
        f"{one.name} ({one.system}), in {one.path}"
        for one in case.share["references"].items
        if one.kind == "data" and not one.fixture
    }
    path = f"{case.root}/{_SOURCES}" if case.root else _SOURCES
    case.texts.require_nothing(path)
    values = {"sources": entries, "read": sorted(read)[:_SHOWN]}
    yield Change(path, 0, 0, case.render(case.rule.fix.template, values))

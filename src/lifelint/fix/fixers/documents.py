"""Control documents: what the repository tells, and headings for what people have to agree on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifelint.fix.fixers._told import told as told_of
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import below_all

_SHOWN = 20


def control(case: Case) -> Iterator[Change]:
    """The document that a rule asks for, in ``docs/``, or the headings that one lacks.

    What is told elsewhere is not asked for again, and a heading that stands there empty is to be filled in where it is.
    """
    assert case.rule.fix is not None
    about: str = case.rule.params["about"]
    wanted: Sequence[str] = case.rule.params["topics"]
    told = [one for one in case.share["statements"].items if one.about == about]
    begun = {one.topic: one for one in told}
    missing = [topic for topic in wanted if topic not in begun]
    if not missing:
        place = case.seen.path
        raise CannotFix(f"{place} has the headings; what belongs under them is to be written, or to be put right")
    formal = next((one.path for one in told if one.formal), "")
    if formal.endswith(".rst"):
        raise CannotFix(f"{formal} is no Markdown, which is all that the template is made for")
    values = told_of(case) | {"topics": missing, "whole": not formal}
    if formal:
        sections = case.render(case.rule.fix.template, values)
        yield below_all(formal, case.texts[formal], sections)
    else:  # what is told above the project counts for it no more, once it has a document of its own
        own = {one.topic for one in told if one.path.startswith(f"{case.root}/" if case.root else "")}
        yield _new(case, values | {"topics": [topic for topic in wanted if topic not in own]})


def _new(case: Case, values: Mapping[str, Any]) -> Change:
    """The template as a file of its own in ``docs/``."""
    assert case.rule.fix is not None
    path = f"{case.root}/docs/{case.rule.fix.template}".lstrip("/")
    case.texts.require_nothing(path)
    return Change(path, 0, 0, case.render(case.rule.fix.template, values))


def risks(case: Case) -> Iterator[Change]:
    """A register of risks in ``docs/``, with those that can be told from what is here."""
    assert case.rule.fix is not None
    if case.share["risks"].items:
        raise CannotFix(f"{case.seen.path} has the entry; what it lacks is to be written")
    told = told_of(case)
    yield _new(case, told | {"risks": list(_told_risks(case, told["contacts"]))})


def _told_risks(case: Case, owners: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Risks of what the repository shows: data that comes from elsewhere, data about people, a world that changes."""
    owner = owners[0] if owners else ""
    elsewhere = {one.url for one in case.share["pointers"].items if one.kind == "data" and one.url}
    elsewhere |= {one.origin for one in case.share["data_sources"].items if one.origin}
    for origin in sorted(elsewhere)[:_SHOWN]:
        yield {"risk": f"The data from {origin} changes or ends", "owner": owner}
    private = {one.artifact for one in case.share["data_sources"].items if one.sensitive}
    for artifact in sorted(private)[:_SHOWN]:
        yield {"risk": f"People are recognised in {artifact}, or in what the model learned from it", "owner": owner}
    yield {"risk": "What the model sees becomes unlike what it was trained on, and nobody notices", "owner": owner}


def rollback(case: Case) -> Iterator[Change]:
    """A section about rollback: in the runbook, or in a new one."""
    assert case.rule.fix is not None
    if case.share["rollback_procedures"].items:
        raise CannotFix(f"{case.seen.path} has the section; what it lacks is to be written")
    runbook = next((one.path for one in case.share["documents"].items if one.role == "runbook"), "")
    values = told_of(case) | {"topics": ["rollback"], "whole": not runbook}
    if runbook.endswith(".rst"):
        raise CannotFix(f"{runbook} is no Markdown, which is all that the template is made for")
    if runbook:
        yield below_all(runbook, case.texts[runbook], case.render(case.rule.fix.template, values))
    else:
        yield _new(case, values)

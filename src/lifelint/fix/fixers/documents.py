"""Control documents: what the repository tells, and headings for what people have to agree on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifelint.fix.fixers import _models
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import below_all


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
        open_ = next(one for one in told if not one.filled and one.topic in wanted)
        raise CannotFix(f"{open_.path} has the headings; what belongs under them is to be written")
    formal = next((one.path for one in told if one.formal), "")
    values = _models.told(case) | {"topics": missing, "whole": not formal}
    text = case.render(case.rule.fix.template, values)
    if formal:
        yield below_all(formal, case.texts[formal], text)
        return
    path = f"{case.root}/docs/{case.rule.fix.template}" if case.root else f"docs/{case.rule.fix.template}"
    if path in case.texts:
        raise CannotFix(f"{path} is there already")
    yield Change(path, 0, 0, text)

"""Whether what is read from elsewhere is named so firmly that tomorrow's run reads the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import Group, folded
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.references.noun import Reference

_VERDICT = {"content": True, "fixed": True, "moving": False, "unknown": None}
_LABELS = {False: "", None: "unknown:", True: "fixed:"}
_STATES = {False: "through a moving reference", None: "at a version that only a run knows", True: "at a fixed version"}
_SHOWN = 3


def fixed(references: Sequence[Reference], *, kind: str = "data") -> Iterator[Observation]:
    """Every dataset (or, by ``kind``, model) that is read from elsewhere is named by a version that does not move.

    Examples, tests and documentation are left out: they show how, and nothing depends on what they read.
    """
    named: dict[tuple[str, str, str], list[Reference]] = {}
    for one in references:
        if one.kind == kind and not one.fixture:
            named.setdefault((one.path, one.system, one.name), []).append(one)
    for ok in (False, None, True):
        same = [some for found in named.values() if (some := [one for one in found if _VERDICT[one.strength] is ok])]
        for group in folded(same, lambda some: some[0].path, _LABELS[ok]):
            yield _told(group, ok)


def _again(more: int) -> str:
    return "and once more here" if more == 1 else f"and {more} more times here"


def _told(group: Group[list[Reference]], ok: bool | None) -> Observation:
    first = group.items[0][0]
    if len(group.items) == 1:
        more = len(group.items[0]) - 1
        detail = f"{first.name} ({first.system}{f', {_again(more)}' if more else ''}): {first.why}"
        return Observation(ok, f"{_LABELS[ok]}{first.path}:{first.name}", detail, first.path, first.line)
    names = [*dict.fromkeys(found[0].name for found in group.items)]
    more = len(names) - _SHOWN
    some = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    detail = f"{some} are read {_STATES[ok]}; of {first.name} in {first.path}: {first.why}"
    return Observation(ok, group.subject, detail, first.path, first.line)

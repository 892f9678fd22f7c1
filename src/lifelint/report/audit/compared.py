"""In what two audits of the same commit differ, from their JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]

OF_THE_CLONE = ("title", "forge")
"""What is not compared: it is told by the clone or by a person, not by the commit."""


def differences(archived: Document, again: Document) -> Iterator[str]:
    """Each difference in words, of what was archived and what is found now; none only where they are the same."""
    told = [*_told(archived, again)]
    yield from told
    if not told and _compared(archived) != _compared(again):
        yield "it holds what is not found now: something twice, or what a report of this version does not hold"


def _compared(document: Document) -> str:
    """All of a document that is compared; as text, in which ``1`` is not ``true``."""
    return json.dumps({key: value for key, value in document.items() if key not in OF_THE_CLONE}, sort_keys=True)


def _told(archived: Document, again: Document) -> Iterator[str]:
    yield from _tool(archived["report"]["tool"], again["report"]["tool"])
    before, after = _findings(archived), _findings(again)
    for place in sorted({*before, *after}):
        yield from _finding(place, before.get(place), after.get(place))
    for key in again:
        if key == "report":
            yield from _parts("report", archived[key], again[key], ("tool", "projects"))
        elif key == "answers":
            yield from _each("project", "answers about ", *(_by(one[key], "root") for one in (archived, again)))
        elif key == "frameworks":
            yield from _each("framework", "framework ", *(_read(one[key]) for one in (archived, again)))
        elif key not in OF_THE_CLONE and archived.get(key) != again[key]:
            yield f"{key}: not what is found now"
    projects, now = (_by(one["report"]["projects"], "root") for one in (archived, again))
    for root in sorted({*projects, *now}):
        old, new = projects.get(root, {}), now.get(root, {})
        card, found = old.get("scorecard"), new.get("scorecard")
        if card and found and card["level"] != found["level"]:
            yield f"level of {root}: archived {card['level']}, found {found['level']}"
        elif card != found:
            yield f"scorecard of {root}: not what is found now"
        if old and new:
            yield from _parts(f"project {root}:", old, new, ("findings", "scorecard"))


def _tool(archived: Document, again: Document) -> Iterator[str]:
    for key, what in (("version", "lifelint"), ("rules_digest", "the rules")):
        if archived[key] != again[key]:
            yield f"{what}: archived with {archived[key]}, compared with {again[key]}"


def _findings(document: Document) -> Mapping[tuple[str, str], Document]:
    return {
        (project["root"], finding["rule"]): finding
        for project in document["report"]["projects"]
        for finding in project["findings"]
    }


def _finding(place: tuple[str, str], old: Document | None, new: Document | None) -> Iterator[str]:
    name = f"{place[1]} of {place[0]}"
    if old is None or new is None:
        yield f"{name}: {'only found now' if old is None else 'archived, and not found now'}"
    elif old["outcome"] != new["outcome"]:
        yield f"{name}: archived {old['outcome']}, found {new['outcome']}"
    elif old != new:
        yield f"{name}: {old['outcome']} as archived, with other evidence"


def _parts(name: str, old: Document, new: Document, but: tuple[str, ...]) -> Iterator[str]:
    for key in new:
        if key not in but and old.get(key) != new[key]:
            yield f"{name} {key}: not what is found now"


def _by(found: Any, key: str) -> Mapping[str, Document]:
    return {one[key]: one for one in found}


def _read(found: Any) -> Mapping[str, Document]:
    return {one["framework"]["id"]: one for one in found}


def _each(noun: str, about: str, before: Mapping[str, Document], after: Mapping[str, Document]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            yield f"{noun} {name}: {'only found now' if name not in before else 'archived, and not found now'}"
        else:
            # Which lifelint wrote it is told once, of all of the report.
            yield from _parts(f"{about}{name}:", before[name], after[name], ("tool",))

"""Where the ownership of data and that of models meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lifelint.audit.nouns import Interface, Ownership
from lifelint.facts.owners.found import owning
from lifelint.facts.owners.patterns import EVERYTHING

if TYPE_CHECKING:
    from lifelint.facts import Facts, Source
    from lifelint.facts.owners.noun import OwnersLine
    from lifelint.projects import Share

MANY = 30
"""Interfaces of a repository whose commits are counted; each costs a question to git."""

_YEAR = 365 * 24 * 3600
_MEETING = ("handoff", "scoping", "dataset", "model")
"""Roles of documents in which one side tells the other."""


def ownership(facts: Facts, share: Share, counted: int = MANY) -> Ownership:
    """Who owns the paths of one project at which data and models meet; of so many, commits are ``counted``."""
    lines = share.get("owners").items
    data = _side(lines, (p.path for p in share.get("pointers").items if p.kind == "data" and not p.stage))
    model = _side(lines, _of_models(share))
    found: list[Interface] = []
    for path, kind in sorted(_interfaces(facts, share), key=lambda one: (one[1], one[0])):
        interface = _owned(path, kind, lines, data, model)
        found.append(interface if len(found) >= counted else _worked_on(interface, facts.source))
    unread = [f"{one.path} {one.message}" for one in share.get("owners").unread]
    in_force = True if any(not line.problem for line in lines) else None if unread else False
    return Ownership(in_force, sorted(data), sorted(model), found, "; ".join(unread))


def _of_models(share: Share) -> Iterator[str]:
    yield from (p.path for p in share.get("pointers").items if p.kind == "model" and not p.stage)
    for stage in share.get("stages").items:
        if any(out.kind == "metric" for out in stage.outs):
            yield from (use.path for use in stage.uses if not use.by)
    yield from (one.path for one in share.get("evaluations").items if one.kept and not one.doubt)


def _side(lines: Sequence[OwnersLine], paths: Iterable[str]) -> set[str]:
    """Who owns these paths by lines that are about them."""
    about = (line for path in dict.fromkeys(paths) for line in owning(lines, path))
    return {owner for line in about if line.pattern not in EVERYTHING for owner in line.owners}


def _interfaces(facts: Facts, share: Share) -> set[tuple[str, str]]:
    """Every path at which both sides have a part, with what it is; one path is one thing."""
    found: dict[str, str] = {}

    def add(kind: str, paths: Iterable[str]) -> None:
        for path in paths:
            if facts.source.is_file(path):
                found.setdefault(path, kind)

    stages = share.get("stages").items
    add("gate", (gate.path for gate in share.get("gates").items))
    add("release manifest", (release.path for release in share.get("releases").items))
    add("evaluation", (e.path for e in share.get("evaluations").items if e.kept and not e.doubt))
    documents = [one for one in share.get("documents").items if one.role in _MEETING]
    add("handoff", (one.path for one in documents if one.role in ("handoff", "scoping")))
    add("card", (one.path for one in documents if one.role in ("dataset", "model")))
    add("pipeline", (path for stage in stages for path in (stage.path, stage.lock)))
    add("parameters", (param.path for stage in stages for param in stage.params))
    add("training data", (dep.by for stage in stages for dep in stage.deps if dep.held == "pointer"))
    return set(found.items())


def _owned(path: str, kind: str, lines: Sequence[OwnersLine], data: set[str], model: set[str]) -> Interface:
    deciding = owning(lines, path)
    owners = tuple(dict.fromkeys(owner for line in deciding for owner in line.owners))
    said = deciding[-1] if deciding else None
    place = (said.path, said.line) if said else ("", 0)
    if not owners:
        return Interface(path, kind, (), "nobody", *place)
    if all(line.pattern in EVERYTHING for line in deciding):
        return Interface(path, kind, owners, "default", *place)
    sides = [bool(side & set(owners)) for side in (data, model)]
    if not data or not model or not any(sides):
        return Interface(path, kind, owners, "named", *place)
    return Interface(path, kind, owners, "both" if all(sides) else "data" if sides[0] else "model", *place)


def _worked_on(interface: Interface, source: Source) -> Interface:
    """With the commits of twelve months; people are told apart by their addresses, as git records these."""
    history = source.snapshot.history
    head = history.commit(history.head)
    touching = history.touching([interface.path], history.head) if head and not history.incomplete else None
    if head is None or touching is None:
        return interface
    people: Counter[str] = Counter()
    for name in touching:
        commit: Any = history.commit(name)
        if commit and commit.committed >= head.committed - _YEAR:
            people[commit.author.email.lower()] += 1
    total = sum(people.values())
    top = max(people.values(), default=0)
    return interface._replace(commits=total, people=len(people), share=top / total if total else None)

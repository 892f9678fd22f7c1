"""Whether somebody answers for what data and models come from, and whether a change leaves it so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.facts.owners.found import owning
from lifelint.facts.owners.noun import OwnedPath
from lifelint.facts.owners.owned import decided
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.documents.noun import Document
    from lifelint.facts.facets import Facet
    from lifelint.facts.owners.noun import OwnersLine, Team

OWNERS = "owners"
"""The subject where no line of a CODEOWNERS file counts: it is one thing to say."""


_CONTROLS = ("gates", "release manifest")
"""What is on the side of models and guards them too."""


def assigned(
    owned_paths: Sequence[OwnedPath],
    owners: Sequence[OwnersLine],
    team: Sequence[Team],
    facets: Sequence[Facet],
    *,
    side: str,
) -> Iterator[Observation]:
    """Each path of a ``side`` has an owner, where several people work on what is no library.

    One or two people know what is theirs, and what lies in a library is trained by its users. Where there is no owners
    file at all, code alone does not ask for one: a pointer, a gate, a pipeline of DVC or the like is kept there too.
    """
    mine = [path for path in owned_paths if path.side == side]
    if any(facet.name == "library" for facet in facets):
        return
    for group in folded([path for path in mine if path.owners], lambda one: one.path, "owned:"):
        yield Observation(True, group.subject, _told(group.items), group.items[0].path)
    bare = [path for path in mine if not path.owners]
    file = next((line.path for line in owners if not line.problem), "")
    if not bare or not team or team[0].shared is False or not (file or any(map(_kept_in_git, mine))):
        return
    who = team[0]
    if who.shared is None:
        detail = f"nobody owns {_some(bare)}; whether several people work here cannot be told: {who.why}"
        yield Observation(None, OWNERS, detail, bare[0].path)
        return
    if not file:
        detail = f"nobody owns {_some(bare)}: no line of a CODEOWNERS file counts, and {who.why}"
        yield Observation(False, OWNERS, detail, bare[0].path)
        return
    for group in folded(bare, lambda one: one.path):
        yield Observation(False, group.subject, f"nobody owns {_some(group.items)} by {file}", group.items[0].path)


def _kept_in_git(path: OwnedPath) -> bool:
    return path.what not in ("pipeline", "code") or path.path.endswith("dvc.yaml")


def _told(group: Sequence[OwnedPath]) -> str:
    first = group[0]
    more = f" and {len(group) - 1} more have owners" if len(group) > 1 else ""
    by = "by default, " if first.default else ""
    return f"{first.path} ({first.what}) belongs to {' '.join(first.owners)} ({by}{_place(first)}){more}"


def _some(paths: Sequence[OwnedPath]) -> str:
    first = f"{paths[0].path} ({paths[0].what})"
    return f"{first} and {len(paths) - 1} more" if len(paths) > 1 else first


def _place(path: OwnedPath) -> str:
    return f"{path.rule_path}:{path.rule_line}"


def specific(owned_paths: Sequence[OwnedPath], owners: Sequence[OwnersLine]) -> Iterator[Observation]:
    """Each control belongs to somebody by a line of its own, and not by one for everything that names who works here.

    Who owns no data and no model is no such owner, and where all of it has the same owners there is nobody else.
    """
    named = {frozenset(one.owners) for one in owned_paths if one.owners}
    worked_on = [one for one in owned_paths if one.side != "control" and one.what not in _CONTROLS]
    working = {owner for one in worked_on for owner in one.owners}
    in_force = any(not line.problem for line in owners)
    controls = [one for one in owned_paths if one.side == "control"] if in_force and worked_on else []
    for group in folded(controls, lambda one: one.path):
        worst = min(group.items, key=lambda one: (bool(one.owners), not one.default))
        apart = len(named) == 1 or working.isdisjoint(worst.owners)
        ok = bool(worst.owners) and (apart or not worst.default)
        if ok:
            detail = _told(group.items)
        elif not worst.owners:
            detail = f"nobody owns {_some([one for one in group.items if not one.owners])}"
        else:
            some = [one for one in group.items if one.default]
            detail = f"only {_place(worst)}, which matches everything, says who owns {_some(some)}"
        yield Observation(ok, group.subject, detail, worst.path)


# Where both sides meet --------------------------------------------------------------------------------------------

_MEETING = ("pipeline", "gates")


def meeting(
    owned_paths: Sequence[OwnedPath],
    owners: Sequence[OwnersLine],
    documents: Sequence[Document],
    facets: Sequence[Facet],
) -> Iterator[Observation]:
    """Where data becomes model, owners of both are asked: pipelines that train, gates, and documents about the handoff.

    Asked only where data and models have different owners, and of what a line of its own gives to somebody. Gates may
    belong to people who own neither. Who is in a team, or behind an address, is not known.
    """
    if any(facet.name == "library" for facet in facets):
        return
    sides = {side: _owners_of(owned_paths, side) for side in ("data", "model")}
    if not all(sides.values()) or set(sides["data"]) == set(sides["model"]):
        return
    between = [one for one in owned_paths if one.side == "model" and one.what in _MEETING]
    handoffs = [OwnedPath(one.path, 0, "both", "handoff", ()) for one in documents if one.role == "handoff"]
    between += [decided(one, owning(owners, one.path)) for one in handoffs]
    for one in between:
        if one.owners and not one.default:
            yield _met(one, sides)


def _owners_of(owned_paths: Sequence[OwnedPath], side: str) -> Mapping[str, OwnedPath]:
    """Who owns something of a side, with the first of it; what lies between the sides shows nobody's side."""
    found: dict[str, OwnedPath] = {}
    for one in owned_paths:
        if one.side == side and not (side == "model" and one.what in _MEETING):
            for owner in one.owners:
                found.setdefault(owner, one)
    return found


def _met(one: OwnedPath, sides: Mapping[str, Mapping[str, OwnedPath]]) -> Observation:
    told = f"{one.path} ({one.what}) belongs to {' '.join(one.owners)} ({_place(one)})"
    absent = [side for side, some in sides.items() if some.keys().isdisjoint(one.owners)]
    if not absent:
        return Observation(True, one.path, f"{told}, who own data and models", one.path)
    if len(absent) > 1 and one.what == "gates":
        return Observation(True, one.path, f"{told}, who own no data and no model", one.path)
    missing = "; ".join(
        f"{' '.join(sides[side])}, who own{'s' if len(sides[side]) == 1 else ''} {_some([*sides[side].values()])}"
        for side in absent
    )
    asked = {_form(owner) for owner in one.owners} | {_form(owner) for side in absent for owner in sides[side]}
    if len(absent) > 1 or len(asked) > 1:
        detail = f"{told}; whether that asks {missing} cannot be told, for who is in a team, git does not know"
        return Observation(None, one.path, detail, one.rule_path, one.rule_line)
    return Observation(False, one.path, f"{told}, and not to {missing}", one.rule_path, one.rule_line)


def _form(owner: str) -> str:
    """Whether an owner is a team, a person, or an address: of two forms, one may be a part of the other."""
    if owner.startswith("@"):
        return "team" if "/" in owner or owner.startswith("@@") else "person"
    return "address"


# Changes -----------------------------------------------------------------------------------------------------------


def kept(
    owned_paths: Sequence[OwnedPath],
    owners: Sequence[OwnersLine],
    base_owned_paths: Sequence[OwnedPath],
    base_owners: Sequence[OwnersLine],
) -> Iterator[Observation]:
    """What had an owner has one, and what had one of its own is not left to whoever owns everything.

    An owner who has another name now on all lines is the same one, and so is a file that was only moved.
    """
    now = {one.path: one for one in owned_paths}
    was = {one.path: one for one in base_owned_paths if one.owners}
    before = {old.path for old in base_owned_paths}
    moved = {one.oid: one for one in owned_paths if one.path not in before}
    names = _renamed(base_owners, owners)
    pairs = [(old, new) for old in was.values() if (new := now.get(old.path) or moved.get(old.oid)) is not None]
    lost = [(old, new) for old, new in pairs if not new.owners]
    left = [(old, new) for old, new in pairs if new.owners and _left_to_all(old, new, names)]
    sound = len(pairs) - len(lost) - len(left)
    if lost and not any(line for line in owners if not line.problem):
        first = lost[0][0]
        detail = f"no line of a CODEOWNERS file counts any longer: {_some([old for old, _ in lost])} had owners"
        yield Observation(False, OWNERS, detail, first.rule_path)
        lost = []
    for some in folded(lost, lambda pair: pair[1].path):
        old, new = some.items[0]
        detail = f"{_some([one for _, one in some.items])} belonged to {' '.join(old.owners)}, and nobody owns it now"
        yield Observation(False, some.subject, detail, *_decided(new, old))
    for some in folded(left, lambda pair: pair[1].path):
        old, new = some.items[0]
        detail = f"{_some([one for _, one in some.items])} belonged to {' '.join(old.owners)} by a line of its own"
        by = f"and belongs to {' '.join(new.owners)} now, who {'own' if len(new.owners) > 1 else 'owns'} everything"
        yield Observation(False, some.subject, f"{detail}, {by} ({_place(new)})", *_decided(new, old))
    if sound:
        yield Observation(True, "kept", f"{sound} paths have the owners they had, or others of their own")


def _decided(new: OwnedPath, old: OwnedPath) -> tuple[str, int]:
    """Where it is decided who owns a path: the line that does, or the file in which none does."""
    return (new.rule_path, new.rule_line) if new.rule_path else (old.rule_path, 0)


def _left_to_all(old: OwnedPath, new: OwnedPath, names: Mapping[str, str]) -> bool:
    same = {names.get(owner, owner) for owner in old.owners} <= set(new.owners)
    return new.default and not old.default and not same


def _renamed(before: Sequence[OwnersLine], after: Sequence[OwnersLine]) -> Mapping[str, str]:
    """Owners who are gone → the new one who stands on every line of theirs that is still there."""
    if before == after:
        return {}
    was, now = ({(x.section, x.pattern): set(x.owners) for x in lines if not x.problem} for lines in (before, after))
    old, new = ({owner for some in lines.values() for owner in some} for lines in (was, now))
    found: dict[str, str] = {}
    for gone in sorted(old - new):
        theirs = [now[key] for key, some in was.items() if gone in some and key in now]
        candidates = set.intersection(*theirs) - old if theirs else set()
        if len(candidates) == 1:
            found[gone] = candidates.pop()
    return found

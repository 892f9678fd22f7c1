"""Whether a change leaves what is taken from elsewhere named as firmly as it was.

A thing is known by the file that takes it and by its name. A file that is gone and one that is new are the same where
most of what they take is: what was moved is not new. What moved into a lock is as firm as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.pins import Pin

_RANKS = {"content": 2, "locked": 1, "version": 1, "floating": 0}
_SHOWN = 3
_ALIKE = 0.75
"""Share of common names from which on a file is one that was moved."""

Key = tuple[str, str, str]


def kept(
    pins: Sequence[Pin], base_pins: Sequence[Pin], *, roles: Sequence[str] = ("runtime",)
) -> Iterator[Observation]:
    """Each thing that was pinned is pinned as firmly now. Those of one file are one thing to say."""
    was, now = (_worst(some, roles) for some in (base_pins, pins))
    judged: dict[tuple[str, bool | None], list[tuple[Pin, Pin]]] = {}
    for old, new in _pairs(was, now):
        ok = None if new.strength == "unknown" else _RANKS[new.strength] >= _RANKS[old.strength]
        judged.setdefault((new.path, ok), []).append((old, new))
    for (path, ok), found in judged.items():
        if ok:
            detail = f"{len(found)} {'thing is' if len(found) == 1 else 'things are'} named as firmly as before"
            yield Observation(True, f"firm:{path}", detail, path)
        else:
            first = found[0][1]
            subject = f"{path}:{first.name}" if len(found) == 1 else path if ok is False else f"open:{path}"
            yield Observation(ok, subject, _listed(found), path, first.line)


def _listed(found: Sequence[tuple[Pin, Pin]]) -> str:
    locks = {old.by for old, _ in found}
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    if locks != {""} and len(locks) == 1:
        names = ", ".join(new.written for _, new in found[:_SHOWN])
        return f"{locks.pop()} froze it and does so no longer: {names}{more} can be another version tomorrow"
    return "; ".join(
        f"the {new.kind} {new.name} was {_told(old)} and is {new.written}" for old, new in found[:_SHOWN]
    ) + (f";{more}" if more else "")


def _told(pin: Pin) -> str:
    return f"frozen by {pin.by}" if pin.strength == "locked" else pin.written


def _pairs(was: Mapping[Key, Pin], now: Mapping[Key, Pin]) -> Iterator[tuple[Pin, Pin]]:
    """What was pinned, and how it is named now."""
    before, after = (_by_file(some) for some in (was, now))
    gone = {path: names for path, names in before.items() if path not in after}
    origins = {path: path if path in before else _origin(path, names, gone) for path, names in after.items()}
    for (path, kind, name), new in now.items():
        old = was.get((origins[path], kind, name))
        if old is not None and old.strength not in ("floating", "unknown"):
            yield old, new


def _by_file(pins: Mapping[Key, Pin]) -> Mapping[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for path, kind, name in pins:
        found.setdefault(path, set()).add((kind, name))
    return found


def _origin(path: str, names: set[tuple[str, str]], gone: Mapping[str, set[tuple[str, str]]]) -> str:
    """The file that was moved to become one that takes ``names``: most of what either takes is the same.

    A new file that happens to take what a removed one took, as in a collection of projects, is another file. Of several
    that take the same it is the one whose path ends alike.
    """
    alike = {each: len(names & old) / len(names | old) for each, old in gone.items() if len(names & old) > 1}
    best = max(alike, key=lambda each: (alike[each], _ending(path, each), each), default="")
    return best if best and alike[best] >= _ALIKE else ""


def _ending(path: str, other: str) -> int:
    """How many last parts of two paths are the same."""
    parts = zip(reversed(path.split("/")), reversed(other.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], parts))


def _worst(pins: Sequence[Pin], roles: Sequence[str]) -> Mapping[Key, Pin]:
    """The least firm name that a file has for each thing."""
    found: dict[Key, Pin] = {}
    for pin in pins:
        key = pin.path, pin.kind, pin.name
        if pin.role in roles and (key not in found or _order(pin) < _order(found[key])):
            found[key] = pin
    return found


def _order(pin: Pin) -> float:
    return _RANKS.get(pin.strength, 0.5)

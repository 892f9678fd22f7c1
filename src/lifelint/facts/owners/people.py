"""Who works on a repository, by its history: one person, or several who have to know who answers for what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.owners.noun import OwnedPath, OwnersLine, Team

if TYPE_CHECKING:
    from lifelint.snapshot.history import Person

YEAR = 365 * 24 * 3600
"""Seconds before the head in which a commit says who works on the repository."""

LOOKED_AT = 2_000
"""Commits of that year that are looked at, newest first."""

IN_PASSING = 2
"""Commits up to which somebody only passed by."""

SEVERAL = 3
"""People from whom on nobody can know without a list who answers for what."""

_BOT = lazy(
    r"\[bot\]|(?:^|[^a-z])(?:bot|actions?|ci|dependabot|renovate|jenkins|buildbot|semantic-release|greenkeeper|pyup)(?:@|$)"
    r"|^(?:github[- ]actions?|action user|gitlab ci.*|root|travis.*|pre-commit.*|web-flow|github)$"
    r"|(?:^|[^a-z])bot(?:[^a-z]|$)|^noreply@github\.com$",
    re.IGNORECASE,
)


def team(source: Source, owners: Sequence[OwnersLine], owned_paths: Sequence[OwnedPath]) -> Iterator[Team]:
    """One record, where nobody owns some path of data or models: else it makes no difference who works there."""
    if all(path.owners or path.side == "control" for path in owned_paths):
        return
    named = {owner for line in owners if not line.problem for owner in line.owners}
    group = next((owner for owner in sorted(named) if "/" in owner or owner.startswith("@@")), "")
    if len(named) > 1 or group:
        why = f"CODEOWNERS names {group}, a team" if group else f"CODEOWNERS names {len(named)} owners"
        yield Team("", 0, (), True, why)
        return
    history = source.snapshot.history
    made = history.authors(history.head, LOOKED_AT) if history.head else None
    people = working([who for who, when in made or () if made and when >= made[0][1] - YEAR])
    told = f"{len(people)} people commit"
    if len(people) >= SEVERAL:
        yield Team("", 0, people, True, f"{told} ({', '.join(people[:SEVERAL])}{', …' if people[SEVERAL:] else ''})")
    elif made is None or history.incomplete:
        yield Team("", 0, people, None, history.incomplete or "there is no commit yet")
    else:
        yield Team("", 0, people, False, told)


def working(authors: Sequence[Person]) -> tuple[str, ...]:
    """The names of those who made more than a few of the commits with these authors, most first."""
    return tuple(name for name, count in counted(authors) if count > IN_PASSING)


def counted(authors: Sequence[Person]) -> list[tuple[str, int]]:
    """Who made how many of the commits with these authors, most first; robots are left out.

    Who has one name or one address is one person, so that somebody at two machines is not taken for two.
    """
    known: dict[str, str] = {}  # name or address in lower case → another of the same person, or itself
    made: Counter[str] = Counter()
    names: dict[str, str] = {}
    for person in authors:
        if is_robot(person):
            continue
        keys = [key for key in (person.name.strip().casefold(), person.email.strip().casefold()) if key]
        if keys:
            roots = list(dict.fromkeys(_root(known, key) for key in keys))
            known |= dict.fromkeys(roots, roots[0])
            made[keys[0]] += 1
            names.setdefault(keys[0], person.name.strip() or person.email.strip())
    total: Counter[str] = Counter()
    for key, count in made.items():
        root = _root(known, key)
        total[root] += count
        names.setdefault(root, names[key])
    return [(names[key], count) for key, count in total.most_common()]


def _root(known: dict[str, str], key: str) -> str:
    while known.setdefault(key, key) != key:
        key = known[key]
    return key


def is_robot(person: Person) -> bool:
    """Whether a name or an address is that of a program, as such are called."""
    return any(_BOT.search(text.strip()) for text in (person.name, person.email, person.email.partition("@")[0]))

"""Lines of CODEOWNERS for what nobody owns. Who answers for it is for people to say, so they are comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lifelint._patterns import lazy
from lifelint.checks.ownership import OWNERS
from lifelint.facts.owners.found import place
from lifelint.facts.owners.people import counted
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import below_all

if TYPE_CHECKING:
    from lifelint.facts.owners.noun import OwnedPath
    from lifelint.snapshot.history import Person

_LOOKED_AT = 100
"""Commits of some paths whose authors are counted, newest first."""

_NAMED = 3
_NOREPLY = lazy(r"(?:\d+\+)?([A-Za-z0-9-]+)@users\.noreply\.github\.com")
"""Addresses that GitHub gives to its users; they alone say what somebody is called there."""

_PLAIN = lazy(r"[^\x00-\x20\x7f\\#*?\[\]!]+")


def proposed(case: Case) -> Iterator[Change]:
    """A line for each folder in which something has no owner, with who changed it most."""
    path = place(case.facts.source)
    if not path:
        raise CannotFix("which form the owners file of this forge has is not known")
    text = case.texts[path]
    lines = [line for line in _lines(case) if f"# {line['pattern']} " not in text]
    if not lines:
        raise CannotFix(f"{path} has a line for it; who answers for it is to be written there")
    assert case.rule.fix is not None
    written = case.render(case.rule.fix.template, {"lines": lines, "whole": path not in case.texts})
    yield below_all(path, text, written)


def _lines(case: Case) -> Iterator[Mapping[str, Any]]:
    every: Sequence[OwnedPath] = [one for one in case.share["owned_paths"].items if not one.owners]
    bare = [one for one in every if one.side == case.rule.params["side"] and _meant(one, case.seen.subject)]
    for pattern, some in _by_pattern(bare, whole=case.seen.subject == OWNERS).items():
        if not _PLAIN.fullmatch(pattern):
            raise CannotFix(f"{some[0].path} has characters that a pattern cannot hold on every forge")
        beside = _beside(case, some)
        authors = _authors(case, some)
        people = [" ".join(name.split()) for name, _ in counted(authors)[:_NAMED]]
        handle = _handle(authors, people[0]) if people else ""
        why = f"{beside} owns what lies beside it" if beside else f"{people[0]} changed it most" if handle else ""
        yield {"pattern": pattern, "owner": beside or handle, "why": why, "people": people}


def _meant(one: OwnedPath, subject: str) -> bool:
    return subject in (OWNERS, one.path) or (subject.endswith("/*") and one.path.startswith(subject[:-1]))


def _by_pattern(paths: Sequence[OwnedPath], *, whole: bool) -> Mapping[str, Sequence[OwnedPath]]:
    """Paths by the pattern for them: their folder's where there are no lines that it could undo, else their own."""
    found: dict[str, list[OwnedPath]] = {}
    for one in paths:
        folder = one.path.rpartition("/")[0]
        found.setdefault(f"/{folder}/" if folder and whole else f"/{one.path}", []).append(one)
    return found


def _beside(case: Case, some: Sequence[OwnedPath]) -> str:
    """The one owner of all that has owners in the folders of these paths; ``""`` if there are others, or none."""
    folders = {one.path.rpartition("/")[0] for one in some}
    owned = [one for one in case.share["owned_paths"].items if one.owners and one.path.rpartition("/")[0] in folders]
    owners = {one.owners for one in owned}
    return " ".join(owners.pop()) if len(owners) == 1 and "" not in folders else ""


def _authors(case: Case, some: Sequence[OwnedPath]) -> Sequence[Person]:
    history = case.facts.source.snapshot.history
    touching = history.touching([one.path for one in some], history.head) if history.head else None
    return [commit.author for one in (touching or ())[:_LOOKED_AT] if (commit := history.commit(one))]


def _handle(authors: Sequence[Person], name: str) -> str:
    """What somebody is called on GitHub, if an address of theirs tells."""
    theirs = (person.email for person in authors if " ".join(person.name.split()) == name)
    return next((f"@{found[1]}" for email in theirs if (found := _NOREPLY.fullmatch(email))), "")

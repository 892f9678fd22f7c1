"""How to go back to the release before, as a team has written it down or made it a workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts._text import decode
from lifelint.facts.documents.marks import left_open
from lifelint.facts.owners.found import owners_of
from lifelint.facts.releases.named import looked_up

if TYPE_CHECKING:
    from lifelint.facts.documents.noun import Document, Section
    from lifelint.facts.owners.noun import OwnersLine

_HEADING = lazy(
    r"\broll(?:ing)?[- ]?backs?\b|\brevert(?:ing)? (?:a |the )?(?:model|release|deployment)"
    r"|\brestor(?:e|ing) (?:a |the )?(?:previous|last|prior)",
    re.IGNORECASE,
)
_WORKFLOW = lazy(r"\.github/workflows/[^/]*roll-?back[^/]*\.ya?ml", re.IGNORECASE)
_FENCE = lazy(r"\s*(?:```|~~~)\s*(?P<language>[\w-]*)")
_SHELLS = ("", "sh", "bash", "shell", "console", "zsh")
_PERSON = lazy(r"(?<![\w/.])@[\w-]{2,}|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|\bowner\b\W{1,6}\w", re.IGNORECASE)


class Procedure(NamedTuple):
    """A way back: a section about rollback, or a workflow that does it.

    ``filled`` is whether anything is written there, ``why`` what is wrong where not. ``names`` are the files and
    commands that can be looked up, ``missing`` those that are not there. ``owner`` is who it belongs to, empty where
    nobody is named.
    """

    path: str
    line: int
    heading: str
    filled: bool
    why: str
    names: tuple[str, ...]
    missing: tuple[str, ...]
    owner: str


def rollback_procedures(
    source: Source, documents: Sequence[Document], owners: Sequence[OwnersLine]
) -> Iterator[Procedure]:
    """Sections about rollback in runbooks and other documents, and workflows named for it."""
    for document in documents:
        text = source.parse(document.path, decode) if document.form == "markdown" else None
        for section in document.sections:
            if 0 < section.level <= 6 and _HEADING.search(section.heading):
                yield _of(source, document, section, (text or section.text).split("\n"), text is not None, owners)
    for path in source.names(lambda name: "roll" in name.lower()):
        if _WORKFLOW.fullmatch(path):
            yield Procedure(path, 0, "workflow", True, "", (path,), (), next(iter(owners_of(owners, path)), ""))


def _of(
    source: Source,
    document: Document,
    section: Section,
    lines: Sequence[str],
    whole: bool,
    owners: Sequence[OwnersLine],
) -> Procedure:
    after = (s.line for s in document.sections if s.line > section.line and 0 < s.level <= section.level)
    body = list(lines[section.line : next(after, len(lines) + 1) - 1]) if whole else list(lines)
    commands = [*_commands(body)]
    names, missing = looked_up(source, document.path, "\n".join(body), commands)
    said = _PERSON.search("\n".join(body)) or (_PERSON.search("\n".join(lines)) if document.role == "runbook" else None)
    owner = said[0] if said else next(iter(owners_of(owners, document.path)), "")
    marked = left_open(body)
    why = f"still holds {marked}" if marked else section.why
    filled = section.filled and not marked
    return Procedure(document.path, section.line, section.heading, filled, why, names, missing, owner)


def _commands(lines: Sequence[str]) -> Iterator[str]:
    """The lines of fenced shell in a text, without the output that may stand among them."""
    language = None
    for line in lines:
        fence = _FENCE.match(line)
        if fence:
            language = fence["language"].lower() if language is None else None
        elif language in _SHELLS and line.strip() and not line.lstrip().startswith("#"):
            yield line.strip().removeprefix("$ ")

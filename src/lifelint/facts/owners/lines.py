"""The lines of a CODEOWNERS file, as its forge reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lifelint._patterns import lazy
from lifelint.facts._text import decode
from lifelint.facts.owners.noun import OwnersLine

_UNESCAPED_SPACE = lazy(r"(?<!\\)\s+")
_EMAIL = lazy(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_GITHUB_OWNER = lazy(r"@[A-Za-z0-9][\w-]*(?:/[\w.-]+)?", re.ASCII)
_GITLAB_OWNER = lazy(r"@@?[\w.-]+(?:/[\w.-]+)*", re.ASCII)
_SECTION = lazy(r"\^?\[([^\]]*)\](?:\[\d*\])?(.*)")
"""``SectionParser::HEADER_REGEX`` of GitLab: what begins like a section is one, whatever follows."""


def parse_github(data: bytes) -> tuple[OwnersLine, ...]:
    """The lines as GitHub reads them: it passes over a line that it does not understand.

    Raises:
        Unreadable: not text.
    """
    return tuple(_github(number, pattern, owners) for number, pattern, owners in _lines(data))


def _github(number: int, pattern: str, rest: Sequence[str]) -> OwnersLine:
    owners = tuple(_before_comment(rest))
    wrong = next((owner for owner in owners if not (_GITHUB_OWNER.fullmatch(owner) or _EMAIL.fullmatch(owner))), "")
    problem = ""
    if pattern.startswith("!"):
        problem = "GitHub knows no exclusion by !"
    elif pattern.startswith("\\#"):
        problem = "GitHub knows no pattern that begins with #, escaped or not"
    elif "[" in pattern or "]" in pattern:
        problem = "GitHub knows no sets of characters in [ ]"
    elif "***" in pattern:
        problem = "GitHub knows no pattern with ***"
    elif wrong:
        problem = f"{wrong} is no @user, @org/team or e-mail address"
    return OwnersLine("", number, "github", pattern, owners, problem=problem)


def parse_gitlab(data: bytes) -> tuple[OwnersLine, ...]:
    """The lines as GitLab reads them: sections by name, whatever its case, each with its default owners.

    Raises:
        Unreadable: not text.
    """
    return tuple(_gitlab(data))


def _gitlab(data: bytes) -> Iterator[OwnersLine]:
    section, defaults = "", ()  # type: str, tuple[str, ...]
    names: dict[str, str] = {}
    for number, pattern, rest in _lines(data):
        heading = _SECTION.match(" ".join([pattern, *rest]))
        if heading:
            section = names.setdefault(heading[1].casefold(), heading[1])
            defaults = _of_gitlab(heading[2].split())
        elif pattern.startswith("!"):
            yield OwnersLine("", number, "gitlab", pattern[1:], (), section, excludes=True)
        else:
            named = _before_comment(rest)
            owners = _of_gitlab(rest) if rest else defaults
            malformed = tuple(token for token in named if token not in owners)
            yield OwnersLine("", number, "gitlab", pattern, owners, section, malformed=malformed)


def _of_gitlab(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if _GITLAB_OWNER.fullmatch(token) or _EMAIL.fullmatch(token))


def _before_comment(tokens: Sequence[str]) -> Sequence[str]:
    comment = next((at for at, token in enumerate(tokens) if token.startswith("#")), len(tokens))
    return tokens[:comment]


def _lines(data: bytes) -> Iterator[tuple[int, str, Sequence[str]]]:
    for number, line in enumerate(decode(data).split("\n"), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            pattern, *owners = _UNESCAPED_SPACE.split(text)
            yield number, pattern, owners

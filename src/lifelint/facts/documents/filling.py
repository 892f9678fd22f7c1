"""Whether anything is written under a heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.documents.noun import LABEL, Section
from lifelint.facts.documents.placeholders import left, reason, remaining
from lifelint.facts.documents.words import count, words

ENOUGH = 12
"""Words that a filled section has at least, where it holds no value."""

_UNITS = (
    "%|percent|rows?|records?|entries|images?|samples?|examples?|instances?|documents?|sentences?|tokens?|words|pages"
    "|files?|columns?|fields?|features?|classes|labels?|people|users?|patients?|cells|hours?|days?|weeks?|months?"
    "|years?|minutes?|seconds?|ms|s|h|px|hz|khz|km|m|mm|cm|kg|g|°c|€|eur|usd|[kmgtp]i?b|bytes?|requests?|parameters"
)
_LICENCES = (
    r"MIT|Apache(?:[-\s]2\.0)?|CC0(?:-1\.0)?|CC[-\s]BY(?:[-\s](?:SA|NC|ND))*(?:[-\s]\d\.\d)?|ODbL|ODC-By|PDDL|[AL]?GPL"
    r"|BSD|MPL|OpenRAIL|Unlicense|public\s+domain|proprietary|internal\s+use\s+only|all\s+rights\s+reserved"
)
_VALUE = lazy(
    rf"""
      https?://[^\s<>]{{4,}} | \b[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+\b | (?<![\w/.])@[\w-]{{2,}}
    | \b\d{{4}}-\d\d(?:-\d\d)?\b | \b\d{{1,2}}\.?\s[A-Z][a-z]{{2,8}}\s\d{{4}}\b
    | \b[A-Z][a-z]{{2,8}}\s(?:\d{{1,2}},\s)?\d{{4}}\b
    | \d[\d,._]{{0,20}}\s?(?:(?i:million|thousand|k|m)\s)?(?i:{_UNITS})(?!\w)
    | \b(?i:sha256|md5|sha1):[0-9a-f]{{7,}}
    | \b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{{7,64}}\b | \bv\d+\b | \bv?\d+\.\d+\.\d+\b
    | \b(?i:{_LICENCES})\b
    """,
    re.VERBOSE,
)


_DIGIT = lazy(r"[0-9]")
_FIRST_WORDS = frozenset({
    "mit", "apache", "cc", "odbl", "odc", "pddl", "gpl", "agpl", "lgpl", "bsd", "mpl", "openrail", "unlicense",
    "public", "proprietary", "internal", "all",
})  # fmt: skip
"""The first words of ``_LICENCES``, in lower case."""


class Written(NamedTuple):
    """A heading and its own text as it was written, with what it marks as a path or a name (code, targets of links)."""

    heading: str
    level: int
    line: int
    text: str
    marked: tuple[str, ...] = ()


class _Own(NamedTuple):
    text: str
    value: bool
    why: str
    words: int


def judged(written: Sequence[Written], exists: Callable[[str], bool]) -> Iterator[Section]:
    """The sections with what remains of each. ``exists`` tells whether a path that a document names is there."""
    seen: dict[str, int] = {}
    rests = [remaining(one.text) for one in written]
    own = [_own(one, rest, seen, exists) for one, rest in zip(written, rests, strict=True)]
    for at, one in enumerate(written):
        inside = own[at : _end(written, at)]
        # What is labelled is content too, once something stands beside its label.
        labels = (
            written[at + n].heading
            for n, each in enumerate(inside)
            if n and written[at + n].level >= LABEL and each.text
        )
        words = sum(map(count, labels)) + sum(each.words for each in inside)
        filled = words >= ENOUGH or any(each.value for each in inside)
        few = f"has only {words} word{'s' if words > 1 else ''}" if words else "is empty"
        why = "" if filled else next((each.why for each in inside if each.why), few)
        bare = not one.text.strip() and not one.marked
        yield Section(
            one.heading, one.level, one.line, own[at].text, words, filled, why, left(one.text, rests[at]), bare
        )


def _own(one: Written, rest: str, seen: dict[str, int], exists: Callable[[str], bool]) -> _Own:
    because = reason(one.text)
    if because:
        return _Own(because, True, "", count(because))
    if not rest:
        shown = any(map(exists, one.marked))
        return _Own("", shown, "holds only placeholders" if one.text.strip() and not shown else "", 0)
    words = count(rest)
    if words >= ENOUGH:
        first = seen.setdefault(" ".join(rest.casefold().split()), one.line)
        if first != one.line:
            return _Own("", False, f"says the same as line {first}", 0)
    return _Own(rest, _has_value(rest) or any(map(exists, one.marked)), "", words)


def _has_value(text: str) -> bool:
    """Whether a value stands in a text. Each but a licence's name holds a digit, an ``@`` or an address."""
    signed = not text.isascii() or "@" in text or "://" in text or _DIGIT.search(text)
    if not signed and _FIRST_WORDS.isdisjoint(words(text)):
        return False
    return _VALUE.search(text) is not None


def _end(written: Sequence[Written], at: int) -> int:
    """Where the section ends: at the next of its level or a lower one."""
    level = written[at].level
    if level == 0:
        return at + 1
    return next((n for n in range(at + 1, len(written)) if written[n].level <= level), len(written))

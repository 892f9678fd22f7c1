"""Whether names follow the conventions that a team agreed on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.tags import TagName

_VERSION = r"\d+(?:\.\d+){1,3}(?:[-._]?(?:alpha|beta|dev|post|pre|rc|a|b)[-._]?\d*)*(?:[-+][\w.-]+)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
SHAPES: Mapping[str, re.Pattern[str]] = {
    "v1.2.3": lazy(rf"v{_VERSION}"),
    "1.2.3": lazy(_VERSION),
    "name@v1.2.3": lazy(r"[\w./-]+(?:@v?\d[\w.+-]*!?|#[\w-]+!?)(?:#\d+)?"),
    "name-v1.2.3": lazy(rf"[A-Za-z][\w.]*(?:[-_/][A-Za-z]\w*)*[-_/](?:v?{_VERSION}|v\d+)"),
    "2026-01-31": lazy(
        rf"(?:\w+[-_/])?v?\d{{4}}[-._]?(?:[01]\d(?:[-._]?[0-3]\d)?|{_MONTH})(?:[-._T]\w+)*", re.IGNORECASE
    ),
    "1234": lazy(r"v?\d+"),
}
"""Shapes of tags that are conventions by themselves: versions, names with versions (GTO), dates, numbers of builds."""

_NUMBERED = lazy(r"([A-Za-z]+(?:[-_/.][A-Za-z]+)*[-_/.]?)\d+")
"""One name and a number that is counted up, as some systems tag what they built."""

_FEW = 5
_SHOWN = 3


def held(tags: Sequence[TagName], *, tag: str = "", since: str = "", least_percent: int = 95) -> Iterator[Observation]:
    """Tags match the glob that is declared for them; without one they have a common shape.

    ``since`` is the first tag that counts: what was made before a convention was agreed on never does. One stray tag
    is nobody's convention broken.
    """
    first = next((one.when for one in tags if since and one.name == since), 0)
    counted = [one for one in tags if one.when >= first]
    allowed = max(1, len(counted) * (100 - least_percent) // 100)
    if tag and counted:
        others = [one for one in counted if not fnmatchcase(one.name, tag)]
        detail = f"{len(counted) - len(others)} of {len(counted)} tags are like {tag}{_such(others)}"
        yield Observation(len(others) <= allowed, "tags", detail, (others or counted)[0].path)
    elif len(counted) >= _FEW:
        yield _shaped(counted, allowed)


def _shaped(counted: Sequence[TagName], allowed: int) -> Observation:
    shapes = {label: [one for one in counted if shape.fullmatch(one.name[:200])] for label, shape in SHAPES.items()}
    label = max(shapes, key=lambda name: len(shapes[name]))
    known = {one for found in shapes.values() for one in found}
    others = [one for one in counted if one not in known]
    rest = [one for one in counted if one not in shapes[label]]
    if len(rest) <= allowed:
        detail = f"{len(shapes[label])} of {len(counted)} tags are like {label}"
        return Observation(True, "tags", detail, counted[0].path)
    numbered = Counter(found[1] for one in counted if (found := _NUMBERED.fullmatch(one.name[:200])))
    name, many = next(iter(numbered.most_common(1)), ("", 0))
    if len(counted) - many <= allowed:
        return Observation(True, "tags", f"{many} of {len(counted)} tags are like {name}1", counted[0].path)
    if len(others) <= allowed:
        detail = f"no convention is declared, and tags have several shapes: most are like {label}{_such(rest)}"
        return Observation(None, "tags", detail, rest[0].path)
    detail = f"no convention is declared, and {len(others)} of {len(counted)} tags are neither versions nor dates"
    return Observation(False, "tags", f"{detail}{_such(others)}", others[0].path)


def _such(others: Sequence[TagName]) -> str:
    return f"; such as {', '.join(one.name for one in others[:_SHOWN])}" if others else ""

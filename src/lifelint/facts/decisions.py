"""Records of decisions: documents in a folder that is named for them (adr.github.io: MADR, Nygard's form)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source, Unreadable

_PLACE = lazy(
    r"(?:^|.*/)(?:adrs?|decisions?|decision[-_]records?|architectur(?:e|al)[-_]decisions?)/(?:.*/)?"
    r"(?!(?:readme|index|template|[^/]*[-_]template)\.)[^/]+\.(?:md|markdown|rst|adoc|txt)",
    re.IGNORECASE,
)
_NAME = lazy(r"\.(?:md|markdown|rst|adoc|txt)$", re.IGNORECASE)
_TITLE = lazy(r"^(?:#|=)\s+(\S.*?)\s*$", re.MULTILINE)
_STATUS = lazy(
    r"^(?:[*-]\s+|\*\*)?status(?:\*\*)?\s*:\s*[\"'*]*([a-z]+)|^#+\s*status\s*\n+(?:[*_-]\s*)*([a-z]+)",
    re.IGNORECASE | re.MULTILINE,
)


class Decision(NamedTuple):
    """A record of a decision: its title, its status in lower case (empty where it has none), and all that it says."""

    path: str
    line: int
    title: str
    status: str
    text: str


def decisions(source: Source) -> Iterator[Decision]:
    """Every record of a decision, in the order of paths."""
    for path in source.names(_NAME.search):
        if _PLACE.fullmatch(path):
            found = source.parse(path, parse_decision)
            if found is not None:
                yield found._replace(path=path)


def parse_decision(data: bytes) -> Decision:
    """A record without its path.

    Raises:
        Unreadable: not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8") from None
    title, status = _TITLE.search(text), _STATUS.search(text)
    line = text.count("\n", 0, title.start()) + 1 if title else 1
    return Decision("", line, title[1] if title else "", (status[1] or status[2]).lower() if status else "", text)

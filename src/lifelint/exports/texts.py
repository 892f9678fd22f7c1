"""Documents of values from strangers, as JSON text that every reader takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lifelint.facts._plain import plain
from lifelint.report.escaping import visible

LONGEST = 1024
"""Characters of a text; CycloneDX allows no longer version."""

DEEPEST = 32
"""Levels of a document; readers of protobuf's JSON form give up at 100."""

_LAST = 253_402_300_799


def dumped(document: Mapping[str, Any], indent: int | None = None) -> str:
    """JSON text, the same for the same document. Texts lose control characters and what is beyond ``LONGEST``."""
    separators = None if indent else (",", ":")
    return json.dumps(_clean(plain(document)), indent=indent, separators=separators, ensure_ascii=False)


def _clean(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return short(value)
    if depth >= DEEPEST:
        return short(json.dumps(value)) if isinstance(value, (dict, list)) else value
    if isinstance(value, dict):
        return {short(key): _clean(item, depth + 1) for key, item in value.items()}
    return [_clean(item, depth + 1) for item in value] if isinstance(value, list) else value


def from_git(seconds: int) -> datetime:
    """The time of a commit; git itself takes any number, and what is beyond the year 9999 becomes the end of it."""
    return datetime.fromtimestamp(min(seconds, _LAST), UTC)


def moment(time: datetime) -> str:
    """A point in time as RFC 3339 in UTC, to the second."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def short(value: str) -> str:
    """A text on one line and not longer than ``LONGEST``."""
    shown = visible(value)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"

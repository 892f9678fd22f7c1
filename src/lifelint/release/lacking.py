"""What a document lacks and could not be computed."""

from __future__ import annotations

from typing import NamedTuple


class Lacking(NamedTuple):
    """A field that was not found: where it was looked for, and what supplies it."""

    field: str
    looked: str
    remedy: str

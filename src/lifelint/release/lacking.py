"""What a document lacks and could not be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Lacking(NamedTuple):
    """A field that was not found: where it was looked for, and what supplies it."""

    field: str
    looked: str
    remedy: str


def unwritable(document: Any, field: str = "") -> Iterator[Lacking]:
    """What a document of text cannot hold: names of files that are not UTF-8."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            yield from unwritable(value, f"{field}.{key}".strip("."))
    elif isinstance(document, (list, tuple)):
        for value in document:
            yield from unwritable(value, field)
    elif isinstance(document, str) and not _is_text(document):
        yield Lacking(field, f"{document} is not UTF-8", "rename it, or name others with the option for this field")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

"""Bytes as text."""

from __future__ import annotations

from lifelint.facts._source import Unreadable

MAX_DEPTH = 200
"""How deep lists and mappings may be nested in a document: what reads them may recurse."""


def decode(data: bytes) -> str:
    """UTF-8 text without its byte-order mark. Raises ``Unreadable`` with the line of the first bad byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        why = "is UTF-16, not UTF-8 text" if utf16 else "is not UTF-8 text"
        raise Unreadable(why, data.count(b"\n", 0, error.start) + 1) from None

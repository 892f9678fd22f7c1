"""The form in which git would store a file that was edited, without running git's filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

ATTRIBUTES = ("filter", "ident", "working-tree-encoding", "text", "eol")
"""The attributes that change content on its way from disk to the object database (gitattributes)."""

_LONE_CR = rb"\r(?!\n)"


def stored_form(
    data: bytes, attributes: Mapping[str, str], *, autocrlf: Callable[[], bool], before: Callable[[], bytes]
) -> bytes | None:
    """What git would store of ``data``; ``None`` when a filter decides that, which is never run.

    ``autocrlf`` tells whether git converts line endings by default, ``before`` gives what was stored last: git leaves
    the endings of a file alone that was committed with CRLF, unless it is declared as text.
    """
    if any(attributes.get(name, "unset") != "unset" for name in ATTRIBUTES[:3]):
        return None
    if b"\r\n" not in data or attributes.get("text") == "unset":
        return data
    declared = attributes.get("text") in ("set", "input") or ("eol" in attributes and attributes.get("text") != "auto")
    if not declared:
        if attributes.get("text") != "auto" and not autocrlf():
            return data
        if b"\0" in data or re.search(_LONE_CR, data) or b"\r\n" in before():
            return data
    return data.replace(b"\r\n", b"\n")

"""JSON with readable errors."""

from __future__ import annotations

import json
import re
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts._source import Unreadable
from lifelint.facts._text import MAX_DEPTH, decode

_ESCAPE = lazy(r"\\(?:(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)")
"""An escape in a text: a pair of surrogates (group 1), half a pair, or any other."""


def load(data: bytes) -> Any:
    """The document of ``data``. Half a surrogate pair, which no UTF-8 can hold (RFC 8259, 8.2), becomes U+FFFD.

    Raises:
        Unreadable: not UTF-8, not JSON, or nested past the bound; it carries the line where there is one.
    """
    text = decode(data)
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(_whole, text)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not valid JSON: {error.msg}", error.lineno) from None
    except ValueError:
        raise Unreadable("holds a number with more digits than can be read") from None
    except RecursionError:
        document = None
    else:
        # As few brackets open no more levels, and are counted in a fraction of the time.
        if text.count("[") + text.count("{") <= MAX_DEPTH or not too_deep(document):
            return document
    raise Unreadable(f"is nested more than {MAX_DEPTH} levels deep")


def _whole(escape: re.Match[str]) -> str:
    half = escape[1] is None and escape[0][1:3].lower() == "ud" and len(escape[0]) == 6
    return "\\ufffd" if half else escape[0]


def too_deep(document: Any) -> bool:
    """Whether lists and dicts are nested past the bound: what reads them may recurse."""
    level = [document] if isinstance(document, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inner for item in items if isinstance(item, (dict, list))]
    return bool(level)

"""JSON with readable errors."""

from __future__ import annotations

from typing import Any

from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import decode


def load(data: bytes) -> Any:
    """The document of ``data``.

    Raises:
        Unreadable: not UTF-8 or not JSON; it carries the line.
    """
    import json

    text = decode(data)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not valid JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise Unreadable("is not valid JSON: it is nested too deeply") from None

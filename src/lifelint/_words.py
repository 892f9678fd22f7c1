"""Words for messages."""

from __future__ import annotations

from collections.abc import Iterable


def suggest(word: object, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` when something known is near ``word``, else nothing."""
    import difflib

    near = difflib.get_close_matches(str(word), list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""

"""Words for messages."""

from __future__ import annotations

from collections.abc import Iterable


def suggest(word: object, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` when something known is near ``word``, else nothing."""
    meant = near(word, known)
    return f" (did you mean {meant!r}?)" if meant else ""


def near(word: object, known: Iterable[str], alike: float = 0.6) -> str:
    """What is known and nearest to ``word``, if it is at least so much ``alike`` (0 to 1); else nothing."""
    import difflib

    return next(iter(difflib.get_close_matches(str(word), list(known), n=1, cutoff=alike)), "")

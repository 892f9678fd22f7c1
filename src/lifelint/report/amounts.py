"""How much something is, and how it changed, in few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite


def extents(kind: str, sizes: Sequence[int | None], counts: Sequence[int | None]) -> Iterator[str]:
    """How large something was and is, as far as that is recorded: bytes, and files or packages."""
    if None not in sizes and any(sizes):
        yield _both(*(size(number or 0) for number in sizes))
    if None not in counts and any(counts):
        many = _both(*(str(int(number or 0)) for number in counts))
        yield f"{many} {'packages' if kind == 'environment' else 'files'}"


def moved(before: str, after: str) -> str:
    """What was said before and is said after."""
    if before and after:
        return f"{before} → {after}"
    return f"{after}, new" if after else f"{before}, no longer"


def _both(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def size(number: int) -> str:
    """Bytes in the largest decimal unit that fits."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number} B"


def value(number: float | None) -> str:
    """The value of a metric."""
    return "no number" if number is None else f"{number:.6g}"


def difference(before: float | None, after: float | None, better: bool | None) -> str:
    """By how much a value rose or fell, and whether that is better, where this is known."""
    if before is None or after is None or not isfinite(after - before):
        return ""
    return f"{after - before:+.4g}{'' if better is None else ' better' if better else ' worse'}"

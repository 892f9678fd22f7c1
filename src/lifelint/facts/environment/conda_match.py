"""Conda's match specifications, as far as they can be decided without conda (``conda/models/version.py``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from lifelint._patterns import lazy

MAX_LENGTH = 300
_CLAUSE = lazy(r"(==|!=|>=|<=|~=|=|>|<)?([A-Za-z0-9_.+!-]+?)(\.\*|\*)?")
_ORDERED: Mapping[str, Callable[[int], bool]] = {
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">=": lambda order: order >= 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    "<": lambda order: order < 0,
}
_BUILD = lazy(r"={0,2}([A-Za-z0-9*][A-Za-z0-9_.*+!-]*)=([A-Za-z0-9_.*+-]+)")


def satisfies(spec: str, version: str, build: str = "") -> bool | None:
    """Whether ``version`` is one that ``spec`` admits; ``None`` where conda's order of versions would have to decide.

    Decided are dotted numbers; of all other versions only what equality or the numbers before them decide.
    """
    spec = re.sub(r"\s", "", spec)
    if spec in ("", "*", "=*", "==*"):
        return True
    if len(spec) > MAX_LENGTH:
        return None
    built = _BUILD.fullmatch(spec)
    if built:
        return _both([_equal(built[1], version), fnmatchcase(build, built[2]) if build else None])
    verdicts = [_both([_clause(part, version) for part in option.split(",")]) for option in spec.split("|")]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _both(verdicts: list[bool | None]) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _equal(wanted: str, version: str) -> bool | None:
    if wanted == "*" or wanted.lower() == version.lower():
        return True
    prefix = wanted.removesuffix("*").removesuffix(".")
    if wanted.endswith("*"):
        return _starts(version, prefix)
    # Whether 1.2 before a build means 1.2 or 1.2.* differs between the tools.
    return False if _starts(version, prefix) is False else None


def _clause(clause: str, version: str) -> bool | None:
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return True if clause == "*" else None
    operator, wanted, star = match[1] or "", match[2], match[3] or ""
    if star or operator in ("=", "~="):
        return _prefixed(operator, wanted, star, version)
    order = compare(version, wanted)
    if operator == "" and order != 0:
        # A bare version is exact to conda and pixi, and was not always.
        return False if _starts(version, wanted) is False else None
    return None if order is None else _ORDERED[operator or "=="](order)


def _prefixed(operator: str, wanted: str, star: str, version: str) -> bool | None:
    starts = _starts(version, wanted)
    if operator == "~=" and not star and "." in wanted:
        return _both([_clause(f">={wanted}", version), _starts(version, wanted.rpartition(".")[0])])
    if operator == "!=" and star == ".*":
        return None if starts is None else not starts
    if operator == ">=":
        return _clause(f">={wanted}", version)
    if operator in ("", "=", "=="):
        # 1.2* is 1.2.* to some and may be 1.20 to others.
        return starts or (None if star == "*" else starts)
    return None


def _starts(version: str, prefix: str) -> bool | None:
    parts, wanted = version.lower().split("."), prefix.lower().split(".")
    return _is_zero(compare(".".join(parts[: len(wanted)]), ".".join(wanted)))


def _is_zero(order: int | None) -> bool | None:
    return None if order is None else order == 0


def compare(left: str, right: str) -> int | None:
    """The order of two versions, missing numbers being 0; ``None`` when something else than a number decides it."""
    ours, theirs = left.lower().split("."), right.lower().split(".")
    for place in range(max(len(ours), len(theirs))):
        a, b = (parts[place] if place < len(parts) else "0" for parts in (ours, theirs))
        if a == b:
            continue
        if not (re.fullmatch(r"[0-9]{1,18}", a) and re.fullmatch(r"[0-9]{1,18}", b)):
            return None
        if int(a) != int(b):
            return 1 if int(a) > int(b) else -1
    return 0

"""Versions: PEP 440, Semantic Versioning 2.0.0 and days (``2026-01-31``), and the version in the name of a tag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lifelint._patterns import lazy

_SEMVER = lazy(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)
_DAY = lazy(r"\d{4}-[01]\d-[0-3]\d", re.ASCII)
_LONGEST = 100


def is_version(text: str) -> bool:
    """Whether ``text`` is a version of any of the schemes."""
    return any(key(text) is not None for key in _SCHEMES)


def is_prerelease(text: str) -> bool:
    """Whether ``text`` is the version of a candidate, an alpha, a development build, and not of a release."""
    pep440, semver = _pep440(text), _semver(text)
    return bool(pep440.is_prerelease) if pep440 is not None else semver is not None and not semver[1]


def compared(one: str, other: str) -> int | None:
    """Below 0 where ``one`` is lower, 0 where both are the same, above 0 where it is higher; ``None`` where no scheme
    has both."""
    for key in _SCHEMES:
        mine, theirs = key(one), key(other)
        if mine is not None and theirs is not None:
            return int(mine > theirs) - int(mine < theirs)
    return None


def ascending(versions: Iterable[str]) -> Sequence[str] | None:
    """Versions from the lowest to the highest; ``None`` where no one scheme has all of them."""
    found = list(versions)
    for key in _SCHEMES:
        keys = {version: key(version) for version in found}
        if None not in keys.values():
            return sorted(found, key=lambda version: (keys[version], version))
    return None


def prefix(tag: str, version: str) -> str | None:
    """What stands before ``version`` in ``tag`` (``v``, ``churn@v``); ``None`` where it is the tag of another one."""
    for at in _starts(tag):
        said = tag[at:]
        if said == version or compared(said, version) == 0:
            return tag[:at]
    return None


def after(tag: str, before: str) -> str:
    """The version after the prefix ``before`` in a tag; ``""`` where there is none."""
    said = tag.removeprefix(before) if tag.startswith(before) else ""
    return said if said[:1].isdigit() and is_version(said) else ""


def _starts(tag: str) -> list[int]:
    """Where a version can begin: at a digit that goes on with neither a number nor a word but ``v``."""
    found = re.finditer(r"(?:^|(?<=[^0-9A-Za-z.])|(?<=[^A-Za-z]v)|(?<=^v))\d", tag[:_LONGEST])
    return [match.start() for match in found]


def _pep440(text: str) -> Any:
    from packaging.version import Version

    try:
        return Version(text) if len(text) <= _LONGEST and not _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _semver(text: str) -> Any:
    match = _SEMVER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    # Semver 11.4: numbers before words, fewer identifiers before more, a version before none of them
    before = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in (match[4] or "").split(".") if part
    )
    return tuple(int(match[group]) for group in (1, 2, 3)), not before, before


def _day(text: str) -> Any:
    return text if _DAY.fullmatch(text) else None


_SCHEMES = (_pep440, _semver, _day)

"""The order of versions: PEP 440 where all follow it, else Semantic Versioning 2.0.0 where all follow that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_SEMVER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")


def ascending(versions: Iterable[str]) -> Sequence[str] | None:
    """Versions from the lowest to the highest; ``None`` where neither scheme orders all of them."""
    found = list(versions)
    for key in (_pep440, _semver):
        keys = {version: key(version) for version in found}
        if None not in keys.values():
            return sorted(found, key=lambda version: (keys[version], version))
    return None


def _pep440(version: str) -> Any:
    from packaging.version import Version

    try:
        return Version(version)
    except ValueError:
        return None


def _semver(version: str) -> Any:
    match = _SEMVER.fullmatch(version)
    if not match:
        return None
    # Semver 11.4: numbers before words, fewer identifiers before more, a version before none of them
    before = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in (match[4] or "").split(".") if part]
    return tuple(int(match[group]) for group in (1, 2, 3)), not before, before

"""The members of a uv workspace: ``[tool.uv.workspace] members`` and ``exclude`` (uv docs, ``projects/workspaces``)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lifelint.facts._source import Source
from lifelint.facts.environment.pyproject import Pyproject, parse_pyproject, table, texts


class Member(NamedTuple):
    """One member: its folder, its manifest's path and content."""

    folder: str
    path: str
    parsed: Pyproject

    @property
    def document(self) -> Mapping[str, Any]:
        """The whole ``pyproject.toml``."""
        return self.parsed.document


def workspace(source: Source, folder: str, root: Mapping[str, Any]) -> Sequence[Member] | None:
    """The projects that share the lock in ``folder``, the root first; ``None`` when one cannot be read."""
    settings = table(root, "tool", "uv", "workspace")
    included = [_glob(pattern) for pattern in texts(settings.get("members"))]
    excluded = [_glob(pattern) for pattern in texts(settings.get("exclude"))]
    folders = [folder] if root.get("project") else []
    if included:
        below = (posixpath.dirname(p) for p in source.under(folder) if posixpath.basename(p) == "pyproject.toml")
        for place in below:
            relative = place[len(folder) + 1 :] if folder else place
            wanted = any(pattern.fullmatch(relative) for pattern in included)
            if relative and wanted and not any(pattern.fullmatch(relative) for pattern in excluded):
                folders.append(place)
    found = []
    for place in dict.fromkeys(folders):
        path = posixpath.join(place, "pyproject.toml")
        parsed = source.parse(path, parse_pyproject)
        if parsed is None:
            return None
        if parsed.document.get("project") and table(parsed.document, "tool", "uv").get("managed") is not False:
            found.append(Member(place, path, parsed))
    return found


def is_package(document: Mapping[str, Any]) -> bool:
    """Whether uv builds and installs the project instead of only its dependencies."""
    stated = table(document, "tool", "uv").get("package")
    return stated if isinstance(stated, bool) else bool(document.get("build-system"))


def _glob(pattern: str) -> re.Pattern[str]:
    pattern = posixpath.normpath(pattern)
    parts = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    body = re.sub(r"\*\*/|\*\*|\*|\?|[^*?]+", lambda m: parts.get(m[0]) or re.escape(m[0]), pattern)
    return re.compile(body)

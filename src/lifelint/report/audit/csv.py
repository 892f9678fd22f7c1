"""Every observation of an audit as a row, with the content and the commit that it was seen in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifelint.report import csv as checked

COLUMNS = (*checked.COLUMNS, "blob", "commit", "authored")
_PATH = COLUMNS.index("path")


def render(document: Mapping[str, Any]) -> str:
    """All observations, by the columns of the CSV report, and where git has them."""
    return checked.table([COLUMNS, *_rows(document)])


def _rows(document: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    files, commits = document["files"], document["commits"]
    for row in checked.rows(document["report"]):
        tracked = files.get(row[_PATH], {})
        commit = tracked.get("commit") or ""
        yield *row, tracked.get("blob") or "", commit, commits.get(commit, {}).get("authored") or ""

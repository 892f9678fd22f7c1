"""Every observation as a row, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lifelint.report.escaping import cell
from lifelint.report.problems import fingerprint

COLUMNS = (
    "project", "rule", "outcome", "severity", "level", "phases", "principle", "ok", "subject", "detail", "path", "line",
    "fingerprint", "accepted",
)  # fmt: skip


def render(document: Mapping[str, Any]) -> str:
    """All findings (RFC 4180 but for line ends); one that looked at nothing has a row with its note as detail."""
    return table([COLUMNS, *rows(document)])


def table(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return text.getvalue()


def rows(document: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Each observation as the values of ``COLUMNS``."""
    nothing = {"ok": None, "subject": "", "path": "", "line": 0}
    for project in document["projects"]:
        for finding in project["findings"]:
            about = [project["root"], *(finding[key] for key in ("rule", "outcome", "severity", "level"))]
            about += [" ".join(finding["phases"]), finding["principle"]]
            for seen in finding["observations"] or [{**nothing, "detail": finding["note"]}]:
                print_ = fingerprint(finding["rule"], project["root"], seen["subject"])
                ok = {True: "yes", False: "no", None: ""}[seen["ok"]]
                accepted = seen.get("waived") or ("in the baseline" if seen.get("known") else "")
                yield *about, ok, seen["subject"], seen["detail"], seen["path"], seen["line"] or "", print_, accepted

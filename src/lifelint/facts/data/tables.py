"""The tables that a notebook's outputs show: the columns of each DataFrame that pandas rendered as HTML.

Formats: nbformat 4 (outputs, ``text/html``); pandas' ``DataFrame.to_html``: a table of class ``dataframe``, whose head
holds the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._json import load

_CELL = lazy(r"<th\b[^<>]{0,100}>([^<]{0,500})</th>")
_SUMMARY = lazy(r"<th>(?:count|mean|std|unique|top|dtype)</th>")


class Shown(NamedTuple):
    """A table in an output: its columns, and the line of the notebook it stands on."""

    columns: tuple[str, ...]
    line: int


def parse_tables(data: bytes) -> list[Shown]:
    """The tables of rows that a notebook shows; statistics and correlations of columns are none.

    Raises:
        Unreadable: not JSON.
    """
    if b"dataframe" not in data:
        return []
    return [table for html in _outputs(load(data)) for table in _tables(html, data)]


def _tables(html: str, data: bytes) -> Iterator[Shown]:
    for part in html.split("<table")[1:]:
        head, closed, body = part.partition("<thead>")[2].partition("</thead>")
        columns = tuple(filter(None, (unescape(cell).strip() for cell in _CELL.findall(head.partition("</tr>")[0]))))
        rows = set(_CELL.findall(body[:4000]))
        told = _SUMMARY.search(body[:4000]) or rows.intersection(columns)
        if "dataframe" in part[:300] and closed and columns and "<td" in body and not told:
            yield Shown(columns, _line(data, columns[0]))


def _outputs(document: Any) -> Iterator[str]:
    cells = document.get("cells") if isinstance(document, dict) else None
    for cell in cells if isinstance(cells, list) else []:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            held = output.get("data") if isinstance(output, dict) else None
            html = held.get("text/html") if isinstance(held, dict) else None
            if isinstance(html, list):
                html = "".join(part for part in html if isinstance(part, str))
            if isinstance(html, str):
                yield html


def _line(data: bytes, column: str) -> int:
    """The line on which the head of a column stands."""
    at = data.find(json.dumps(f"<th>{column}</th>", ensure_ascii=False)[1:-1].encode())
    return data.count(b"\n", 0, at) + 1 if at >= 0 else 0

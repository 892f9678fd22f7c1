"""Tables that a query reads as of a version or a time.

Syntax: Delta Lake and Databricks (``VERSION AS OF 12``, ``TIMESTAMP AS OF '2026-01-01'``), Iceberg and Trino (``FOR
VERSION AS OF``, ``FOR SYSTEM_VERSION AS OF``, ``FOR TIMESTAMP AS OF``), BigQuery (``FOR SYSTEM_TIME AS OF``).
A query without is none: whether its tables keep versions is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifelint._patterns import lazy
from lifelint.facts.references.addresses import HOLE
from lifelint.facts.references.noun import FIXED, MOVING, UNKNOWN, Named

_AS_OF = lazy(
    r"\b(?:from|join)\s+(?P<table>[\w.`\"/:-]{1,200})(?:\s+for)?\s+(?:system_)?(?P<what>version|timestamp|time)"
    r"\s+as\s+of\s+(?P<value>'[^']{0,100}'|timestamp\s*'[^']{0,100}'|\d{1,20}|\S{1,100})",
    re.IGNORECASE,
)
_NOW = lazy(r"(?:current_(?:timestamp|date)|now|getdate|date_(?:sub|add)|timestamp_sub|dateadd)\b", re.IGNORECASE)
_MOMENT = lazy(r"(?:timestamp\s*)?'\d{4}-\d\d?-\d\d?[^']*'|\d{10,}", re.IGNORECASE)


def travelled(query: str) -> Iterator[Named]:
    """Each table of a query that is read as of something."""
    for found in _AS_OF.finditer(query):
        table, value = found["table"].strip('`"'), found["value"].rstrip(",;")
        strength, why = _strength(found["what"].lower(), value)
        version = "" if HOLE in value else value.strip("'")
        yield Named("sql", "data", table.replace(HOLE, "…"), version, strength, why)


def _strength(what: str, value: str) -> tuple[str, str]:
    if HOLE in value or value.startswith(("{", ":", "@", "$", "?", "%")):
        return UNKNOWN, "its version is only known when it runs"
    if _NOW.match(value):
        return MOVING, f"it is read as of {value}, which is another state on each day"
    if what == "version":
        if value.isdecimal():
            return FIXED, f"the table is read as of its version {value}"
        return UNKNOWN, f"{value} is a branch, which moves, or a tag"
    if _MOMENT.match(value):
        return FIXED, f"the table is read as of {value}"
    return UNKNOWN, f"when {value} is cannot be told"

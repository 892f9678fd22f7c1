"""The kind ``risks``: entries of a register of risks, from YAML files and from tables in documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts._yaml_values import Map, Seq
from lifelint.facts.data import places
from lifelint.facts.documents.markdown import text_of
from lifelint.facts.documents.placeholders import remaining

if TYPE_CHECKING:
    from lifelint.facts.documents.noun import Document

_NAMES = ("risks", "risk-register", "risk_register", "risk-log", "risk_log")
FILES = tuple(f"{name}.{suffix}" for name in _NAMES for suffix in ("yaml", "yml"))
_FIELDS: Mapping[str, str] = {
    "name": r"id|no|nr|number|#|key|ref",
    "risk": r"risks?|hazards?|threats?|description|title|failure(?: mode)?|what (?:can|could) go wrong",
    "owner": r"owners?|responsible|who|assignee|assigned(?: to)?|accountable",
    "mitigation": (
        r"mitigations?|mitigated by|measures?|controls?|treatments?|responses?|counter[- ]?measures?|actions?"
        r"|what (?:is|we) do(?:ne)?(?: about it)?"
    ),
    "status": r"status|state",
}
"""The field of a risk → what it is called in a register, as a key or as the head of a column."""

_RISK = lazy(r"\b(?:risks?|hazards?|threats?|failure|go wrong|mitigat\w+)\b", re.IGNORECASE)
"""What the head of a table of risks says, which a description or an action does not."""

_CLOSED = lazy(r"\b(?:closed|done|resolved|retired|gone|obsolete|eliminated|not applicable)\b", re.IGNORECASE)
_RULE = lazy(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*")


class Risk(NamedTuple):
    """One entry: what can go wrong, who looks after it, and what is done about it. Placeholders count as nothing.

    ``closed``: its ``status`` says that nothing has to be done any more.
    """

    path: str
    line: int
    name: str
    risk: str
    owner: str
    mitigation: str
    status: str
    closed: bool


def risks(source: Source, documents: Sequence[Document]) -> Iterator[Risk]:
    """The entries of every ``risks.yaml``, and the rows of tables with a column for what is done about a risk.

    A file holds a list, a mapping by name, or either below the key ``risks``.
    """
    from lifelint.facts._yaml import load

    for path in source.named(*FILES):
        if not places.is_fixture(path) or places.is_documentation(path):
            document = source.parse(path, load)
            inner = document.get("risks") if isinstance(document, Map) else None
            for line, name, entry in _entries(inner if isinstance(inner, (Map, Seq)) else document):
                yield _risk(path, line, {"id": name, **entry} if name else entry)
    for document in documents:
        if document.form == "markdown" and document.role != "dataset":
            lines = text_of(source.bytes(document.path) or b"").split("\n")
            yield from _rows(document.path, lines, register=document.role == "risks")


def _entries(document: Any) -> Iterator[tuple[int, str, Map]]:
    if isinstance(document, Map):
        yield from ((document.lines[name], str(name), one) for name, one in document.items() if isinstance(one, Map))
    elif isinstance(document, Seq):
        yield from ((document.lines[at], "", one) for at, one in enumerate(document) if isinstance(one, Map))


def _risk(path: str, line: int, given: Mapping[Any, Any]) -> Risk:
    found = dict.fromkeys(_FIELDS, "")
    for key, value in given.items():
        field = _field(str(key))
        if field and not found[field] and value is not None:
            found[field] = _text(value)
    return Risk(path, line, **found, closed=bool(_CLOSED.search(found["status"])))


def _text(value: Any) -> str:
    parts = value if isinstance(value, (list, tuple)) else value.values() if isinstance(value, Mapping) else [value]
    return remaining("\n".join(str(part) for part in parts)).replace("\n", " ")


def _field(name: str) -> str:
    words = name.strip(" *_:`").replace("_", " ").lower()
    return next((field for field, pattern in _FIELDS.items() if re.fullmatch(pattern, words)), "")


def _rows(path: str, lines: Sequence[str], *, register: bool) -> Iterator[Risk]:
    """The rows of tables of Markdown (GFM, 4.10) whose heads name a risk and what is done about it.

    In what is no ``register`` the head has to say so: endpoints have descriptions and responses too.
    """
    heads: list[str] = []
    for number, line in enumerate(lines, 1):
        if "|" not in line:
            heads = []
        elif number < len(lines) and not heads and _RULE.fullmatch(lines[number]):
            named = _cells(line)
            fields = {_field(head) for head in named}
            told = register or any(_RISK.search(head) for head in named)
            heads = named if told and {"risk", "mitigation"} <= fields else []
        elif heads and not _RULE.fullmatch(line):
            yield _risk(path, number, dict(zip(heads, _cells(line), strict=False)))


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))]
    return [cell.replace("\\|", "|") for cell in cells]

"""Where people say that data is personal or sensitive: in a card, in Croissant metadata, in ``sources.yaml``.

Only what is said outright counts. Prose that denies, weighs or leaves it open is no flag.
Keys: Hugging Face's cards have a section, Croissant's vocabulary ``rai:personalSensitiveInformation``, SPDX 3
``hasSensitivePersonalInformation``; teams write ``pii: true`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts.documents.noun import ITEM, LABEL, Document, Section

_KEY = lazy(
    r"(?:(?:contains?|has|holds|includes?)?(?:personal(?:and)?(?:sensitive)?|sensitive(?:personal)?|pii|phi|specialcategory)"
    r"(?:data|information|info)?)"
)
_CLASS = lazy(r"(?:data)?(?:classification|sensitivity)|sensitivitylevel")
_CLASSES = lazy(
    r"(?:highly)?\W*(?:personal|sensitive|pii|phi|special[\W_]categor(?:y|ies))(?:\W*(?:data|information))?", re.I
)
_YES = lazy(r"\W*(?:yes|y|true)\b", re.IGNORECASE)
_NO = lazy(
    r"\b(?:no|none|not|nor|never|n/?a|without|neither|false|unlikely|unknown|anonymi[sz]ed|anonymous|pseudonymi[sz]ed"
    r"|de-?identified|removed|stripped|redacted|masked|synthetic|fictional|simulated|public(?:ly)?|may|might|could"
    r"|unsure|if|whether)\b|n't\b",
    re.IGNORECASE,
)
_HOLDS = lazy(
    r"\b(?:contains?|includes?|holds?|has|have|lists?|records?)\b[^.]{0,80}\b(?:personal|sensitive|pii|names|e-?mails?"
    r"|addresses|phone|telephone|health|medical|patients?|ethnic\w*|religio\w+|sexual|biometric|birth|salar(?:y|ies))\b",
    re.IGNORECASE,
)


class Flag(NamedTuple):
    """A statement that data is personal or sensitive, in its own words, with its line."""

    said: str
    line: int


def of_document(document: Document) -> Flag | None:
    """The first flag in front matter, in Croissant's keys, or in a section about it."""
    for key, value in document.front.items():
        said = said_by(str(key), value)
        if said:
            lines = getattr(document.front, "lines", {})
            return Flag(said, lines.get(key, 0))
    for at, one in enumerate(document.sections):
        text = _text(document.sections, at) if _KEY.fullmatch(_folded(one.heading)) else ""
        if affirms(text):
            return Flag(f"{one.heading}: {_short(text)}", one.line)
    return None


def _text(sections: Sequence[Section], at: int) -> str:
    """The text of a section with its labelled lines."""
    below = takewhile(lambda one: one.level >= LABEL and sections[at].level < LABEL, sections[at + 1 :])
    return "\n".join([sections[at].text, *(f"{one.heading}: {one.text}" for one in below)]).strip()


_FIELDS = lazy(r"\b(?:fields?|columns?|schema|variables?|features?|attributes|dictionary)\b", re.IGNORECASE)


def columns_of(document: Document) -> tuple[str, ...]:
    """The columns that a card lists: in front matter, in Croissant's records, or as labels below a heading."""
    front = document.front
    listed = [front.get("columns"), front.get("features")]
    info = front.get("dataset_info")
    listed += [one.get("features") for one in (info if isinstance(info, list) else [info]) if isinstance(one, dict)]
    found = [name for one in listed for name in named(one)] + _croissant(front)
    fields = False
    for one in document.sections:
        if one.level < ITEM:
            fields = _FIELDS.search(one.heading) is not None
        elif fields and not one.heading.count(" "):
            found.append(one.heading.strip("`"))
    return tuple(dict.fromkeys(found))


def named(value: Any) -> list[str]:
    """The names in a list of names, a list of things with names, or a mapping by name."""
    if isinstance(value, dict):
        return [str(key) for key in value]
    items = value if isinstance(value, list) else []
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [name for name in names if isinstance(name, str)]


def _croissant(document: Mapping[str, Any]) -> list[str]:
    """The columns that the fields of Croissant's records are read from."""
    records = _dicts(document.get("recordSet"))
    sources = [
        source for record in records for field in _dicts(record.get("field")) for source in _dicts(field.get("source"))
    ]
    extracts = [extract for source in sources for extract in _dicts(source.get("extract"))]
    return [extract["column"] for extract in extracts if isinstance(extract.get("column"), str)]


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def said_by(key: str, value: Any) -> str:
    """What a key and its value say, if that is that data is personal or sensitive; else nothing."""
    name = _folded(key.rpartition(":")[2])
    if _CLASS.fullmatch(name) and isinstance(value, str) and _CLASSES.fullmatch(value.strip()):
        return f"{key}: {value}"
    if not _KEY.fullmatch(name):
        return ""
    if value is True:
        return f"{key}: true"
    texts = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one.strip()]
    listed = bool(texts) and all(one.count(" ") < 4 and not _NO.search(one) for one in texts)
    if listed or any(map(affirms, texts)):
        return f"{key}: {_short(', '.join(texts))}"
    return ""


def affirms(text: str) -> bool:
    """Whether a text says, and does not deny, that personal or sensitive data is there."""
    return not _NO.search(text) and bool(_YES.match(text) or _HOLDS.search(text))


def _folded(key: str) -> str:
    return re.sub(r"[\W_]|\band\b", "", key.lower())


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"

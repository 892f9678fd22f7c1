"""Croissant metadata as a document: each key that holds words is a section.

Formats: Croissant 1.x and its vocabulary for responsible AI (docs.mlcommons.org/croissant, croissant-rai-spec).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from lifelint.facts._json import load
from lifelint.facts.documents.filling import Written
from lifelint.facts.documents.markdown import Read

_NO_WORDS = ("@context", "@type", "@id", "conformsTo", "distribution")


def parse_croissant_card(data: bytes) -> Read | Literal[False]:
    """The words of Croissant metadata; ``False`` for another kind of JSON.

    Raises:
        Unreadable: it speaks of Croissant and is not JSON.
    """
    if b"mlcommons.org/croissant/" not in data:
        return False
    document = load(data)
    if not isinstance(document, dict):
        return False
    if "mlcommons.org/croissant/" not in str(document.get("conformsTo") or document.get("dct:conformsTo", "")):
        return False
    written = []
    for key, value in document.items():
        text = _text(value)
        if text and key.rpartition(":")[2] not in _NO_WORDS:
            at = data.find(f'"{key}"'.encode())
            line = data.count(b"\n", 0, at) + 1 if at >= 0 else 0
            written.append(Written(_heading(key), 1, line, text))
    return Read("croissant", document, tuple(written))


def _heading(key: str) -> str:
    """``rai:dataCollection`` as *data collection*."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.rpartition(":")[2]).lower()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return " ".join(str(value[key]) for key in ("name", "description", "url", "email") if value.get(key))
    return ""

"""What a scaffold writes where a person has to: while it stands there, nobody has finished."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lifelint._patterns import lazy

MARK = "[More Information Needed]"
"""The mark of Hugging Face's cards (huggingface_hub, templates/modelcard_template.md), which our templates share."""

_MARK = lazy(r"\[\s*more\s+information\s+needed\s*\]", re.IGNORECASE)


def left_open(lines: Iterable[str]) -> str:
    """The mark as it stands in a text, or nothing."""
    return next((found[0] for line in lines if (found := _MARK.search(line))), "")

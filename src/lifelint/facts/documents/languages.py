"""Whether a text is in a language of which few headings are known."""

from __future__ import annotations

import re

_ENGLISH = frozenset({"the", "and", "of", "to", "is", "for", "this", "with", "are", "you"})
_OTHERS = frozenset({
    "der", "die", "das", "und", "ist", "mit", "für", "le", "les", "des", "une", "est", "pour", "avec", "el", "los",
    "las", "del", "para", "con", "que", "es", "os", "da", "em", "um", "uma", "não", "il", "di", "che", "per", "het",
    "een", "van", "och", "att", "det", "jest", "nie", "na", "się", "ve", "bir", "için",
})  # fmt: skip
_FEW, _LATIN = 20, 0x24F


def foreign(text: str) -> bool:
    """Whether a text is in another language than English, by its letters or by its small words."""
    letters = () if text.isascii() else [letter for letter in text if letter.isalpha()]
    if letters and sum(ord(letter) > _LATIN for letter in letters) * 4 > len(letters):
        return True
    words = re.findall(r"\w+", text.lower())
    other = sum(word in _OTHERS for word in words)
    return len(words) >= _FEW and other > 5 and other > 2 * sum(word in _ENGLISH for word in words)

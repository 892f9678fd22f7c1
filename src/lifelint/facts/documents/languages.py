"""Whether a text is in a language of which few headings are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lifelint.facts.documents.noun import Document

_ENGLISH = frozenset({"the", "and", "of", "to", "is", "for", "this", "with", "are", "you"})
_OTHERS = frozenset({
    "der", "die", "das", "und", "ist", "mit", "für", "le", "les", "des", "une", "est", "pour", "avec", "el", "los",
    "las", "del", "para", "con", "que", "es", "os", "da", "em", "um", "uma", "não", "il", "di", "che", "per", "het",
    "een", "van", "och", "att", "det", "jest", "nie", "na", "się", "ve", "bir", "için", "og", "til", "ikke", "av",
    "som", "ja", "sekä", "että", "tai", "és", "hogy", "egy", "nem", "și", "este", "pentru", "în", "je", "že", "jsou",
    "els", "amb", "dan", "yang", "untuk", "dengan", "dari", "ini", "pada", "và", "của", "các", "để", "cho", "là",
    "được", "một",
})  # fmt: skip
"""Small words of languages in Latin letters that English texts do not use."""

UNTOLD = "is in a language of which the headings are not known"
_FEW, _LATIN = 20, 0x24F
_DISTINCT = 2
"""Such words of a text that code holds too, again and again: ``os``, ``da``."""


def foreign(text: str) -> bool:
    """Whether a text is in another language than English, by its letters or by its small words."""
    letters = () if text.isascii() else [letter for letter in text if letter.isalpha()]
    if letters and sum(ord(letter) > _LATIN for letter in letters) * 4 > len(letters):
        return True
    words = re.findall(r"\w+", text.lower())
    other = [word for word in words if word in _OTHERS]
    english = sum(word in _ENGLISH for word in words)
    return len(words) >= _FEW and len(other) > max(5, 2 * english) and len(set(other)) > _DISTINCT


def first_foreign(documents: Iterable[Document]) -> Document | None:
    """The first document that is in another language than English: what it says is not known."""
    return next((one for one in documents if foreign(" ".join(each.text for each in one.sections))), None)

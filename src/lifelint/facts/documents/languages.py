"""Whether a document is in a form or a language of which the headings are not known."""

from __future__ import annotations

from collections.abc import Iterable

from lifelint.facts.documents.noun import Document
from lifelint.facts.documents.words import words

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

_UNTOLD = "is in a language of which the headings are not known"
_FEW, _LATIN = 20, 0x24F
_DISTINCT = 2
"""Such words of a text that code holds too, again and again: ``os``, ``da``."""


def foreign(text: str) -> bool:
    """Whether a text is in another language than English, by its letters or by its small words."""
    letters = () if text.isascii() else [letter for letter in text if letter.isalpha()]
    if letters and sum(ord(letter) > _LATIN for letter in letters) * 4 > len(letters):
        return True
    said = words(text)
    if len(_OTHERS.intersection(said)) <= _DISTINCT:
        return False
    other = sum(word in _OTHERS for word in said)
    english = sum(word in _ENGLISH for word in said)
    return len(said) >= _FEW and other > max(5, 2 * english)


def untold(document: Document) -> str:
    """Why the headings of a document tell nothing of what it says: its form or its language; else nothing."""
    if document.form == "other":
        return document.why
    return _UNTOLD if foreign(" ".join(one.text for one in document.sections)) else ""


def first_untold(documents: Iterable[Document]) -> tuple[str, str]:
    """The path of the first document of which that is so, and why; empty where there is none."""
    return next(((one.path, why) for one in documents if (why := untold(one))), ("", ""))

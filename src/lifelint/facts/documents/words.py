"""The words of a text, told quickly: most texts are ASCII, and of those a table of bytes parts the words."""

from __future__ import annotations

from lifelint._patterns import lazy

_WORD = lazy(r"\w+")
_LETTERED = lazy(r"[^\W\d_][\w'\u2019-]*")
_IDEOGRAPH = lazy(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _parting(kept: str) -> bytes:
    """A table that puts ASCII in lower case, and a space where neither ``\\w`` nor one of ``kept`` stands."""
    return bytes(ord(chr(n).lower()) if n < 128 and (_WORD.match(chr(n)) or chr(n) in kept) else 32 for n in range(256))


_WORDS, _LETTERED_WORDS = _parting(""), _parting("'-")


def words(text: str) -> list[str]:
    """The words of a text in lower case: letters, digits and ``_`` without anything between them."""
    if text.isascii():
        return text.encode().translate(_WORDS).decode().split()
    return _WORD.findall(text.lower())


def count(text: str) -> int:
    """The words of a text that hold a letter, an apostrophe or a hyphen parting none.

    Chinese, Japanese and Korean write none apart: two characters count as one.
    """
    if text.isascii():
        return sum(map(bytes.islower, text.encode().translate(_LETTERED_WORDS).split()))
    letters, ideographs = _IDEOGRAPH.subn(" ", text)
    return len(_LETTERED.findall(letters)) + (ideographs + 1) // 2

"""The words by which code is found are in all that is looked for in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.code import SPLITS, WORDS
from lifelint.facts.references import calls
from lifelint.facts.steps import python


@pytest.mark.parametrize(
    ("pattern", "suffix"),
    [(calls._READ, ".py"), (calls._READ, ".ipynb"), (calls._FORMAT, ".py"), (calls._FORMAT, ".ipynb"),
     (python._IMPORTS, ".py")],
)  # fmt: skip
def test_whatever_a_pattern_matches_holds_a_word(pattern: re.Pattern[bytes], suffix: str) -> None:
    @given(st.from_regex(pattern))
    def holds(text: bytes) -> None:
        assert any(word.encode() in text for word in WORDS[suffix])

    holds()


@pytest.mark.parametrize("suffix", WORDS)
def test_the_other_signs_are_words(suffix: str) -> None:
    assert {sign.decode() for sign in (*SPLITS, *calls._WORDS)} | {"pipeline(", "gs://"} <= set(WORDS[suffix])

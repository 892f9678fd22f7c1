"""The words by which code is found are in all that is looked for in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.code import SPLITS, WORDS
from lifelint.facts.references import calls
from lifelint.facts.steps import python


@pytest.mark.parametrize("pattern", [calls._READ, calls._FORMAT, python._IMPORTS])
def test_whatever_a_pattern_matches_holds_a_word(pattern: re.Pattern[bytes]) -> None:
    @given(st.from_regex(re.compile(pattern.pattern, pattern.flags)))
    def holds(text: bytes) -> None:
        assert any(word.encode() in text for word in WORDS)

    holds()


def test_the_other_signs_are_words() -> None:
    alike = [word for _, words in calls._ALIKE for word in words]
    assert {sign.decode() for sign in (*SPLITS, *calls._WORDS, *alike)} | {"pipeline(", "gs://"} <= set(WORDS)


def test_words_that_are_alike_hold_what_they_have_in_common() -> None:
    assert all(common in word and calls.possible(b"x " + word) for common, words in calls._ALIKE for word in words)

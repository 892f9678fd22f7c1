"""The words of a text are the same, whichever way they are told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.documents.controls import CONTROLS, Topic
from lifelint.facts.documents.words import count, words

TEXTS = st.one_of(
    st.text(st.characters(max_codepoint=0x2FF)),
    st.text("aZ09_'-.\u2019 \t\n\x0b\x1c\x85é語ß", max_size=30),
)


@given(TEXTS)
def test_words_are_what_the_pattern_finds(text: str) -> None:
    assert words(text) == re.findall(r"\w+", text.lower())


@given(TEXTS)
def test_as_many_are_counted_as_begin_with_a_letter(text: str) -> None:
    ideographs = len(re.findall("語", text))
    assert count(text) == len(re.findall(r"[^\W\d_語][\w'\u2019-]*", text.replace("語", " "))) + (ideographs + 1) // 2


SIGNED = [topic for topics in CONTROLS.values() for topic in topics.values() if topic.signs]


@pytest.mark.parametrize("topic", SIGNED)
@given(st.data())
def test_a_sentence_that_answers_holds_a_sign(topic: Topic, data: st.DataObject) -> None:
    sentence = data.draw(st.from_regex(topic.prose))
    assert any(sign in sentence for sign in topic.signs)

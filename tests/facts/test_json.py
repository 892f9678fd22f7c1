"""JSON, with one kind of error."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifelint.facts._json import load, too_deep
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import MAX_DEPTH

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), below, max_size=4)
    ),
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_was_written_is_read(value: object, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    assert load(text.encode()) == value


def test_a_byte_order_mark_is_no_text() -> None:
    assert load(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"a\uD83D"', "a\ufffd"),
        (rb'{"\udc00": "\ud83d\ud83d\ude00"}', {"\ufffd": "\ufffd\U0001f600"}),
        (rb'"\\ud83d"', r"\ud83d"),
        (rb'"\\\ud83dx"', "\\\ufffdx"),
        (rb'"\udbffd800"', "\ufffdd800"),
    ],
)
def test_half_a_surrogate_pair_is_replaced(data: bytes, value: object) -> None:
    assert load(data) == value


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 1, "is not valid JSON: Expecting value"),
        (b'{\n"a": 1,\n}', 2 if sys.version_info >= (3, 13) else 3, "is not valid JSON"),
        (b"[1,\n2,,]", 2, "is not valid JSON"),
        (b'{"a": 1} x', 1, "is not valid JSON: Extra data"),
        (b"\xff", 1, "is not UTF-8 text"),
        ("{}".encode("utf-16"), 1, "is UTF-16, not UTF-8 text"),
        (b"9" * 5000, 0, "holds a number with more digits than can be read"),
        (b"[" * 100_000, 0, "is nested more than"),
        (b"[" * 300 + b"]" * 300, 0, "is nested more than"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, 0, "is nested more than"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(data: bytes, line: int, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        load(data)

    assert raised.value.message.startswith(why)
    assert raised.value.line == line


@given(st.binary(max_size=60) | st.text('[]{}",:0-1.eE\\u \n', max_size=40).map(str.encode))
@settings(max_examples=1000)
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    try:
        load(data)
    except Unreadable as error:
        assert 0 <= error.line <= data.count(b"\n") + 1


@pytest.mark.parametrize(
    ("depth", "deep"), [(0, False), (1, False), (MAX_DEPTH, False), (MAX_DEPTH + 1, True), (5000, True)]
)
def test_depth_is_counted_in_lists_and_dicts(depth: int, deep: bool) -> None:
    value: object = 1
    for number in range(depth):
        value = [value, 2] if number % 2 else {"k": value, "l": 0}

    assert too_deep(value) is deep

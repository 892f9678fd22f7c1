"""Facts as JSON values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._plain import plain
from lifelint.facts._toml import load as load_toml
from lifelint.facts._yaml import load as load_yaml
from lifelint.model import Outcome


@dataclass(frozen=True)
class Inner:
    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Outer:
    path: str
    items: tuple[Inner, ...]
    more: dict[object, object]


def test_a_fact_becomes_dicts_lists_and_scalars() -> None:
    fact = Outer("a", (Inner("x", Outcome.PASS),), {1: None, "k": (1, 2.5, True)})

    assert plain(fact) == {
        "path": "a",
        "items": [{"name": "x", "outcome": "pass"}],
        "more": {"1": None, "k": [1, 2.5, True]},
    }
    assert type(plain(Outcome.PASS)) is str


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "2026-01-02T03:04:00+00:00"),
        (time(3, 4), "03:04:00"),
        ("a\udcffb", "a\\udcffb"),
        ("ü", "ü"),
    ],
)
def test_what_json_cannot_hold_becomes_text(value: object, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j])
def test_what_no_fact_may_hold_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="is not a value a fact may hold"):
        plain(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.dates(),
        lambda below: st.lists(below) | st.dictionaries(st.text(st.characters()) | st.integers(), below),
    )
)
def test_everything_plain_is_strict_json_in_utf_8(value: object) -> None:
    json.dumps(plain(value), ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    "value",
    [
        load_toml(b"a = 1979-05-27T07:32:00Z\nb = 07:32:00\nc = inf\n[d]\ne = [1979-05-27]\n"),
        load_yaml(b"a: .nan\nb: 2001-12-14\n1: [~, {x: y}]\n" + b"c: " + b"[" * 190 + b"]" * 190),
    ],
)
def test_documents_as_deep_as_the_readers_allow_become_plain(value: object) -> None:
    json.dumps(plain(value), allow_nan=False)

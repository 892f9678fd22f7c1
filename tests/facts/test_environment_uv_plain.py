"""The fast reader of ``uv.lock`` takes from it what the full reader takes, or declines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.environment import uv_plain
from lifelint.facts.environment.uv_lock import _read, parse_uv_lock

HEAD = 'version = 1\nrevision = 2\nrequires-python = ">=3.11"\n'
FILE = '{ url = "https://x/a.whl", hash = "sha256:00ff", size = 12, upload-time = "2025-01-01T00:00:00Z" }'
INDEX = f"""[[package]]
name = "torch"
version = "2.5.1"
source = {{ registry = "https://pypi.org/simple" }}
resolution-markers = [
    "sys_platform == 'linux'",
]
dependencies = [
    {{ name = "numpy" }},
    {{ name = "jax", version = "1", source = {{ registry = "r" }}, extra = ["a", "b"], marker = "extra == 'x'" }},
]
sdist = {FILE}
wheels = [
    {FILE},
    {FILE},
]
"""
LOCAL = """[[package]]
name = "mine"
version = "0.1"
source = { editable = "." }
dependencies = [
    { name = "torch" },
]

[package.optional-dependencies]
gpu = [
    { name = "cupy" },
]

[package.metadata]
requires-dist = [{ name = "torch", specifier = ">=2" }]
"""
ODD = """\
[manifest]
members = []
# said
[[package]] \

name = "a\\tb"
name = 'a'
x = \'\'\'
\'\'\'
\tname = 1
wheels = []
name = "ü"
    { path = "a.whl" },
    { name = "a", name = "a" },
[package]
]
"""
PIECES = ["\r\n", "\n", *(line for text in (HEAD, INDEX, LOCAL, ODD) for line in text.splitlines(True))]


def same(text: str) -> bool:
    """Whether the fast reader answers; if so, as the full one does."""
    quick = uv_plain.read(text)
    if quick is not None:
        assert quick == _read(text.encode())
    return quick is not None


def test_what_uv_writes_is_read_fast() -> None:
    assert same(f"{HEAD}\n{INDEX}\n{LOCAL}\n{INDEX}")
    assert uv_plain._package(INDEX.removeprefix("[[package]]\n")) is not None


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_lines_in_any_order_are_read_as_by_the_full_reader(lines: list[str]) -> None:
    same("".join(lines))


@given(st.lists(st.sampled_from([HEAD, INDEX, LOCAL, *PIECES]), max_size=6), st.data())
def test_a_lock_with_lines_left_out_or_doubled_is_read_as_by_the_full_reader(
    parts: list[str], data: st.DataObject
) -> None:
    lines = f"{HEAD}\n{INDEX}\n{LOCAL}\n{''.join(parts)}".splitlines(True)
    at = data.draw(st.integers(0, len(lines) - 1))
    same("".join([*lines[:at], *data.draw(st.sampled_from([[], [lines[at]] * 2, ["\n"]])), *lines[at + 1 :]]))


@pytest.mark.parametrize(
    "broken", ["[[package]]\nname = \n", "version = 1\nversion = 1\n", "[[package]]\nx = 1\nx = 2\n"]
)
def test_what_is_broken_is_told_by_the_full_reader(broken: str) -> None:
    with pytest.raises(Unreadable, match="TOML"):
        parse_uv_lock(f"{HEAD}\n{INDEX}\n{broken}".encode())

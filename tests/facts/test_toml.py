"""TOML as tomli reads it, the lines tomli does not give, and one kind of error."""

from __future__ import annotations

import string
import time
from typing import Any

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts._toml import key_lines, line_of, load

LOCK = b"""\
version = 1  # a comment with [brackets]
requires-python = ">=3.11"

[[package]]
name = "a"
dependencies = [
    { name = "b", marker = "x == ']'" },  # ]
    { name = "c" },
]

[package.metadata]
requires-dist = [{ name = "x" }]

[[package]]
name = "b"

[[package.wheels]]
url = "u"

[[package.wheels]]
url = "v"

[tool."dotted.name".x]
'quoted key' = 1
a.b . c = 2
text = \"\"\"
[not.a.table]
not_a_key = 1
\"\"\"
literal = '''
x = 1'''
after = true
"""


def test_documents_are_those_of_tomli() -> None:
    assert load(LOCK) == tomli.loads(LOCK.decode())


def test_tables_and_keys_have_the_line_they_are_written_on() -> None:
    lines = key_lines(LOCK)

    assert lines == {
        "version": 1, "requires-python": 2,
        "package.0": 4, "package.0.name": 5, "package.0.dependencies": 6,
        "package.0.metadata": 11, "package.0.metadata.requires-dist": 12,
        "package.1": 14, "package.1.name": 15,
        "package.1.wheels.0": 17, "package.1.wheels.0.url": 18, "package.1.wheels.1": 20, "package.1.wheels.1.url": 21,
        "tool.dotted.name.x": 23, "tool.dotted.name.x.quoted key": 24, "tool.dotted.name.x.a.b.c": 25,
        "tool.dotted.name.x.text": 26, "tool.dotted.name.x.literal": 30, "tool.dotted.name.x.after": 32,
    }  # fmt: skip


@pytest.mark.parametrize(
    "value",
    ['"""\n"""', "'''\n'''", '"""a\\"""\n"""', '"""a""""', "'''\n'x''''", '["]", "[",\n]', "[ # ]\n]", "[[1],\n[2]]",
     "{ a = '}' }", '"\\"[" # "', "'[' # '", '[\n"""\n]\n""",\n]', "[\n'''x''' # [\n]", "1979-05-27T07:32:00Z", '"#"'],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_value_of_any_shape_is_skipped(value: str, newline: str) -> None:
    text = f"a = {value}\nb = 1\n[c]\nd = 2\n".replace("\n", newline)
    first = 2 + value.count("\n")

    assert load(text.encode())["c"] == {"d": 2}
    assert key_lines(text.encode()) == {"a": 1, "b": first, "c": first + 1, "c.d": first + 2}


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "ü"])
def test_only_newlines_count_as_lines(odd: str) -> None:
    text = f"# a{odd}b\nx = '{odd}'\ny = 1\n"

    assert key_lines(text.encode()) == {"x": 2, "y": 3}
    assert line_of(text.encode(), "y") == 3


KEYS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=6)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"]), max_size=12)
VALUES = st.one_of(
    st.integers(-99, 99).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    TEXTS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    TEXTS.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    st.lists(TEXTS.filter(lambda text: "'" not in text), max_size=3).map(lambda t: f"'''\n{chr(10).join(t)}'''"),
    st.lists(TEXTS.filter(lambda t: not set(t) & set('"\\')), max_size=3).map(lambda t: f'"""{chr(10).join(t)}"""'),
)
ARRAYS = st.lists(st.tuples(VALUES, st.sampled_from(["", "\n", " # ] [ '\n"])), max_size=3).map(
    lambda items: "[" + "".join(f"{value},{gap}" for value, gap in items) + "]"
)
COMMENTS = st.sampled_from(["", " # x", ' # [y] = "', "\t# '''"])
TABLES = st.lists(
    st.tuples(
        st.sampled_from(["table", "array"]),
        KEYS,
        st.dictionaries(KEYS, st.tuples(VALUES | ARRAYS, COMMENTS), max_size=4),
    ),
    max_size=5,
)


@given(TABLES)
@settings(max_examples=500, deadline=None)
def test_lines_are_those_of_the_document_as_it_was_generated(tables: list[Any]) -> None:
    text, expected, seen = "", {}, dict[str, str]()
    counts: dict[str, int] = {}
    for kind, name, pairs in tables:
        if seen.get(name, kind) != kind or (kind == "table" and name in seen):
            continue
        seen[name] = kind
        counts[name] = counts.get(name, -1) + 1
        path = name if kind == "table" else f"{name}.{counts[name]}"
        expected[path] = text.count("\n") + 1
        text += f"[{name}]\n" if kind == "table" else f"[[ {name} ]]  # c\n"
        for key, (value, comment) in pairs.items():
            expected[f"{path}.{key}"] = text.count("\n") + 1
            text += f"{key} = {value}{comment}\n"

    load(text.encode())

    assert key_lines(text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a = 1\na = 2\n", 2, "is not valid TOML: Cannot overwrite a value"),
        ("a = 1\nb\n", 2, "is not valid TOML"),
        ("{{ x }} = 1\n", 1, "is not valid TOML"),
        ("a = [\n  1\n", 2, "is not valid TOML"),
        ("x = 2021-13-45\n", 1, "is not valid TOML"),
        ("a = " + "[" * 5000, 0, "is nested more than"),
        (".".join("a" * 5000) + " = 1", 0, "is nested more than"),
        (".".join("a" * 500) + " = 1", 0, "is nested more than"),
        ("a = " + "9" * 5000, 0, "holds a number with more digits than can be read"),
        ("a = '\0'", 1, "is not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        load(text.encode())

    assert raised.value.message.startswith(why)
    assert raised.value.line in (line, line + 1 if line else 0)


def test_a_byte_order_mark_is_no_text() -> None:
    assert load(b"\xef\xbb\xbfa = 1\n") == {"a": 1}
    assert key_lines(b"\xef\xbb\xbfa = 1\n") == {"a": 1}


FRAGMENTS = st.sampled_from(
    [
        "a",
        "b.c",
        " = ",
        "1",
        '"',
        "'",
        '"""',
        "'''",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "\n",
        "#",
        "\\",
        " ",
        "=",
        "\r",
    ]
)


@given(st.binary(max_size=100) | st.lists(FRAGMENTS, max_size=30).map(lambda parts: "".join(parts).encode()))
@settings(max_examples=2000, deadline=None)
@example(b"'")
@example(b'a = """')
def test_any_bytes_are_read_or_unreadable(data: bytes) -> None:
    try:
        document = load(data)
    except Unreadable as error:
        assert 0 <= error.line <= data.count(b"\n") + 1
    else:
        assert document == tomli.loads(data.decode("utf-8-sig"))


@given(st.lists(FRAGMENTS, max_size=30).map(lambda parts: "".join(parts).encode()))
@settings(max_examples=1500, deadline=None)
def test_lines_of_any_document_lie_in_it(data: bytes) -> None:
    assert all(1 <= line <= data.count(b"\n") + 1 for line in key_lines(data).values())


@given(st.lists(FRAGMENTS, max_size=30).map(lambda parts: "".join(parts).encode()))
@settings(max_examples=1500, deadline=None)
def test_every_key_at_the_top_of_a_legal_document_has_a_line(data: bytes) -> None:
    try:
        document = load(data)
    except Unreadable:
        return
    tops = {key.split(".")[0] for key in key_lines(data)}

    assert {key for key in document if key.isalpha()} <= tops


@pytest.mark.parametrize(
    "text",
    ["a = '" + "x" * 5_000_000 + "'", "#" * 5_000_000, "a" + " " * 1_000_000, "a." * 200_000, '"' * 300_000,
     "'" * 300_000, "[" * 300_000, 'a = """' + '"' * 300_000, "a = [" + "\n" * 300_000, 'a = "' + "\\" * 300_000,
     '"a".' * 100_000, "a = [" + '"' * 300_000, "a = [" + "'''" * 100_000, "[a" + " ." * 100_000, "a = 1\n" * 100_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_long_input_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    key_lines(text.encode())

    assert time.process_time() - begun < 5


@pytest.mark.parametrize(("needle", "start", "line"), [("b", 1, 2), ("b", 3, 4), ("nowhere", 2, 2), ("a", 9, 9)])
def test_the_line_of_some_text_is_looked_for_from_a_line_on(needle: str, start: int, line: int) -> None:
    assert line_of(b"a\nb\n\xff\nb", needle, start) == line

"""YAML 1.2 as ruamel.yaml reads it, a line for every value, and one kind of error for whatever is thrown at it."""

from __future__ import annotations

import math
import string
import time
from datetime import date
from io import StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import MAX_DEPTH, MAX_NODES, Map, Seq, decode, load, load_all, scalar


def by_ruamel(text: str, kind: str = "safe") -> Any:
    return YAML(typ=kind, pure=True).load(text)


def same(ours: Any, theirs: Any) -> bool:
    """Whether two values agree, up to the documented difference: timestamps and long digests stay text."""
    if isinstance(theirs, date):
        return isinstance(ours, str)
    if isinstance(theirs, (int, float)) and isinstance(ours, str):
        return len(ours) >= 32 or math.isinf(theirs)
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and ours.keys() == theirs.keys() and all(same(ours[k], theirs[k]) for k in ours)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, float) and math.isnan(theirs):
        return isinstance(ours, float) and math.isnan(ours)
    return type(ours) is type(theirs) and ours == theirs


# Values ------------------------------------------------------------------------------------------------------------

TRICKY = [
    *("", "~", "null", "Null", "nULL", "true", "True", "tRUE", "yes", "on", "off", "y", "n", "<", "<<x"),
    *("0", "-0", "+1", "007", "0o17", "0b101", "0xFF", "0XFF", "1_000", "1__0", "0x_f", "-0x1", "1e3", "1E+3", "1e"),
    *(".5", "-.5", ".5e3", ".5e+3", "1.", "1.5e3", "+.inf", "-.INF", ".nan", ".NaN", "+.nan", "..", ".", "1.2.3"),
    *("2001-12-14", "2001-12-14t21:59:43.10-05:00", "12e4", "1e999", "123456789012345678901234567890", "0.1.0", "3.10"),
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_plain_scalars_are_those_of_ruamel(text: str) -> None:
    assert same(load(f"k: {text}\n".encode())["k"], by_ruamel(f"k: {text}\n")["k"])


@given(st.text("+-._0123456789aAbBeExXoOnNfFtTrRuUlLiI~<=yY", max_size=12))
@settings(max_examples=1500, deadline=None)
def test_any_plain_scalar_is_that_of_ruamel(text: str) -> None:
    try:
        theirs = by_ruamel(f"- {text}\n")
    except (YAMLError, ValueError, KeyError, AssertionError, IndexError):
        assume(False)

    assert same(load(f"- {text}\n".encode()), theirs)


@pytest.mark.parametrize("text", ["_", "+_", "0x_", "0b_", "0o_", "._", "-._", "-", "+", "9" * 5000, "1" + "_" * 5000])
def test_what_only_looks_like_a_number_stays_text_or_becomes_one(text: str) -> None:
    assert load(f"- {text}\n".encode()) in ([text], [1], [None], [[None]])


@pytest.mark.parametrize(
    "digest", ["0" * 32, "12345678901234567890123456789012", "1" * 40, "12e45678901234567890123456789012", "12e4567"]
)
def test_digests_stay_text(digest: str) -> None:
    assert load(f"md5: {digest}\n".encode()) == {"md5": digest}


def test_on_is_a_key_like_any_other() -> None:
    assert load(b"on: push\nyes: no\n") == {"on": "push", "yes": "no"}


def test_scalars_are_resolved_alike_outside_of_documents() -> None:
    assert [scalar(text) for text in ("1", "x", "", "1.5", "off")] == [1, "x", None, 1.5, "off"]


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), st.text(string.printable, max_size=20),
)  # fmt: skip
DOCUMENTS = st.recursive(
    LEAVES,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text(string.ascii_letters + " -_.", max_size=8), below)
    ),
    max_leaves=15,
)


@given(DOCUMENTS, st.booleans(), st.integers(20, 200))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_documents_that_ruamel_writes_are_read_as_ruamel_reads_them(document: Any, flow: bool, width: int) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.width = flow, width
    stream = StringIO()
    yaml.dump(document, stream)
    try:
        theirs = by_ruamel(stream.getvalue())
    except YAMLError:  # it does not read all that it writes: {a: ?b}
        assume(False)

    assert same(load(stream.getvalue().encode()), theirs)


FRAGMENTS = st.sampled_from(
    ["a", "b", "- ", "  ", "\n", ": ", "k: ", "? ", "[", "]", "{", "}", ", ", "'", '"', "# c", "- |\n   ", "&x ", "*x",
     "k: >-\n   ", "<<: ", "a:b", "1", "~", "!t ", "!!str ", "---\n", "...\n", "x y", "\\n", "%YAML 1.2\n", "\t", "ü"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=25).map("".join))
@settings(max_examples=1500, deadline=None)
@example("a: &x [1]\nb: *x\nc: {<<: {k: *x}}\n")
@pytest.mark.filterwarnings("ignore")
def test_what_both_accept_means_the_same(text: str) -> None:
    try:
        ours = load(text.encode())
        theirs = by_ruamel(text)
    except (
        Unreadable,
        YAMLError,
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
        IndexError,
        AssertionError,
        NotImplementedError,
    ):
        assume(False)

    assert same(ours, theirs) or "\t" in text or "!" in text


# Lines -------------------------------------------------------------------------------------------------------------


def positions(node: Any) -> dict[str, Any]:
    """Every line that ruamel's round-trip loader knows, in the shape of the document."""
    if isinstance(node, CommentedMap):
        return {str(k): (node.lc.key(k)[0] + 1, value_line(node, k), positions(node[k])) for k in node}
    if isinstance(node, CommentedSeq):
        return {str(i): (node.lc.item(i)[0] + 1, positions(item)) for i, item in enumerate(node)}
    return {}


def value_line(node: CommentedMap, key: Any) -> int:
    """An absent value stands, for ruamel, where the next thing stands; for us, where its key does."""
    absent = node[key] is None and node.lc.value(key)[0] != node.lc.key(key)[0]
    return int(node.lc.key(key)[0] if absent else node.lc.value(key)[0]) + 1


def our_positions(node: Any) -> dict[str, Any]:
    if isinstance(node, Map):
        return {str(k): (node.lines[k], node.value_lines[k], our_positions(node[k])) for k in node}
    if isinstance(node, Seq):
        return {str(i): (node.lines[i], our_positions(item)) for i, item in enumerate(node)}
    return {}


@given(DOCUMENTS, st.booleans(), st.integers(20, 200))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_value_stands_where_ruamel_says(document: Any, flow: bool, width: int) -> None:
    yaml = YAML(typ="rt")
    yaml.default_flow_style, yaml.width = flow, width
    stream = StringIO()
    yaml.dump(document, stream)
    text = "# a comment\n\n" + stream.getvalue()
    try:
        theirs = by_ruamel(text, "rt")
    except YAMLError:
        assume(False)

    assert our_positions(load(text.encode())) == positions(theirs)


WRITTEN = b"""\
# comment
stages:
  train:
    cmd: >
      python
      train.py
    deps:
    - a
    -
      b
    params: [x,
      y]
    "quoted key": {
      in: flow
    }
  empty:
"""


def test_lines_are_those_of_a_reader() -> None:
    stages = load(WRITTEN)["stages"]
    train = stages["train"]

    assert (stages.line, stages.lines, stages.value_lines["train"]) == (3, {"train": 3, "empty": 16}, 4)
    assert train.lines == {"cmd": 4, "deps": 7, "params": 11, "quoted key": 13}
    assert [train["deps"].lines, train["params"].lines] == [[8, 10], [11, 12]]
    assert train["quoted key"].lines == {"in": 14}


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_characters_that_only_yaml_1_1_breaks_lines_at_are_ordinary(separator: str) -> None:
    text = f"# x{separator}y: 0\na: p{separator}q\nb: '{separator}'\n"
    document = load(text.encode())

    assert document == {"a": f"p{separator}q", "b": separator}
    assert document.lines == {"a": 2, "b": 3}


def test_line_endings_of_windows_are_one_break() -> None:
    document = load(b"a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n")

    assert document == {"a": 1, "b": "x\ny\n", "c": 2}
    assert document.lines == {"a": 1, "b": 2, "c": 5}


def test_merged_keys_keep_the_line_they_were_written_on() -> None:
    document = load(b"base: &b\n  x: 1\n  y: 2\nuse:\n  <<: *b\n  y: 3\n")

    assert document["use"] == {"y": 3, "x": 1}
    assert document["use"].lines == {"y": 6, "x": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ports: [8080:80, 22:22]\n", {"ports": ["8080:80", "22:22"]}),
        ("- {image: python:3.11, if: a?b}\n", [{"image": "python:3.11", "if": "a?b"}]),
        ("a: &x [https://x.org/y]\nb: *x\n", {"a": ["https://x.org/y"], "b": ["https://x.org/y"]}),
    ],
)
def test_colons_and_question_marks_in_flow_collections_are_read(text: str, value: Any) -> None:
    assert load(text.encode()) == value == by_ruamel(text)


def test_lines_are_known_where_libyaml_gives_up() -> None:
    document = load(b"a:\n  - [x:y,\n    1]\nb: {c: d:e}\n")

    assert document.lines == {"a": 1, "b": 4}
    assert document["a"][0].lines == [2, 3]


def test_the_error_is_that_of_the_parser_that_came_further() -> None:
    with pytest.raises(Unreadable) as raised:
        load(b"a: [1:2]\nb: c\nd: 'x\n")

    assert raised.value.line == 3


# Keys, aliases, tags -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<: {a: 1}\na: 2\n", {"a": 2}),
        ("a: 2\n<<: {a: 1, b: 1}\n", {"a": 2, "b": 1}),
        ("<<: [{a: 1}, {a: 2, b: 2}]\n", {"a": 1, "b": 2}),
        ("<<: []\na: 1\n", {"a": 1}),
        ("'<<': {a: 1}\n", {"<<": {"a": 1}}),
        ("!!merge <<: {a: 1}\n", {"a": 1}),
        ("- <<\n", ["<<"]),
    ],
)
def test_merge_keys_merge(text: str, value: Any) -> None:
    assert load(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "has the key 'a' twice"),
        ("x:\n  1: a\n  1: b\n", 3, "has the key 1 twice"),
        ("x: {a: 1,\n a: 2}\n", 2, "has the key 'a' twice"),
        ("? [a, b]\n: 1\n", 1, "uses a collection as a mapping key"),
        ("a:\n  {{ template }}\n", 2, "uses a collection as a mapping key"),
        ("\n<<: 1\n", 2, "merges (<<) something that is not a mapping"),
        ("a: 1\n<<: [{}, x]\n", 2, "merges (<<) something that is not a mapping"),
        ("a: *b\n", 1, "is not valid YAML: the alias *b has no anchor"),
        ("a: &b\n  c: *b\n", 2, "holds an alias that contains itself"),
        ("a: &b [*b]\n", 1, "holds an alias that contains itself"),
        ("&b *b : 1\n", 1, "is not valid YAML"),
        ("---\na\n---\nb\n", 4, "holds several YAML documents where one was expected"),
        ("a: [1,\nb: 2\n", 2, "is not valid YAML"),
        ("a: [", 1, "is not valid YAML"),
        ("a: b: c\n", 1, "is not valid YAML: mapping values are not allowed in this context"),
        ("a: 1\n\tb: 2\n", 2, "is not valid YAML"),
        ("a: 'x\n", 1, "is not valid YAML"),
        ("a: ü\nb: \0\n", 2, "is not valid YAML: control characters are not allowed"),
        ('b: 1\na: "\\ud800"\n', 2, "is not valid YAML"),
        ("a: @x\n", 1, "is not valid YAML: found character that cannot start any token"),
        ("%YAML 9.9\n---\na\n", 1, "is not valid YAML: found incompatible YAML document"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        load(text.encode())

    assert raised.value.message.startswith(why)
    assert raised.value.line == line


def test_anchors_belong_to_their_document() -> None:
    with pytest.raises(Unreadable, match="has no anchor"):
        load_all(b"a: &x 1\n---\nb: *x\n")


def test_an_anchor_may_be_used_again() -> None:
    assert load(b"[&x 1, *x, &x 2, *x]\n") == [1, 1, 2, 2]


def test_aliases_share_their_value() -> None:
    document = load(b"a: &x {k: 1}\nb: *x\n")

    assert document["a"] is document["b"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref Name", "Name"),
        ("!Sub '${x}'", "${x}"),
        ("!GetAtt 12", "12"),
        ("!If [a, 1]", ["a", 1]),
        ("!Map {a: true}", {"a": True}),
        ("!!python/object:os.system {a: x}", {"a": "x"}),
        ("!!python/object/apply:os.system ['touch x']", ["touch x"]),
        ("!!binary aGk=", "aGk="),
        ("!!timestamp 2001-12-14", "2001-12-14"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float '1.5'", 1.5),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("! 12", "12"),
        ("!!set {a, b}", {"a": None, "b": None}),
        ("!!omap [a: 1]", [{"a": 1}]),
    ],
)
def test_tags_keep_what_they_stand_on(text: str, value: Any) -> None:
    assert load(f"k: {text}\n".encode()) == {"k": value}


# Bounds ------------------------------------------------------------------------------------------------------------

DEEP = {
    "flow lists": "[" * 100_000,
    "flow maps": "{a: " * 100_000,
    "compact lists": "- " * 100_000,
    "compact keys": "? " * 100_000,
    "mixed": "- ? " * 50_000,
    "block maps": "".join(f"{' ' * depth}a:\n" for depth in range(2000)),
    "block lists without indentation": "".join(f"{' ' * depth}-\n{' ' * depth} a:\n" for depth in range(1000)),
    "behind comments": "#" * 50_000 + "\n" + "[" * 1000 + "]" * 1000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=rf"is nested more than {MAX_DEPTH} levels deep"):
        load(text.encode())


@pytest.mark.parametrize("shape", ["[{}]", "{{a: {}}}"])
def test_nesting_up_to_the_bound_is_read(shape: str) -> None:
    text = "x"
    for _ in range(MAX_DEPTH):
        text = shape.format(text)

    assert load(text.encode())


@pytest.mark.parametrize("kind", ["lists", "maps", "merges"])
def test_alias_bombs_are_refused(kind: str) -> None:
    item = {"lists": "[{0}]", "maps": "{{a: [{0}]}}", "merges": "[{{<<: [{0}]}}]"}[kind]
    first = "{k: v}" if kind == "merges" else "[x]"
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {item.format(', '.join([f'*a{n - 1}'] * 9))}" for n in range(1, 12)]

    with pytest.raises(Unreadable, match=rf"expands to more than {MAX_NODES} values|merges"):
        load("\n".join(lines).encode())


def test_merge_chains_stay_cheap() -> None:
    lines = ["a0: &a0 {k: v}"] + [f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: v}}" for n in range(1, 3000)]
    begun = time.process_time()

    with pytest.raises(Unreadable, match="expands to more than"):
        load("\n".join(lines).encode())
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "text",
    ["a: " + "x" * 5_000_000, "a: '" + "x" * 5_000_000 + "'", "#" * 5_000_000, " " * 5_000_000, "a" * 5_000_000 + ": 1",
     "[" + "a," * 200_000 + "]", "? " + "k" * 100_000, "- &" + "a" * 100_000 + " x", "\n" * 1_000_000,
     "a: |\n" + " x\n" * 300_000, "[a:b, " + "a," * 60_000, "{a:b," + "a b " * 29_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_long_input_takes_no_long_time(text: str) -> None:
    begun = time.process_time()
    try:
        load(text.encode())
    except Unreadable:
        pass

    assert time.process_time() - begun < 10


# Bytes -------------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_text() -> None:
    assert load(b"\xef\xbb\xbfa: 1\n") == {"a": 1}


@pytest.mark.parametrize("data", ["a: 1\n".encode("utf-16"), "a: 1\n".encode("utf-16-be"), b"\xff\xfea\0"])
def test_utf_16_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        load(data)

    assert raised.value.line == 1


def test_the_line_of_the_first_bad_byte_is_told() -> None:
    with pytest.raises(Unreadable, match="is not UTF-8 text") as raised:
        decode(b"a\nb\n\xff")

    assert raised.value.line == 3


@pytest.mark.parametrize("data", [b"", b"\n", b"# only a comment\n", b"---\n", b"~", b"\xef\xbb\xbf"])
def test_empty_documents_are_none(data: bytes) -> None:
    assert load(data) is None


@given(st.binary(max_size=200))
@settings(max_examples=1500, deadline=None)
def test_any_bytes_are_read_or_unreadable_with_a_line(data: bytes) -> None:
    try:
        load_all(data)
    except Unreadable as error:
        assert 1 <= error.line <= data.replace(b"\r", b"\n").count(b"\n") + 1


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=30).map("".join))
@settings(max_examples=1500, deadline=None)
def test_any_text_is_read_or_unreadable_with_a_line(text: str) -> None:
    try:
        load_all(text.encode("utf-8", "replace"))
    except Unreadable as error:
        assert 1 <= error.line <= text.replace("\r", "\n").count("\n") + 1


def test_the_parser_is_the_one_in_c() -> None:
    import _ruamel_yaml

    assert _ruamel_yaml.__file__.endswith((".so", ".pyd"))
    assert isinstance(_ruamel_yaml.get_version(), tuple), "libyaml's own version"

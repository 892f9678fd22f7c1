"""The fast reader reads as the full one does, or declines."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifelint.facts import _yaml, _yaml_plain
from lifelint.facts._source import Unreadable
from lifelint.facts._yaml import Map, Seq


def shape(value: Any) -> Any:
    """A value with all that the readers say of it: types, order of keys, lines."""
    if isinstance(value, Map):
        return [
            ("map", value.line),
            *((k, type(k), value.lines[k], value.value_lines[k], shape(v)) for k, v in value.items()),
        ]
    if isinstance(value, Seq):
        return [("seq", value.line), *zip(value.lines, map(shape, value), strict=True)]
    return type(value), repr(value)


def full(text: str) -> Any:
    [document] = list(_yaml._documents(text.encode()))
    return document.value


KEYS = st.sampled_from(["a", "b", "md5", "src/train.py", "on", "x.y", "1", "true", ".dvc", "a-b", "<<", "?", "k k"])
WORDS = [
    *("x", "1", "1.50", "'q'", "'it''s'", '"d"', '"\\n"', "''", "", "- y", "-1", "-", "--flag", "a: b", "a #b", "a#b"),
    *("http://x", "[a]", "{}", "*a", "&a x", "|", ">-", "0755", "null", "~", "12:30", "a:", "%x", "@x", "`x", "!t x"),
    *("python a.py --b  c", "é", "d41d8cd98f00b204e9800998ecf8427e", "00000000000000000000000000000001", "2020-01-01"),
    *("# c", "x # c", "'q' # c", '"a #b"  # c', "1 # c", "| # c", "|-", "|+", "|2", ">", "[]", "[a, 1, 'b c', \"d\"]"),
    *("['a #b', c] # d", "[a b]", "[a,]", "[a: b]", "[[a]]", "[*a]", "[-1, .5]", "['it''s']"),
]
LINES = st.builds(
    lambda indent, dashes, key, word: " " * indent + "- " * dashes + (f"{key}: {word}" if key is not None else word),
    st.integers(0, 6),
    st.integers(0, 2),
    st.none() | KEYS,
    st.sampled_from(WORDS),
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(LINES, max_size=8).map("\n".join))
@example("outs:\n- md5: a\n  path: b\n- path: c\nmeta:\n")
@example("a:\n  - - b\n    - c\n  - d: e\n    f:\n    - g\n")
@example("a: b\n  c\n")
@example("a:\n\n# c\n  b: 1\n")
@example("a: # c\n  b: 1\n")
@example("- a: |\n    x: 1\n\n     # y\n\n# c\n  b: |-\n    z\n\n\n- c\n")
@example("a: |\n  x\n  # y\nb: |\n\n  z\n")
@example("a: |\n  x\n y\n")
@example("- a: |\n    x\n \n    # y\n")
@example("a: |\n  x\n   \nb: |\n c")
@example("a: |\nb: |\n c\n\n")
@example("a: |\n  x\n # c\nb: 1\n")
def test_what_the_fast_reader_reads_the_full_one_reads_alike(text: str) -> None:
    made = _yaml_plain.read(text)
    if made is _yaml_plain.DECLINED:
        return

    try:
        expected = full(text)
    except Unreadable as error:
        pytest.fail(f"read what is not YAML ({error.message})")
    assert shape(made) == shape(expected)


BLOCK = st.recursive(
    st.sampled_from(
        ["x", 1, 2.5, None, "d41d8cd98f00b204e9800998ecf8427e", "python train.py --lr 0.1", "yes: no", "a b", ""]
    ),
    lambda below: (
        st.lists(below, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from("abcde"), below, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["stages", "outs", "x"]), BLOCK, min_size=1))
def test_what_ruamel_writes_is_read_back(document: dict[str, Any]) -> None:
    import io

    from ruamel.yaml import YAML

    out = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(document, out)
    made = _yaml_plain.read(out.getvalue())

    assert made is _yaml_plain.DECLINED or made == document


def test_a_lock_as_dvc_writes_it_is_not_declined() -> None:
    text = """\
schema: '2.0'
stages:
  train:
    cmd: python src/train.py
    deps:
    - path: src/train.py
      hash: md5
      md5: 0edf11b4c9d09d1abb5a3c1dd7a8e9ab
      size: 12
    params:
      params.yaml:
        train.lr: 0.01
    outs:
    - path: model.pkl
      md5: 00000000000000000000000000000001
"""

    made = _yaml_plain.read(text)

    assert made is not _yaml_plain.DECLINED
    assert made["stages"]["train"]["outs"][0]["md5"] == "00000000000000000000000000000001"
    assert made["stages"]["train"]["deps"].lines == [6]


def test_a_workflow_as_people_write_it_is_not_declined() -> None:
    text = """\
on:
  push:
    branches: [main, 'release/*']  # not the others
jobs:
  test:
    runs-on: ${{ matrix.os }}
    steps:
      - uses: actions/checkout@v4  # the newest
      - name: Test
        run: |
          pip install .

          pytest  # all
        if: github.event_name == 'push'
"""

    made = _yaml_plain.read(text)

    assert made is not _yaml_plain.DECLINED
    assert made["on"]["push"]["branches"] == ["main", "release/*"]
    uses, run = made["jobs"]["test"]["steps"]
    assert uses == {"uses": "actions/checkout@v4"}
    assert (run["run"], run.lines["if"]) == ("pip install .\n\npytest  # all\n", 14)

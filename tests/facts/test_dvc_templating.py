"""Templates, and the values they name, against DVC's own code."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.dvc import paramfile
from lifelint.facts.dvc.definition import MAX_GENERATED, Place, expand, parse_definition
from lifelint.facts.dvc.templating import Context, Unresolved, to_text

WORD = st.text("ab ${}'\"\\-", max_size=5)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), WORD)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
CONTEXT = st.dictionaries(st.sampled_from("abc"), VALUE, max_size=3)
TEMPLATE = st.lists(
    st.sampled_from(
        ["${a}", "${b.a}", "${a[0]}", "${c.b.a}", "\\${a}", "x ", "${}", "${a..b}", "${ a }", "$", "${a[b}", "\n"]
    ),
    max_size=3,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    CONTEXT,
    TEMPLATE,
    st.sampled_from(["cmd", "deps"]),
    st.sampled_from([{}, {"bool": "boolean_optional", "list": "append"}]),
)
def test_templates_become_what_they_become_in_dvc(
    values: dict[str, Any], text: str, key: str, flags: dict[str, str]
) -> None:
    context_module = pytest.importorskip("dvc.parsing.context")
    from dvc.exceptions import DvcException

    context = Context()
    context.add_vars([copy.deepcopy(values)], "", lambda _: None) if "${" not in str(values) else context.values.update(
        values
    )
    try:
        theirs = context_module.Context(copy.deepcopy(values)).resolve(text, key=key, config=flags)
    except DvcException:
        with pytest.raises(Unresolved):
            context.resolve(text, key, flags)
        return

    assert context.resolve(text, key, flags) == theirs


@given(
    st.dictionaries(
        st.sampled_from(["a", "b c"]), LEAF | st.dictionaries(st.sampled_from("xy"), LEAF, max_size=2), max_size=3
    )
)
def test_mappings_become_the_options_that_dvc_makes(values: dict[str, Any]) -> None:
    interpolate = pytest.importorskip("dvc.parsing.interpolate")

    assert to_text(values) == interpolate.to_str(values)


PYTHON = [
    "A = 1\nB: int = 2\nC = D = 3\nE = f()\nF = [1, g()]\nG = {'a': 1, 'b': [2]}\nH = (1, 2)\nI = {1, 2}\n",
    "class M:\n    lr = 0.1\n    class N:\n        x = -1\n",
    "class M:\n    def __init__(self):\n        self.w = 1\n        y = 2\n        z.w = 3\n",
    "if True:\n    A = 1\nasync def f():\n    B = 2\nA.b = 3\nA[0] = 4\n'doc'\nX: int\n",
]


@pytest.mark.parametrize("text", PYTHON)
def test_python_files_give_the_values_that_dvc_reads(text: str) -> None:
    serialize = pytest.importorskip("dvc.utils.serialize._py")

    assert paramfile.parse_python(text.encode()) == serialize.parse_py(text, "x.py")


@given(VALUE, st.lists(st.sampled_from(["a", "b", "c", "0", "1", "-1"]), min_size=1, max_size=3).map(".".join))
def test_dotted_keys_name_what_they_name_in_dvc(document: Any, key: str) -> None:
    dpath = pytest.importorskip("dpath")
    if not isinstance(document, dict):
        document = {"a": document}
    try:
        theirs = dpath.get(document, key, separator=".")
    except KeyError:
        theirs = paramfile.ABSENT

    assert paramfile.select(document, key) == theirs


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"stages:\n  a:\n    cmd: x\n   b: y\n", 4, "not valid YAML"),
        (b"stages:\n- a\n", 2, "stages that are not a mapping"),
        (b"stages:\n  a:\n    deps: []\n", 2, "stage a without cmd"),
        (b"stages:\n  a:\n    cmd: x\n    deps: y\n", 4, "deps that are not a list"),
        (b"stages:\n  a:\n    foreach: [1]\n", 2, "stage a without cmd"),
        (b"vars: x\n", 1, "vars that are not a list"),
        (b"- x\n", 1, "a mapping was expected"),
    ],
)
def test_a_broken_definition_is_said_with_its_line(data: bytes, line: int, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as caught:
        parse_definition(data)

    assert caught.value.line == line


@pytest.mark.parametrize(
    "stage",
    [
        "{foreach: '${absent}', do: {cmd: x}}",
        "{foreach: 3, do: {cmd: x}}",
        "{matrix: {a: '${absent}'}, cmd: x}",
        "{cmd: '${absent}'}",
        "{cmd: x, deps: [{a: b}]}",
        "{cmd: x, params: [{f.yaml: 3}]}",
        "{cmd: x, outs: [[a, b]]}",
        "{cmd: x, metrics: [3]}",
        "{cmd: x, vars: [other.yaml]}",
        "{cmd: x, vars: ['${absent}']}",
        "{cmd: x, wdir: '${absent}'}",
        "{matrix: {a: " + str([0] * 100) + ", b: " + str([0] * 101) + "}, cmd: x}",
    ],
)
def test_what_cannot_be_resolved_is_one_stage_that_says_why(stage: str) -> None:
    definition = parse_definition(f"stages:\n  s: {stage}\n".encode())

    [draft] = expand(definition, Place("", lambda _: None, {}))

    assert draft.name == "s"
    assert draft.why
    assert MAX_GENERATED == 10_000


def test_names_and_lines_of_generated_stages() -> None:
    data = b"""vars:
- sizes: [{n: 1}, {n: 2}]
stages:
  list: {foreach: [a, true, 1.0], do: {cmd: x}}
  map: {foreach: {k: 1}, do: {cmd: 'x ${key} ${item}'}}
  objects: {foreach: '${sizes}', do: {cmd: 'x ${item.n}'}}
  grid:
    matrix: {a: [x, false], b: [{n: 1}]}
    cmd: x ${item.a} ${key}
    deps:
    - ${item.a}
"""

    drafts = list(expand(parse_definition(data), Place("", lambda _: None, {})))

    assert [(d.name, d.cmd) for d in drafts] == [
        ("list@a", "x"), ("list@true", "x"), ("list@1.0", "x"), ("map@k", "x k 1"), ("objects@0", "x 1"),
        ("objects@1", "x 2"), ("grid@x-b0", "x x x-b0"), ("grid@false-b0", ""),
    ]  # fmt: skip
    assert drafts[-1].why == "deps holds something that is not a path"
    assert drafts[6].line == 7
    assert drafts[6].deps == (("x", 11),)


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        (
            {"lr": 0.1, "deep": {"n": 1, "m": 2}},
            {"lr": 0.1, "deep": {"n": 3, "m": 2}},
            "it had deep.n: 1 and has deep.n: 3",
        ),
        ({"lr": 0.1}, {"lr": 0.1, "seed": 7}, "it has seed: 7 now"),
        ({"lr": 0.1, "seed": 7}, {"lr": 0.1}, "it has seed: 7 no more"),
        ({"lr": {}}, {"lr": 1}, "it had lr: {} and has lr: 1"),
        (1, {"lr": 1}, "it was 1 and is {'lr': 1}"),
    ],
)
def test_of_a_group_of_parameters_only_what_differs_is_told(was: object, now: object, why: str) -> None:
    assert paramfile.compare(was, now) == (False, why)

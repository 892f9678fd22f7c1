"""Lists in YAML that grow in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Unreadable
from lifelint.facts._yaml import load
from lifelint.fix.noun import CannotFix
from lifelint.fix.texts import changed
from lifelint.fix.yaml_places import added_to_list, plain

KEYS = ("stages", "train", "deps")


def added(text: str, *items: str, keys: tuple[str, ...] = KEYS) -> str:
    return changed(text, [added_to_list("dvc.yaml", text, keys, items, after="cmd")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("deps:\n    - a.py  # the script", "# more\n    outs: [m]\n"),
        ("deps:\n      - a.py", "\n    outs: [m]\n"),
        ("deps:\n    - data:\n        x: 1\n    - 'b'", ""),
        ("deps:\n    - data:\n        x: 1", "outs: []\n"),
        ("deps:\r\n    - a.py", "outs: [m]\r\n"),
        ("deps:\n    - a.py\n    - [b, c]", "outs: [m]"),
    ],
)
def test_items_come_last_and_all_else_stays(before: str, after: str) -> None:
    end = "\r\n" if "\r\n" in before else "\n"
    head = f"# c{end}stages:{end}  train:{end}    cmd: python a.py{end}    {before}{end}"
    indent = "      " if "      -" in before else "    "

    assert added(f"{head}    {after}", "new.py") == f"{head}{indent}- new.py{end}    {after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("deps: [a.py,  b.py ]  # all\n", "deps: [a.py,  b.py, new.py ]  # all\n"),
        ("deps: []\n", "deps: [new.py]\n"),
        ("deps:\n    - a.py", "deps:\n    - a.py\n    - new.py"),
        ("outs: [m]\n", "deps:\n    - new.py\n    outs: [m]\n"),
    ],
)
def test_lists_in_brackets_ends_of_files_and_new_lists(before: str, after: str) -> None:
    head = "stages:\n  train:\n    cmd: python a.py\n    "

    assert added(head + before, "new.py") == head + after


@pytest.mark.parametrize(
    "cmd",
    [
        "python a.py",
        "'python a.py'",
        "|\n      python a.py\n      b\n",
        ">-\n      python a.py\n\n",
        "\n    - a\n    - b",
    ],
)
@pytest.mark.parametrize(
    "rest", ["", "    outs:\n    - m\n", "\n    # of the model\n    outs: [m]\n", "  evaluate:\n    cmd: b\n"]
)
def test_a_list_that_was_not_there_comes_behind_the_command(cmd: str, rest: str) -> None:
    text = f"stages:\n  train:\n    cmd: {cmd}\n{rest}"
    before, after = load(text.encode()), load(added(text, "new.py", "b c").encode())

    assert after["stages"]["train"].pop("deps") == ["new.py", "b c"]
    assert after == before


@pytest.mark.parametrize(
    "text",
    [
        "stages: {train: {cmd: a}}\n",
        "stages:\n  train:\n    cmd: a\n    deps: ${deps}\n",
        "stages:\n  train:\n    cmd: a\n    deps: &d\n    - a\n  other:\n    cmd: b\n    deps: *d\n",
        "stages:\n  train:\n    deps: [\n",
        "\ufeffstages:\n  train:\n    cmd: a\n",
        "stages:\n  other:\n    cmd: a\n",
    ],
)
def test_what_cannot_be_done_in_place_is_not_done(text: str) -> None:
    with pytest.raises(CannotFix):
        added(text, "new.py")


@given(st.text(alphabet="ab:#-[]{},'\"\\&*!|>%@ .0é\t", min_size=1, max_size=12))
def test_a_scalar_reads_back_in_both_kinds_of_list(value: str) -> None:
    for text in (f"- {plain(value)}\n", f"[a, {plain(value)}]\n"):
        assert load(text.encode())[-1] == value


LINES = st.lists(
    st.sampled_from([
        "stages:", "  train:", "    cmd: a", "    cmd: |", "      b", "    deps:", "    - x", "      - y # c",
        "    deps: [x]",
        "    outs:", "    - m:", "        cache: false", "# c", "", "  eval:", "    cmd: c", "    deps: []",
    ]),
    max_size=12,
)  # fmt: skip


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_stands_there_only_the_list_grows(lines: list[str], end: str, last: bool) -> None:
    text = end.join(["stages:", "  train:", "    cmd: a", *lines]) + end * last
    try:
        before = load(text.encode())
        after = added(text, "new.py")
    except (Unreadable, CannotFix):
        return
    try:
        found = load(after.encode())
    except Unreadable:
        return  # which the proof sees
    train = found["stages"]["train"]
    assert train["deps"][-1] == "new.py"
    assert [*(before["stages"]["train"].get("deps") or []), "new.py"] == train["deps"]
    train["deps"] = before["stages"]["train"].get("deps")
    if train["deps"] is None:
        del train["deps"]
    assert found == before or before["stages"]["train"].get("deps", 0) is None

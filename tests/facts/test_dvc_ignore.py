"""``.dvcignore`` against DVC's own matcher."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifelint.facts.dvc.ignore import Ignore, parse_dvcignore

LINE = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "!", "/", "!/"]),
    st.lists(
        st.sampled_from(["a", "b", "*", "**", "a*", "*.b", "?", "[ab]", "[!a]", "\\*", "a**"]), min_size=1, max_size=3
    ),
    st.sampled_from(["", "/"]),
)
PATH = st.lists(st.sampled_from(["a", "b", "ab", "a.b", "*", "ba"]), min_size=1, max_size=4).map("/".join)


@settings(max_examples=400)
@example(["*.b", "!a"], "a/a.b", False)
@given(st.lists(LINE, max_size=4), PATH, st.booleans())
def test_patterns_match_as_in_dvc(lines: list[str], path: str, folder: bool) -> None:
    ignore_module = pytest.importorskip("dvc.ignore")
    built_in = [".hg/", ".git/", ".git", ".dvc/"]
    theirs = ignore_module.DvcIgnorePatterns([*built_in, *lines], "/top", "/")
    parent, _, name = path.rpartition("/")

    ours = Ignore("", {"": parse_dvcignore("\n".join(lines).encode())}).ignores(path, folder)

    assert ours == theirs.matches(f"/top/{parent}".rstrip("/"), name, folder)


def test_what_python_warns_of_in_a_set_is_a_character_of_it() -> None:
    ignore = Ignore("", {"": parse_dvcignore(b"[[]a\n[&&b]\n")})

    assert [ignore.ignores(path, False) for path in ("[a", "&", "b", "a")] == [True, True, True, False]


def test_files_nearer_to_the_path_have_the_last_word() -> None:
    ignore = Ignore("", {"": parse_dvcignore(b"*.csv\n"), "data": parse_dvcignore(b"!keep.csv\n/raw\n")})

    assert ignore.ignores("data/other.csv")
    assert not ignore.ignores("data/keep.csv")
    assert ignore.ignores("data/raw/keep.txt")
    assert not ignore.ignores("raw/keep.txt")


def test_a_project_inside_another_is_not_looked_into() -> None:
    ignore = Ignore("", {}, frozenset(["sub"]))

    assert ignore.ignores("sub/dvc.yaml")
    assert not Ignore("sub", {}).ignores("sub/dvc.yaml")


@pytest.mark.parametrize("line", ["*a" * 200, "**/" * 200 + "x", "[" * 500, "?" * 500, "\\"])
def test_hostile_patterns_cost_nothing(line: str) -> None:
    ignore = Ignore("", {"": parse_dvcignore(line.encode())})
    before = time.process_time()

    ignore.ignores("a" * 3000 + "/" + "a/" * 100 + "b")

    assert time.process_time() - before < 1

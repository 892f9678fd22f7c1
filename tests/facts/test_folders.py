"""In which folder a command runs, as far as its text tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._folders import below, ended, is_told, joined, parts, variants


@pytest.mark.parametrize(
    ("folder", "path", "place"),
    [
        ("", "a", "a"),
        ("", "./a/", "a"),
        ("", ".", ""),
        ("a", "..", ""),
        ("a/b", "../c", "a/c"),
        ("a", "$GITHUB_WORKSPACE/b", "b"),
        ("a", "${CI_PROJECT_DIR}", ""),
        ("a", "${{ github.workspace }}/b", "b"),
        ("a", "$(Build.SourcesDirectory)/b", "b"),
        ("a", "~/project/b", "b"),
    ],
)
def test_a_path_is_that_of_the_repository(folder: str, path: str, place: str) -> None:
    assert joined(folder, path) == place
    assert is_told(place)


@pytest.mark.parametrize(
    ("folder", "path"),
    [("", "$X"), ("a", "$X/.."), ("", ".."), ("a", "../../b"), ("", "/opt"), ("", "~"), ("$X", "../a"), ("/opt", "a"),
     ("", "${{ matrix.x }}"), ("", "<< parameters.x >>"), ("", "*/"), ("", "$GITHUB_WORKSPACE_OLD")],
)  # fmt: skip
def test_what_lies_elsewhere_or_is_not_written_is_not_told(folder: str, path: str) -> None:
    assert not is_told(joined(folder, path))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("x", [""]),
        ("cd a\nx", ["a", "a"]),
        ("cd a && x || y; z", ["a", "a", "a", "a"]),
        ("(cd a && x)\ny", ["a", "a", ""]),
        ("(x; (cd a; y); z)", ["", "a", "a", ""]),
        ("pushd a > /dev/null\nx\npopd\ny", ["a", "a", "", ""]),
        ("cd a; cd -; x", ["a", "", ""]),
        ("cd; x", ["~", "~"]),
        ("cd -P a; x", ["a", "a"]),
        ("cd 'a/b'\ncd ..\nx", ["a/b", "a", "a"]),
        ("if true; then cd a; fi; x", ["", "a", "a", "a"]),
        ("cd \"$(git rev-parse --show-toplevel)/a\" && x", ["a", "a"]),
        ("echo cd a\ncdk deploy", ["", ""]),
        ("# cd a\nx", [""]),
        ("bash -c 'cd a && x'\ny", ["a", "a", ""]),
        ('sh -ec "x"; (bash -c "cd a; y"); z', ["", "a", "a", ""]),
        ("x=$(cd a && pwd)\ny", ["", "", ""]),
    ],
)  # fmt: skip
def test_a_shell_goes_where_it_is_told(text: str, places: list[str]) -> None:
    found = [part.folder for part in parts("", text)]

    assert found == places
    assert ended("", f"{text}\nx") == [part.folder for part in parts("", f"{text}\nx")][-1]


@given(st.text(alphabet="cdpushopa/. ()$;&|\n'\"-~", max_size=60), st.sampled_from(["", "a", "a/b", "$X"]))
def test_any_text_has_parts_that_are_in_some_folder(text: str, folder: str) -> None:
    for part in parts(folder, text):
        assert part.text
        assert not is_told(part.folder) or not part.folder.startswith(("/", ".."))
    assert isinstance(ended(folder, text), str)


def test_one_folder_lies_in_another() -> None:
    assert below("a/b", "a")
    assert below("a", "")
    assert not below("ab", "a")


def test_values_are_put_in_where_they_are_named() -> None:
    values = [{"matrix.p": "a", "env.T": "x"}, {"matrix.p": "b", "env.T": "x"}]

    assert variants("", "pytest", values) == ()
    assert variants("${{ matrix.p }}", "run ${T} $U", values) == (("a", "run x $U"), ("b", "run x $U"))
    assert variants("", "run ${{matrix.p}}/y", [{}]) == ()

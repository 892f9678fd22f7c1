"""What is the project's own, and what is left out for which reason."""

from __future__ import annotations

import re
import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifelint.facts._scope import left_out
from tests.conftest import facts_of


def reason(path: str, *others: str, exclude: tuple[str, ...] = ()) -> str:
    return left_out([path, *others], exclude)(path)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("requirements.txt", ""),
        ("src/train.py", ""),
        ("node_modules/x/package.json", "vendored code"),
        ("a/vendor/b/setup.py", "vendored code"),
        ("third_party/dvc.yaml", "vendored code"),
        ("lib/site-packages/x/METADATA", "vendored code"),
        ("vendor.txt", ""),
        ("vendors/a", ""),
        ("vendor", ""),
        ("tests/fixtures/dvc.lock", "test fixtures"),
        ("testdata/uv.lock", "test fixtures"),
        ("my_fixtures/uv.lock", ""),
        ("{{cookiecutter.name}}/dvc.yaml", "a template"),
        ("templates/{% if x %}a{% endif %}/b", "a template"),
        ("{{ name }}.yaml", "a template"),
        ("a/Dockerfile.j2", "a template"),
        ("a/pyproject.toml.jinja", "a template"),
        ("x.tmpl/y.yaml", ""),
        ("{single}/a", ""),
    ],
)
def test_reasons_to_leave_a_path_out(path: str, why: str) -> None:
    assert reason(path) == why


@pytest.mark.parametrize("module", ["test_x.py", "x_test.py", "conftest.py", "sub/test_y.py", "x_test.go"])
def test_a_folder_of_tests_holds_test_modules(module: str) -> None:
    assert reason("tests/requirements.txt", f"tests/{module}") == "a test suite"


@pytest.mark.parametrize("path", ["data/test/labels.csv", "test/images/1.png", "data/tests.csv", "contest/a.csv"])
def test_a_data_split_called_test_is_not_a_suite(path: str) -> None:
    assert reason(path, "tests/test_x.py", "src/test_helper.py", "data/train/test_set.csv") == ""


def test_a_suite_inside_a_package_leaves_the_package_alone() -> None:
    paths = ["pkg/a.py", "pkg/tests/test_a.py", "pkg/tests/data/dvc.lock", "pkg/other/test/data.csv"]
    why = left_out(paths)

    assert [why(path) for path in paths] == ["", "a test suite", "a test suite", ""]


def test_a_committed_virtual_environment_is_left_out() -> None:
    paths = ["my env/pyvenv.cfg", "my env/bin/activate", "my env/requirements.txt", "requirements.txt"]
    why = left_out(paths)

    assert [why(path) for path in paths] == ["a virtual environment"] * 3 + [""]


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("docs", ["docs", "docs/a", "docs/b/c"], ["docs2/a", "a/docs/b"]),
        ("docs/", ["docs/a"], ["adocs/a"]),
        ("/docs", ["docs/a"], ["a/docs/b"]),
        ("./docs", ["docs/a"], []),
        ("*.csv", ["a.csv", ".csv", "a.csv/b"], ["d/a.csv", "a.csvx"]),
        ("**/*.csv", ["a.csv", "d/a.csv", "d/e/a.csv"], ["a.csv2", "csv"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("**", ["a", "a/b"], []),
        ("**/b", ["b", "a/b", "a/b/c", "x/y/b"], ["ab", "a/bc"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["ab", "x/a/b", "a/xb"]),
        ("a/**/b/**/c", ["a/b/c", "a/1/b/2/3/c/d"], ["a/c/b", "a/b"]),
        ("a?c/*", ["abc/d"], ["ac/d", "a/c/d", "abc"]),
        ("a*b*c", ["abc", "a1b2c", "abbcc", "abcbc"], ["ab/c", "acb"]),
        ("*a*", ["a", "bab", "aa"], ["b", "b/a"]),
        ("[ab].txt", ["[ab].txt"], ["a.txt"]),
        ("a.c", ["a.c"], ["abc"]),
        ("a**b", ["ab", "axb"], ["a/b"]),
        ("data/[v1]+(x)", ["data/[v1]+(x)/a"], []),
        ("a\nb", ["a\nb/c\nd"], ["a", "b"]),
        ("*", ["a", "a/b"], []),
        ("", [], ["a", "a/b"]),
        ("/", [], ["a"]),
    ],
)
def test_excluded_paths_match_the_glob(pattern: str, matching: list[str], others: list[str]) -> None:
    why = left_out([*matching, *others], [pattern])

    assert [path for path in matching if why(path) != "excluded by the configuration"] == []
    assert [path for path in others if why(path)] == []


def test_several_patterns_exclude_what_any_of_them_matches() -> None:
    why = left_out([], ["a", "b/*.x", "**/c"])

    assert [bool(why(path)) for path in ("a/1", "b/1.x", "d/c", "b/1.y", "abc")] == [True, True, True, False, False]


def slow_but_obvious(pattern: str, path: str) -> bool:
    """Whether a glob matches a path or a folder above it: by trying everything."""
    parts = path.split("/")

    def tried(globs: list[str], names: list[str]) -> bool:
        if not globs:
            return not names
        if globs[0] == "**":
            least = 1 if len(globs) == 1 else 0
            return any(tried(globs[1:], names[n:]) for n in range(least, len(names) + 1))
        return bool(names) and fnmatchcase(names[0], globs[0]) and tried(globs[1:], names[1:])

    return any(tried(pattern.split("/"), parts[:end]) for end in range(1, len(parts) + 1))


@given(
    st.lists(st.sampled_from(["**", "*", "a", "b", "a*", "*a", "*a*b", "?", "a?*"]), min_size=1, max_size=5).map(
        "/".join
    ),
    st.lists(st.sampled_from(["a", "b", "ab", "aab", "ba", "abab"]), min_size=1, max_size=6).map("/".join),
)
@settings(max_examples=3000, deadline=None)
def test_globs_match_what_trying_everything_matches(pattern: str, path: str) -> None:
    assert bool(left_out([], [pattern])(path)) is slow_but_obvious(pattern, path)


HOSTILE = ["**/" * 50 + "x", "*a" * 50 + "b", "**/a/" * 50 + "b", "a*" * 500, "?*" * 100 + "x", "*/" * 100 + "**/x",
           "**/*a*a*a*a*a*a*a*b/" * 10 + "c", "(" * 500, "[" * 500, "\\" * 99, "{a,b}" * 99, "+?" * 99]  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE, ids=lambda text: text[:8])
def test_no_glob_is_slow(pattern: str) -> None:
    begun = time.process_time()
    why = left_out([], [pattern])
    for path in ("a/" * 500 + "a", "a" * 1000, ("a" * 50 + "/") * 40, "aaa/" * 300 + "b"):
        why(path)

    assert time.process_time() - begun < 2


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_glob_and_a_path(pattern: str, path: str) -> None:
    assert left_out([path], [pattern])(path) is not None


def test_a_thousand_folders_deep_is_not_too_deep() -> None:
    assert reason("a/" * 5000 + "vendor/x") == "vendored code"


def test_a_glob_of_a_name_matches_that_name_only() -> None:
    for name in ("a.b", "a+b", "a|b", "^a$", "a#b", "a b", "(?i)a"):
        assert reason(name, exclude=(name,)), name
        assert not reason("x" + re.sub(r"\W", "y", name), exclude=(name,)), name


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("_subdirectory: ./template", "template"),
        ("_subdirectory: 'template/'  # all of it\r", "template"),
        ("_subdirectory: .", ""),
        ("_subdirectory: '{{ kind }}'", ""),
        ("  _subdirectory: template", ""),
    ],
)
def test_the_folder_that_copier_makes_projects_from_is_a_template(line: str, found: str) -> None:
    facts = facts_of({"copier.yml": f"name: {{type: str}}\n{line}\n", "template/train.py": "", "train.py": ""})

    assert facts.source.left_out == ({f"{found}/train.py": "a template"} if found else {})

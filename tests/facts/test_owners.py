"""CODEOWNERS files: which line decides a path on which forge, and what is not in force."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts import Facts, Source, Unreadable
from lifelint.facts.owners.found import owners_of, owning, owning_each
from lifelint.facts.owners.lines import parse_github, parse_gitlab
from lifelint.facts.owners.noun import OwnersLine
from lifelint.facts.owners.patterns import matches
from lifelint.facts.proof import facts_at
from lifelint.snapshot._open import open_snapshot
from tests.conftest import facts_of, git, write


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", "a a/b .hidden/c", ""),
        ("**", "a a/b", ""),
        ("/", "", "a a/b"),
        ("/*", "a", "a/b"),
        ("*.py", "a.py a/b.py a.py/c", "a.pyc"),
        ("/*.py", "a.py", "a/b.py"),
        ("data", "data data/a a/data a/data/b", "mydata data2"),
        ("/data", "data data/a/b", "a/data"),
        ("data/", "data/a data/a/b a/data/b", "data a/data"),
        ("/data/", "data/a data/a/b", "data a/data/b"),
        ("data/raw", "data/raw data/raw/a", "a/data/raw"),
        ("data/raw/", "data/raw/a", "data/raw a/data/raw/b"),
        ("data/*", "data/a", "data/a/b a/data/b"),
        ("data/*.csv", "data/a.csv data/a.csv/b", "data/a/b.csv"),
        ("data/**", "data/a data/a/b", "data a/data/b"),
        ("data/**/*.csv", "data/a.csv data/a/b/c.csv", "a.csv"),
        ("**/raw", "raw data/raw data/raw/a a/b/raw", "raw2"),
        ("/**/raw", "raw data/raw", "xraw"),
        ("data/*/raw", "data/a/raw data/a/raw/b", "data/raw data/a/b/raw"),
        ("data?", "data1 a/data2", "data data/"),
        ("/d*a", "data da data/x", "dab a/data"),
        ("d**a", "data x/data", "d/a"),
        ("Data", "Data", "data"),
        (r"with\ space", "", "with"),
        (r"a\*b", "a*b", "axb"),
        (r"a\!b", "a!b", "ab"),
        ("a.c", "a.c", "abc"),
        ("**/", "a/b a/b/c", "a"),
        ("data//raw", "", "data/raw"),
    ],
)
def test_patterns_of_github(pattern: str, yes: str, no: str) -> None:
    assert [path for path in yes.split() if not matches("github", pattern, path)] == []
    assert [path for path in no.split() if matches("github", pattern, path)] == []


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", "a a/b .hidden/c", ""),
        ("/*", "a .b", "a/b"),
        ("*.py", "a.py a/b.py", "a.py/c"),
        ("data", "data a/data", "data/a"),
        ("/data", "data", "data/a a/data"),
        ("data/", "data/a data/a/b a/data/b", "data"),
        ("/data/", "data/a data/a/b", "a/data/b"),
        ("data/raw", "data/raw a/data/raw", "data/raw/a"),
        ("data/*", "data/a a/data/b", "data/a/b"),
        ("/data/**", "data/a", "data/a/b"),
        ("/data/**/*", "data/a data/a/b", "a/data/b"),
        ("/data/**/*.csv", "data/a.csv data/a/b.csv", "b/data/a.csv"),
        ("/[ab].csv", "a.csv b.csv", "c.csv"),
        ("/[^ab].csv", "c.csv", "a.csv"),
        (r"\#a", "#a x/#a", r"\#a"),
        ("**/a", "a x/a", "xa"),
    ],
)
def test_patterns_of_gitlab(pattern: str, yes: str, no: str) -> None:
    assert [path for path in yes.split() if not matches("gitlab", pattern, path)] == []
    assert [path for path in no.split() if matches("gitlab", pattern, path)] == []


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_space_is_escaped(forge: str) -> None:
    parse = parse_github if forge == "github" else parse_gitlab
    [line] = parse(b"my\\ data/ @a\n")

    assert matches(forge, line.pattern, "my data/a")


def lines_of(text: str, path: str = "CODEOWNERS", **more: str) -> list[OwnersLine]:
    return list(facts_of({path: text, **more})["owners"].items)


GITHUB = """\
# who owns what
*            @acme/all
/data/       @acme/data data@acme.org   # with the steward
/data/open/
!/data/keys  @eve
/data/[ab]/  @eve
\\#x          @eve
/models/     eve
"""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("src/a.py", ("@acme/all",)),
        ("data/a.dvc", ("@acme/data", "data@acme.org")),
        ("data/open/a.dvc", ()),
        ("data/keys", ("@acme/data", "data@acme.org")),
        ("models/m.dvc", ("@acme/all",)),
    ],
)
def test_the_last_line_that_github_understands_decides(path: str, wanted: tuple[str, ...]) -> None:
    assert owners_of(lines_of(GITHUB), path) == wanted


def test_what_github_passes_over_says_why() -> None:
    assert {line.line: line.problem for line in lines_of(GITHUB) if line.problem} == {
        5: "GitHub knows no exclusion by !",
        6: "GitHub knows no sets of characters in [ ]",
        7: "GitHub knows no pattern that begins with #, escaped or not",
        8: "eve is no @user, @org/team or e-mail address",
    }


GITLAB = """\
* @all
[Data][2] @data-team @@maintainer
data/
data/open/ @open
!data/generated/
^[Docs] @docs
*.md
[DATA]
*.parquet
[empty]
/nobody/
"""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a.py", ("@all",)),
        ("data/a", ("@all", "@data-team", "@@maintainer")),
        ("x/data/a.md", ("@all", "@data-team", "@@maintainer", "@docs")),
        ("data/open/a", ("@all", "@open")),
        ("data/generated/a", ("@all",)),
        ("data/generated/open/a.parquet", ("@all",)),
        ("nobody/a", ("@all",)),
    ],
)
def test_the_sections_of_gitlab_add_up(path: str, wanted: tuple[str, ...]) -> None:
    assert owners_of(lines_of(GITLAB, ".gitlab/CODEOWNERS"), path) == wanted


def test_sections_of_one_name_are_one_whatever_their_case() -> None:
    lines = lines_of("[Data] @a\n*.csv\n[DATA] @b\n*.csv\n", ".gitlab/CODEOWNERS")

    assert [line.owners for line in owning(lines, "x.csv")] == [("@b",)]


@pytest.mark.parametrize(
    ("files", "first", "forge"),
    [
        (["CODEOWNERS", "docs/CODEOWNERS"], "CODEOWNERS", "github"),
        ([".github/CODEOWNERS", "CODEOWNERS"], ".github/CODEOWNERS", "github"),
        ([".gitlab/CODEOWNERS", "CODEOWNERS"], "CODEOWNERS", "gitlab"),
        ([".gitlab-ci.yml", "docs/CODEOWNERS"], "docs/CODEOWNERS", "gitlab"),
        ([".github/x", ".gitlab-ci.yml", "CODEOWNERS"], "CODEOWNERS", "github"),
        ([".github/x", ".gitlab/CODEOWNERS"], ".gitlab/CODEOWNERS", "gitlab"),
    ],
)
def test_each_forge_reads_the_first_file_of_its_own_order(files: list[str], first: str, forge: str) -> None:
    lines = facts_of(dict.fromkeys(files, "* @a\n"))["owners"].items

    assert {(line.path, line.forge) for line in lines if not line.problem} == {(first, forge)}
    assert {line.problem for line in lines if line.path != first} <= {f"the forge reads {first} instead"}


def test_a_file_in_a_folder_of_another_forge_is_not_understood_as_one_of_github() -> None:
    made = facts_of({"CODEOWNERS": ".*\\\\.py @a\n", ".gitea/x": ""})["owners"]

    assert not made.items
    assert [unread.path for unread in made.unread] == ["CODEOWNERS"]


def test_github_reads_no_file_of_3_mb() -> None:
    assert {line.problem for line in lines_of("* @a\n" + "#" * (3 << 20))} == {
        "GitHub reads no CODEOWNERS file of 3 MB or more"
    }


def test_owners_are_those_of_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for owner in ("@old", "@new"):
        write(tmp_path, {"CODEOWNERS": f"* {owner}\n"})
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", owner)
    with closing(open_snapshot([str(tmp_path)]).snapshot) as snapshot:
        source = Source(snapshot)
        then = facts_at(source, git(tmp_path, "rev-parse", "HEAD~1"))
        assert then is not None

        assert owners_of(then["owners"].items, "a") == ("@old",)
        assert owners_of(Facts(source)["owners"].items, "a") == ("@new",)


@given(st.binary(max_size=300), st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=40))
def test_hostile_files_and_paths_are_judged_or_unreadable(data: bytes, path: str) -> None:
    for parse in (parse_github, parse_gitlab):
        try:
            owners_of(parse(data), path)
        except Unreadable:
            pass


@given(st.text("a*/?[]!\\^-", min_size=1, max_size=30), st.text("a/b*[", min_size=1, max_size=20))
def test_hostile_patterns_match_or_do_not(pattern: str, path: str) -> None:
    for forge in ("github", "gitlab"):
        assert matches(forge, pattern, path) in (True, False)


def test_a_pattern_of_many_stars_is_decided() -> None:  # with backtracking it would not end
    for forge in ("github", "gitlab"):
        assert not matches(forge, "/" + "**/" * 500 + "*a" * 500 + "b", "/".join(["a" * 200] * 200))


PARTS = st.sampled_from(["a", "b", "a b", "é"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
PATTERNS = st.tuples(
    st.sampled_from(["", "/", "**/", "/**/"]),
    st.lists(PARTS | st.sampled_from(["*", "**", "", "a*", "?"]), min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/", "/*", "/**"]),
).map("".join)
SOME = st.lists(
    st.tuples(PATTERNS, st.sampled_from(["", "x", "y"]), st.booleans(), st.sampled_from(["", "bad"])), max_size=8
)


@given(st.sampled_from(["github", "gitlab"]), SOME, PATHS)
def test_looking_lines_up_finds_those_that_trying_all_finds(
    forge: str, some: list[tuple[str, str, bool, str]], path: str
) -> None:
    lines = [
        OwnersLine("CODEOWNERS", number, forge, pattern, ("@a",), section, excludes and forge == "gitlab", problem)
        for number, (pattern, section, excludes, problem) in enumerate(some, 1)
    ]

    assert owning_each(lines)(path) == owning(lines, path)

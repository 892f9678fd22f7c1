"""Patches are what git takes, whatever the bytes and the names are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifelint.fix.noun import Edit
from lifelint.report.patch import patch
from tests.conftest import git

LINES = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"\xff\xfe\n", b"-- x\n", b"+++ b\n", b"\x1b[31m\n", b"# c\n"])
)
CONTENT = st.builds(
    lambda lines, end: b"".join(lines) + end, LINES, st.sampled_from([b"", b"end", b"\xef\xbb\xbf", b"e\r"])
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("patched")
    git(made, "init", "-q")
    git(made, "config", "core.autocrlf", "false")
    return made


def applied(folder: Path, edits: list[Edit]) -> None:
    text = b"# why\n" + b"\n# more\n".join(map(patch, edits)) + b"\n# end\n"
    done = subprocess.run(["git", "-C", str(folder), "apply"], input=text, capture_output=True, check=False)
    assert done.returncode == 0, (done.stderr, text)


@given(CONTENT, CONTENT)
@settings(max_examples=60)
def test_git_makes_the_same_of_it(folder: Path, before: bytes, after: bytes) -> None:
    if before == after:
        assert patch(Edit("file", before, after)) == b""
        return
    (folder / "file").write_bytes(before)

    applied(folder, [Edit("file", before, after)])

    assert (folder / "file").read_bytes() == after


@pytest.mark.parametrize(
    "name",
    ["a b", "tab\tbed", 'quo"te', "back\\slash", "ümlaut", "line\nbreak", "\udcff", "sub dir/x y.txt", "a/b -- c"],
)
@pytest.mark.parametrize("before", [None, b"old\n"])
def test_names_are_quoted_as_git_quotes_them(folder: Path, name: str, before: bytes | None) -> None:
    place = folder / name
    place.parent.mkdir(exist_ok=True)
    if before is None:
        place.unlink(missing_ok=True)
    else:
        place.write_bytes(before)

    applied(folder, [Edit(name, before, b"new\n")])

    assert place.read_bytes() == b"new\n"


def test_two_patches_of_one_file_go_one_after_the_other(folder: Path) -> None:
    (folder / "new").unlink(missing_ok=True)

    applied(folder, [Edit("new", None, b"one\n"), Edit("new", b"one\n", b"one\ntwo\n")])

    assert (folder / "new").read_bytes() == b"one\ntwo\n"

"""A search finds at least what reading everything finds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint.snapshot import MAX_BYTES, _search
from tests.conftest import git, write
from tests.snapshot.conftest import contents, taken

Make = Callable[[Mapping[str, str | bytes]], Path]

WORDS = ("needle", 'pin"')
FILES: Mapping[str, str | bytes] = {
    "a.py": "needle\n",
    "b.py": "nothing\n",
    "sub/c.py": 'a pin" here\n',
    "sub/d [x].py": b"\xff\x00needle",
    "sub/notes.md": "needle\n",
    "Makefile": "needle\n",
    "sub/Makefile": "nothing\n",
    "odd.p*": "needle\n",
    "odd.py": "nothing\n",
}


@pytest.fixture(autouse=True)
def however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_search, "WORTHWHILE", 0)


def holding(folder: Path, *, rev: str = "", staged: bool = False) -> set[str]:
    """What a search gives, which is all that reading gives."""
    snapshot = taken(folder, rev=rev, staged=staged)
    asked = [path for path in snapshot.entries if not path.endswith(".md")]
    found = snapshot.holding(asked, WORDS)
    read = contents(snapshot)
    truly = {path for path in asked if isinstance(data := read[path], bytes) and any(w.encode() in data for w in WORDS)}
    assert truly <= set(found)
    assert found == [path for path in asked if path in set(found)]
    return set(found)


STATES = ({}, {"staged": True}, {"rev": "HEAD"})


@pytest.mark.parametrize("state", STATES)
def test_only_files_that_hold_a_word_are_found(repository: Make, state: Mapping[str, str]) -> None:
    folder = repository(FILES)

    assert holding(folder, **state) == {"a.py", "sub/c.py", "sub/d [x].py", "Makefile", "odd.p*"}  # type: ignore[arg-type]


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_found_where_no_word_is(repository: Make, state: Mapping[str, str]) -> None:
    assert holding(repository({"b.py": "nothing\n"}), **state) == set()  # type: ignore[arg-type]


def test_an_edit_counts_where_it_is_read(repository: Make) -> None:
    folder = repository(FILES)
    write(folder, {"a.py": "edited\n", "b.py": "needle\n"})

    assert {"a.py", "b.py"} & holding(folder) == {"b.py"}
    assert {"a.py", "b.py"} & holding(folder, staged=True) == {"a.py"}


def test_what_is_not_on_disk_is_read_as_it_is_stored(repository: Make) -> None:
    folder = repository(FILES)
    (folder / "a.py").unlink()
    (folder / "b.py").unlink()

    assert "a.py" in holding(folder)


@pytest.mark.skipif(os.name == "nt", reason="symlinks")
def test_a_folder_that_became_a_symlink_is_not_searched(repository: Make, tmp_path: Path) -> None:
    folder = repository(FILES)
    write(tmp_path / "elsewhere", {"c.py": "nothing\n"})
    (folder / "sub").rename(folder / "moved")
    (folder / "sub").symlink_to(tmp_path / "elsewhere")

    assert "sub/c.py" in holding(folder)


def test_what_is_stored_in_another_encoding_than_on_disk_is_found(repository: Make) -> None:
    folder = repository({**FILES, ".gitattributes": "wide.py working-tree-encoding=UTF-16LE\n"})
    (folder / "wide.py").write_bytes("needle\n".encode("utf-16-le"))
    git(folder, "add", "wide.py")
    git(folder, "commit", "-q", "-m", "Add")

    assert "wide.py" in holding(folder)


def test_both_sides_of_a_conflict_may_hold_a_word(repository: Make) -> None:
    folder = repository(FILES)
    git(folder, "checkout", "-q", "-b", "side")
    write(folder, {"a.py": "needle of the side\n"})
    git(folder, "commit", "-q", "-am", "Side")
    git(folder, "checkout", "-q", "-")
    write(folder, {"a.py": "needle of the other\n"})
    git(folder, "commit", "-q", "-am", "Other")
    with pytest.raises(Exception, match="merge"):
        git(folder, "merge", "side")

    assert "a.py" in holding(folder)
    assert "a.py" in holding(folder, staged=True)


@pytest.mark.parametrize("state", STATES[1:])
def test_large_blobs_are_not_searched(repository: Make, state: Mapping[str, str]) -> None:
    folder = repository({**FILES, "large.py": b"x" * (MAX_BYTES + 1)})

    assert "large.py" in holding(folder, **state)  # type: ignore[arg-type]


def test_a_search_can_go_on_beside_other_work(repository: Make) -> None:
    folder = repository(FILES)
    snapshot = taken(folder)
    asked = ["a.py", "b.py", "gone.py", "odd.py", "sub/c.py", "sub/d [x].py"]
    snapshot.seek([".py"], WORDS)
    snapshot.seek([".md"], ["other"])  # nobody asks for that one

    assert snapshot.holding(asked, WORDS) == ["a.py", "gone.py", "sub/c.py", "sub/d [x].py"]
    assert snapshot.holding(asked, WORDS) == ["a.py", "gone.py", "sub/c.py", "sub/d [x].py"], "it can be asked again"
    snapshot.seek([".md"], WORDS)
    assert snapshot.holding(asked, WORDS) == ["a.py", "gone.py", "sub/c.py", "sub/d [x].py"], "others are not told"
    snapshot.close()


def test_where_git_cannot_read_all_everything_is_given(repository: Make) -> None:
    folder = repository(FILES)
    oid = git(folder, "rev-parse", "HEAD:b.py").strip()
    (folder / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    snapshot = taken(folder, rev="HEAD")

    assert snapshot.holding(["a.py", "b.py"], WORDS) == ["a.py", "b.py"]


def test_the_configuration_of_the_repository_does_not_matter(repository: Make) -> None:
    folder = repository(FILES)
    for setting in ("patternType=perl", "fullName=false", "column=true", "lineNumber=true", "threads=1"):
        git(folder, "config", f"grep.{setting.split('=')[0]}", setting.split("=")[1])
    git(folder, "config", "color.ui", "always")
    git(folder, "config", "submodule.recurse", "true")

    assert holding(folder) == holding(folder, rev="HEAD") == {"a.py", "sub/c.py", "sub/d [x].py", "Makefile", "odd.p*"}

"""Which repository, folder and files a person means by a path."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lifelint.snapshot import SnapshotError
from lifelint.snapshot._layout import discover
from lifelint.snapshot._open import Opened, open_snapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, listed_by_git, stored_by_git, taken

Make = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def opened() -> Iterator[Callable[..., Opened]]:
    """Opens paths, and closes what was opened."""
    made: list[Opened] = []

    def open_(*paths: Path, **state: str) -> Opened:
        made.append(open_snapshot(paths, **state))  # type: ignore[arg-type]
        return made[-1]

    yield open_
    for each in made:
        each.snapshot.close()


# Folders -----------------------------------------------------------------------------------------------------------


def test_a_subfolder_names_its_repository_and_itself(repository: Make, opened: Callable[..., Opened]) -> None:
    folder = repository({"a": "1", "sub/deeper/b": "2"})

    state = opened(folder / "sub/deeper")

    assert state.folder == "sub/deeper"
    assert set(state.snapshot.entries) == {"a", "sub/deeper/b"}


def test_the_current_folder_may_be_inside(
    repository: Make, opened: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository({"a": "1", "sub/b": "2"})
    monkeypatch.chdir(folder / "sub")

    assert [opened(Path()).folder, opened(Path("..")).folder, opened(Path("b")).files] == ["sub", "", ["sub/b"]]


def test_a_link_to_a_repository_leads_to_it(repository: Make, tmp_path: Path) -> None:
    folder = repository({"a": "1"})
    (tmp_path / "link").symlink_to(folder)

    assert contents(taken(tmp_path / "link")) == {"a": b"1"}


def test_a_link_inside_a_repository_to_a_folder_of_it_names_that_folder(
    repository: Make, opened: Callable[..., Opened]
) -> None:
    folder = repository({"real/a": "1"})
    (folder / "link").symlink_to("real")

    assert opened(folder / "link").folder == "real"


@pytest.mark.parametrize("name", ["$HOME", "a b", "ü", "~", "-C", "new\nline", "%s", "\udcff"])
def test_a_repository_may_lie_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    git(folder, "init", "-q")
    write(folder, {"a": "1"})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "One")
    git(folder, "worktree", "add", "-q", str(folder / "linked"))

    assert contents(taken(folder)) == contents(taken(folder, rev="HEAD")) == {"a": b"1"}
    assert contents(taken(folder / "linked")) == {"a": b"1"}


def test_a_linked_worktree_has_its_own_head_and_index(repository: Make, tmp_path: Path) -> None:
    folder = repository({"a": "1"})
    git(folder, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    write(tmp_path / "linked", {"a": "2", "b": "3"})
    git(tmp_path / "linked", "add", "-A")
    git(tmp_path / "linked", "commit", "-q", "-m", "Other")

    snapshot = taken(tmp_path / "linked")

    assert contents(snapshot) == {"a": b"2", "b": b"3"}
    assert snapshot.subject.revision == git(tmp_path / "linked", "rev-parse", "HEAD")
    assert contents(taken(folder)) == {"a": b"1"}


def test_a_linked_worktree_of_a_bare_repository_is_no_bare_one(repository: Make, tmp_path: Path) -> None:
    git(repository({"a": "1"}), "clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    git(tmp_path / "bare.git", "worktree", "add", "-q", str(tmp_path / "linked"))

    assert contents(taken(tmp_path / "linked")) == {"a": b"1"}


def test_a_submodule_is_inspected_by_itself(repository: Make, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    write(inner, {"own": "1"})
    git(inner, "add", "-A")
    git(inner, "commit", "-q", "-m", "Inner")
    folder = repository({"a": "1"})
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")

    snapshot = taken(folder / "sub")

    assert contents(snapshot) == {"own": b"1"}
    assert snapshot.subject.path == str(folder / "sub")
    assert snapshot.subject.revision == git(inner, "rev-parse", "HEAD")


def test_a_git_directory_elsewhere_is_found(repository: Make, tmp_path: Path) -> None:
    git(repository({"a": "1"}), "clone", "-q", "--separate-git-dir", str(tmp_path / "git"), ".", str(tmp_path / "tree"))

    assert contents(taken(tmp_path / "tree")) == {"a": b"1"}


def test_the_git_directory_itself_stands_for_its_tree(repository: Make) -> None:
    assert contents(taken(repository({"a": "1"}) / ".git")) == {"a": b"1"}


# Bare repositories -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rev", ["", "HEAD", "main"])
def test_a_bare_repository_is_read_at_head_or_the_revision_given(repository: Make, tmp_path: Path, rev: str) -> None:
    git(repository({"a": "1", "b/c": "2"}), "clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    bare = tmp_path / "bare.git"

    snapshot = taken(bare, rev=rev)

    assert contents(snapshot) == stored_by_git(bare, listed_by_git(bare))
    assert (snapshot.subject.kind, snapshot.subject.path) == ("revision", str(bare))


def test_a_bare_repository_has_no_index(repository: Make, tmp_path: Path) -> None:
    git(repository({"a": "1"}), "clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))

    with pytest.raises(SnapshotError, match="bare repository: it has no index; give --rev"):
        taken(tmp_path / "bare.git", staged=True)


def test_filters_of_a_bare_repository_are_known(repository: Make, tmp_path: Path) -> None:
    git(
        repository({".gitattributes": "*.x filter=lfs\n", "a.x": ""}), "clone", "-q", "--bare", ".", str(tmp_path / "b")
    )

    assert taken(tmp_path / "b").filters(["a.x", ".gitattributes"]) == {"a.x": "lfs"}


# Named files -------------------------------------------------------------------------------------------------------


def test_named_files_are_the_only_entries(repository: Make, opened: Callable[..., Opened]) -> None:
    folder = repository({"a": "1", "sub/b": "2", "sub/c": "3", "*": "4"})

    state = opened(folder / "sub/b", folder / "*")

    assert contents(state.snapshot) == {"*": b"4", "sub/b": b"2"}
    assert (state.folder, state.files) == ("", ["sub/b", "*"])


def test_a_named_file_that_git_does_not_track_is_told(repository: Make, opened: Callable[..., Opened]) -> None:
    folder = repository({"a": "1"})
    write(folder, {"new": "2"})

    snapshot = opened(folder / "new").snapshot

    assert [(d.path, d.message) for d in snapshot.diagnostics] == [("new", "is not tracked by git and was not read")]


def test_a_named_link_is_the_link_and_not_its_target(repository: Make, opened: Callable[..., Opened]) -> None:
    folder = repository({"a": "1"})
    (folder / "link").symlink_to("a")
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "dangling").symlink_to("nowhere")
    git(folder, "add", "-A")

    state = opened(folder / "link", folder / "out", folder / "dangling")

    assert contents(state.snapshot) == {"link": b"a", "out": b"/etc/passwd", "dangling": b"nowhere"}


def test_a_named_file_below_a_folder_that_became_a_link_is_found(
    repository: Make, opened: Callable[..., Opened], tmp_path: Path
) -> None:
    folder = repository({"d/a": "own"})
    write(tmp_path / "outside", {"a": "secret"})
    (folder / "d").rename(tmp_path / "gone")
    (folder / "d").symlink_to(tmp_path / "outside")

    assert contents(opened(folder / "d/a").snapshot) == {"d/a": b"own"}


def test_a_removed_file_may_be_named_for_the_index(repository: Make, opened: Callable[..., Opened]) -> None:
    folder = repository({"a": "1"})
    (folder / "a").unlink()

    assert contents(opened(folder / "a", staged=True).snapshot) == {"a": b"1"}


def test_very_many_files_may_be_named(repository: Make, opened: Callable[..., Opened]) -> None:
    names = [f"{'long' * 20}/{number}" for number in range(600)]
    folder = repository(dict.fromkeys([*names, "other"], "x"))

    assert set(opened(*(folder / name for name in names)).snapshot.entries) == set(names)


# Mistakes ----------------------------------------------------------------------------------------------------------


def test_a_path_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="there is no file or folder"):
        open_snapshot([tmp_path / "nope"])


def test_several_folders_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="give one folder, or only files"):
        open_snapshot([tmp_path, tmp_path])


def test_a_file_of_another_repository_is_a_clear_error(repository: Make, tmp_path: Path) -> None:
    folder = repository({"a": "1"})
    write(tmp_path, {"other/b": "2"})

    with pytest.raises(SnapshotError, match=r"other/b is not inside .*repository"):
        open_snapshot([folder / "a", tmp_path / "other/b"])


@pytest.mark.parametrize("text", ["gitdir: /nowhere\n", "gitdir: ../gone\n", "", "garbage", "\0", "gitdir: \udcff"])
def test_a_git_file_that_leads_nowhere_is_a_clear_error(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"a": "1", ".git": os.fsencode(text)})

    with pytest.raises(SnapshotError, match=r"\.git does not lead to a git repository"):
        taken(tmp_path)


def test_a_git_link_that_leads_nowhere_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".git").symlink_to("nowhere")

    with pytest.raises(SnapshotError, match=r"\.git does not lead to a git repository"):
        taken(tmp_path)


def test_a_broken_repository_inside_another_is_not_taken_for_the_other(repository: Make) -> None:
    folder = repository({"a": "1", "inner/b": "2"})
    write(folder / "inner/.git", {"HEAD": "garbage", "objects/x": "", "refs/x": ""})

    with pytest.raises(SnapshotError, match="not a git repository"):
        taken(folder / "inner")


@pytest.mark.parametrize("state", [{"rev": "HEAD"}, {"staged": True}], ids=str)
def test_a_folder_without_git_has_no_revision_and_no_index(tmp_path: Path, state: dict[str, str]) -> None:
    with pytest.raises(SnapshotError, match=f"is not in a git repository: --{next(iter(state))} has no meaning"):
        taken(tmp_path, **state)  # type: ignore[arg-type]


def test_without_git_installed_the_error_says_so(repository: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository({"a": "1"})
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SnapshotError, match="git is not installed, or not on PATH"):
        taken(folder)


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)

    with pytest.raises(SnapshotError, match="cannot be read"):
        taken(tmp_path / "closed")


@pytest.mark.parametrize("head", ["ref: refs/heads/.invalid\n", "garbage\n", "ref: ../../../../etc/passwd\n"])
def test_a_head_that_only_git_understands_is_left_to_git(repository: Make, head: str) -> None:
    folder = repository({"a": "1"})
    (folder / ".git/HEAD").write_text(head)
    layout = discover(folder)

    assert layout is not None
    assert layout.head() in (None, "")


@pytest.mark.parametrize("state", [{}, {"staged": True}, {"rev": "HEAD"}])
def test_git_finds_the_files_that_hold_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]
) -> None:
    monkeypatch.setattr("lifelint.snapshot._search.WORTHWHILE", 0)
    files = {"a.py": "x = 'needle('", "b/ü \n.py": "needle(", "c.py": "Needle(", "d.ipynb": "\0needle(", "Makefile": ""}
    git(tmp_path, "init", "-q")
    write(tmp_path, {**files, ".gitattributes": "*.py diff=program\n"})
    git(tmp_path, "config", "diff.program.textconv", f"touch {tmp_path}/ran; cat")
    git(tmp_path, "config", "grep.patternType", "perl")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    (tmp_path / "b").mkdir(exist_ok=True)

    found = taken(tmp_path, **state).holding([*files], ["needle(", "|"])
    assert sorted(found) == ["a.py", "b/ü \n.py", "d.ipynb"]
    assert not (tmp_path / "ran").exists()


def test_an_edit_that_is_not_staged_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifelint.snapshot._search.WORTHWHILE", 0)
    git(tmp_path, "init", "-q")
    write(tmp_path, {"a.py": "", "b.py": "needle"})
    git(tmp_path, "add", "-A")
    write(tmp_path, {"a.py": "needle", "b.py": ""})

    assert taken(tmp_path).holding(["a.py", "b.py"], ["needle"]) == ["a.py"]
    assert taken(tmp_path, staged=True).holding(["a.py", "b.py"], ["needle"]) == ["b.py"]


def test_a_revision_is_asked_for_what_it_holds(repository: Make) -> None:
    folder = repository({"services/churn/train.py": "1", "train.py": "2"})
    git(folder, "rm", "-rq", "services")
    git(folder, "commit", "-qm", "Remove a service")

    gone = open_snapshot([folder / "services" / "churn"], rev="HEAD~1")
    file = open_snapshot([folder / "services" / "churn" / "train.py"], rev="HEAD~1")

    assert (gone.folder, gone.files) == ("services/churn", None)
    assert (file.folder, file.files) == ("", ["services/churn/train.py"])
    with pytest.raises(SnapshotError, match=r"no file or folder 'services' at HEAD"):
        open_snapshot([folder / "services"], rev="HEAD")

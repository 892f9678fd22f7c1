"""Nothing of the inspected repository is executed, and a repository of somebody else is not trusted unasked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint.snapshot import SnapshotError
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write
from tests.snapshot.conftest import contents, taken

Make = Callable[[Mapping[str, str | bytes]], Path]

HOOKS = [
    "post-index-change",
    "post-checkout",
    "pre-commit",
    "reference-transaction",
    "fsmonitor-watchman",
    "post-merge",
]
ATTRIBUTES = "* filter=evil diff=evil merge=evil\n*.crlf text eol=crlf filter=evil\n"


def program(tmp_path: Path) -> Path:
    """A program that leaves a trace."""
    script = tmp_path / "canary.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/executed\ncat\n')
    script.chmod(0o755)
    return script


def everything(folder: Path) -> None:
    """Every operation of every snapshot, on edited, conflicting and absent files too."""
    for state in ({}, {"staged": True}, {"rev": "HEAD"}):
        for paths in ([folder], [folder / "edited", folder / "sub/a.crlf"]):
            snapshot = open_snapshot(paths, **state).snapshot  # type: ignore[arg-type]
            contents(snapshot)
            snapshot.sizes(snapshot.entries)
            snapshot.filters(snapshot.entries)
            assert snapshot.subject.path
            assert [snapshot.oid(path) for path in snapshot.entries]
            snapshot.close()


def hostile_settings(script: Path) -> dict[str, str]:
    named = [
        "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.pager", "core.editor", "core.askPass",
        "core.alternateRefsCommand", "diff.external", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver",
        "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "credential.helper", "gpg.program",
        "uploadpack.packObjectsHook", "remote.origin.uploadpack", "pager.ls-files", "pager.diff-index",
        "alias.ls-files", "sequence.editor", "interactive.diffFilter", "submodule.sub.update",
    ]  # fmt: skip
    return {name: f"!{script}" if name.startswith("alias") else str(script) for name in named}


@pytest.fixture
def hostile(repository: Make, tmp_path: Path) -> Path:
    """A repository whose attributes name filters, and that has edits which a filter or a refresh would look at."""
    folder = repository({"edited": "1\n", "gone": "2\n", "sub/a.crlf": "3\n", "same": "4\n"})
    write(folder, {".gitattributes": ATTRIBUTES, "sub/.gitattributes": ATTRIBUTES})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Attributes")
    write(folder, {"edited": "one\n", "sub/a.crlf": "3\r\n", ".git/info/attributes": ATTRIBUTES})
    os.utime(folder / "same", (1, 1))
    (folder / "gone").unlink()
    git(folder, "config", "diff.autoRefreshIndex", "true")
    return folder


@pytest.mark.parametrize("name", list(hostile_settings(Path("x"))))
def test_no_program_of_the_configuration_is_executed(hostile: Path, tmp_path: Path, name: str) -> None:
    git(hostile, "config", name, hostile_settings(program(tmp_path))[name])
    everything(hostile)

    assert not (tmp_path / "executed").exists()


def test_no_program_of_an_included_configuration_is_executed(hostile: Path, tmp_path: Path) -> None:
    for name, value in hostile_settings(program(tmp_path)).items():
        git(hostile, "config", "--file", str(tmp_path / "included"), name, value)
    git(hostile, "config", "include.path", str(tmp_path / "included"))
    everything(hostile)

    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("where", [".git/hooks", "elsewhere"])
def test_no_hook_is_executed(hostile: Path, tmp_path: Path, where: str) -> None:
    script = program(tmp_path)
    (hostile / where).mkdir(exist_ok=True)
    for hook in HOOKS:
        (hostile / where / hook).symlink_to(script)
    git(hostile, "config", "core.hooksPath", str(hostile / where))
    (tmp_path / "executed").unlink(missing_ok=True)
    everything(hostile)

    assert not (tmp_path / "executed").exists()


def test_the_trap_works(hostile: Path, tmp_path: Path) -> None:
    git(hostile, "config", "filter.evil.clean", str(program(tmp_path)))
    git(hostile, "status")

    assert (tmp_path / "executed").exists()


def test_a_partial_clone_does_not_run_its_remotes_program(repository: Make, tmp_path: Path) -> None:
    origin = repository({"a": "1", ".gitattributes": "* filter=evil\n"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(origin, "-c", "protocol.file.allow=always", "clone", "-q", "--filter=blob:none", "--no-checkout",
        f"file://{origin}", str(tmp_path / "partial"))  # fmt: skip
    folder = tmp_path / "partial"
    git(folder, "read-tree", "HEAD")
    for setting in ("remote.origin.uploadpack", "core.sshCommand"):
        git(folder, "config", setting, str(program(tmp_path)))
    git(folder, "config", "remote.origin.url", "ext::sh -c true" if folder.name == "ext" else f"{tmp_path}/repository")
    snapshot = taken(folder)
    contents(snapshot)
    snapshot.filters(["a"])
    taken(folder, rev="HEAD").filters(["a"])

    assert not (tmp_path / "executed").exists()


def test_nothing_on_disk_changes(hostile: Path) -> None:
    def state() -> dict[str, tuple[int, bytes]]:
        files = [path for path in hostile.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    everything(hostile)

    assert state() == before


def test_a_program_called_git_in_the_repository_is_not_run(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path).rename(hostile / "git")
    monkeypatch.chdir(hostile)
    everything(Path())

    assert not (tmp_path / "executed").exists()


# Ownership ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [{}, {"staged": True}, {"rev": "HEAD"}], ids=str)
def test_a_repository_of_somebody_else_is_refused_with_the_way_out(
    repository: Make, monkeypatch: pytest.MonkeyPatch, state: dict[str, str]
) -> None:
    folder = repository({"a": "1"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(SnapshotError, match="belongs to another user") as refused:
        taken(folder, **state)  # type: ignore[arg-type]

    assert str(refused.value).endswith(f"git config --global --add safe.directory {folder}")


def test_a_bare_repository_of_somebody_else_is_refused_too(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository({"a": "1"}), "clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(SnapshotError, match=r"safe\.directory .*bare\.git"):
        taken(tmp_path / "bare.git")


@pytest.mark.parametrize("how", ["global", "count", "parameters"])
def test_a_repository_that_the_person_trusts_is_read(
    repository: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    folder = repository({"a": "1"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    if how == "global":
        write(tmp_path, {"config": f"[safe]\ndirectory = {folder}\n"})
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    elif how == "count":
        for name, value in {"COUNT": "1", "KEY_0": "safe.directory", "VALUE_0": "*"}.items():
            monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    else:
        monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'safe.directory'='*'")

    assert contents(taken(folder)) == {"a": b"1"}

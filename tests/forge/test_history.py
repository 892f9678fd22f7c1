"""Commits that a clone lacks, and what the remote is told for them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint.forge import history
from tests.conftest import git, write

Make = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def origin(repository: Make) -> Path:
    folder = repository({"a": "1"})
    for text in ("2", "3"):
        write(folder, {"a": text})
        git(folder, "commit", "-qam", text)
    return folder


def cloned(origin: Path, *options: str) -> Path:
    folder = origin.with_name("clone")
    git(origin.parent, "clone", "-q", *options, origin.as_uri(), str(folder))
    return folder


def test_a_shallow_clone_gets_the_commit_and_no_more(origin: Path) -> None:
    first = git(origin, "rev-parse", "HEAD~2")
    folder = cloned(origin, "--depth=1")
    assert not history.here(folder.as_posix(), first)

    assert history.fetched(folder.as_posix(), first, "https://github.com", "") == ""

    assert history.here(folder.as_posix(), first)
    assert not history.here(folder.as_posix(), git(origin, "rev-parse", "HEAD~1"))
    assert git(folder, "status", "--porcelain") == ""
    assert not (folder / ".git" / "FETCH_HEAD").exists()


def test_a_whole_history_is_not_cut_short(origin: Path) -> None:
    folder = cloned(origin)
    write(origin, {"a": "4"})
    git(origin, "commit", "-qam", "4")

    assert history.fetched(folder.as_posix(), git(origin, "rev-parse", "HEAD"), "https://github.com", "") == ""
    assert git(folder, "rev-list", "--count", "HEAD") == "3"
    assert git(folder, "rev-parse", "--is-shallow-repository") == "false"


def test_what_the_remote_has_not_is_told(origin: Path) -> None:
    assert "1" * 40 in history.fetched(cloned(origin).as_posix(), "1" * 40, "https://github.com", "")


def test_parents_are_in_the_order_of_the_merge(origin: Path) -> None:
    git(origin, "checkout", "-q", "-b", "topic", "HEAD~1")
    git(origin, "commit", "-q", "--allow-empty", "-m", "x")
    topic = git(origin, "rev-parse", "HEAD")
    git(origin, "checkout", "-q", "main")
    main = git(origin, "rev-parse", "HEAD")
    git(origin, "merge", "-q", "--no-ff", "-m", "m", "topic")

    assert history.parents(origin.as_posix(), "HEAD") == [main, topic]
    assert history.parents(origin.as_posix(), "nothing") == []


@pytest.mark.parametrize(
    ("remote", "server", "told"),
    [
        ("https://github.com/acme/churn", "https://github.com", True),
        ("https://github.com/acme/churn.git", "https://ghe.acme.example", False),
        ("https://github.com.evil.example/acme/churn", "https://github.com", False),
        ("http://github.com/acme/churn", "https://github.com", False),
        ("git@github.com:acme/churn.git", "https://github.com", False),
    ],
)
def test_the_token_is_for_its_server(remote: str, server: str, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    given = history._credentials(remote, server, "secret")

    assert bool(given) == told
    if told:
        assert given["GIT_CONFIG_COUNT"] == "3"
        assert given["GIT_CONFIG_VALUE_1"] == ""
        header = given["GIT_CONFIG_VALUE_2"].rpartition(" ")[2]
        assert base64.b64decode(header) == b"x-access-token:secret"


def test_hooks_of_the_repository_do_not_run(origin: Path, tmp_path: Path) -> None:
    folder = cloned(origin, "--depth=1")
    for name in ("post-fetch", "reference-transaction", "post-checkout"):
        hook = folder / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
        hook.chmod(0o755)

    history.fetched(folder.as_posix(), git(origin, "rev-parse", "HEAD~2"), "https://github.com", "")

    assert not (tmp_path / "ran").exists()

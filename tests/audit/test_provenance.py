"""Which content of which commit stands behind a path."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lifelint.audit.nouns import Made, Tracked
from lifelint.audit.provenance import made, tracked
from lifelint.facts import Source
from lifelint.snapshot._open import open_snapshot
from tests.conftest import git, write


def test_a_path_has_its_blob_and_the_commit_that_changed_it_last(repository: Callable[..., Path]) -> None:
    folder = repository({"a": "1", "b": "1"})
    write(folder, {"b": "2"})
    git(folder, "commit", "-qam", "Change b")
    first, second = (git(folder, "rev-parse", name) for name in ("HEAD~1", "HEAD"))
    state = open_snapshot([folder], rev="HEAD")
    with closing(state.snapshot):
        source = Source(state.snapshot)
        assert tracked(source, ["a", "b", "gone", ""]) == {
            "a": Tracked(git(folder, "rev-parse", "HEAD:a"), first),
            "b": Tracked(git(folder, "rev-parse", "HEAD:b"), second),
        }
        at = "2026-01-01T00:00:00Z"
        assert dict(made(source, [first, "", "f" * 40])) == {first: Made(at, at)}


def test_the_oldest_commit_of_a_shallow_clone_is_not_taken_for_the_last_change(
    repository: Callable[..., Path], tmp_path: Path
) -> None:
    folder = repository({"a": "1", "b": "1"})
    write(folder, {"b": "2"})
    git(folder, "commit", "-qam", "Change b")
    git(tmp_path, "clone", "-q", "--depth=1", folder.as_uri(), "cut")
    state = open_snapshot([tmp_path / "cut"], rev="HEAD")
    with closing(state.snapshot):
        assert {one.commit for one in tracked(Source(state.snapshot), ["a", "b"]).values()} == {""}

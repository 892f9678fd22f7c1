"""Fingerprints, commits that vanished in a squash, and the digests of places."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from lifelint.facts import Facts, Source
from lifelint.facts.proof import digests, facts_at, fingerprint, located
from lifelint.snapshot import Snapshot
from lifelint.snapshot._open import open_snapshot
from tests.conftest import facts_of, git, write

Make = Callable[[Mapping[str, str | bytes]], Path]

LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - path: model.pkl
      hash: md5
      md5: d1f6e055f7f5e2827fcf6a1f6b8e5e6a
"""
PIPELINE = "stages:\n  train:\n    cmd: python train.py\n    outs:\n    - model.pkl\n"
POINTER = "outs:\n- md5: a304afb96060aad90176268345e10355\n  hash: md5\n  path: train.csv\n"


_OPENED: list[Snapshot] = []


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    """No snapshot outlives its test."""
    yield
    while _OPENED:
        _OPENED.pop().close()


def source_of(folder: Path) -> Source:
    _OPENED.append(open_snapshot([folder]).snapshot)
    return Source(_OPENED[-1])


@pytest.mark.parametrize("paths", [(), ("src",), ("src/", "b"), ("b", "ü ä"), ("sr",), ("none",)])
def test_the_fingerprint_is_that_of_git_s_listing(repository: Make, paths: tuple[str, ...]) -> None:
    folder = repository({"src/a.py": "1", "src/b.py": "2", "src.py": "3", "b": "4", "ü ä": "5", "srcs/x": "6"})
    (folder / "b").chmod(0o755)
    git(folder, "commit", "-qam", "executable")
    command = ["git", "-C", folder, "-c", "core.quotePath=false", "ls-tree", "-r", "--full-tree", "HEAD", "--", *paths]
    printed = subprocess.run(command, capture_output=True, check=True).stdout

    assert fingerprint(source_of(folder).entries, paths) == f"sha256:{hashlib.sha256(printed).hexdigest()}"


class TestLocated:
    def test_an_ancestor_stands_for_itself(self, repository: Make) -> None:
        source = source_of(repository({"a": "1"}))
        head = source.snapshot.history.head

        verdict, commit = located(source, "source.commit", head, "", (), head)
        assert (verdict.holds, commit) == (True, head)

    def test_after_a_squash_the_commit_with_its_fingerprint_does(self, repository: Make) -> None:
        folder = repository({"src/a.py": "1"})
        git(folder, "checkout", "-q", "-b", "work")
        write(folder, {"src/a.py": "2"})
        git(folder, "commit", "-qam", "work")
        gone = git(folder, "rev-parse", "HEAD")
        printed = fingerprint(source_of(folder).entries, ("src",))
        git(folder, "checkout", "-q", "main")
        write(folder, {"README.md": "the base moved on"})
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "readme")
        git(folder, "merge", "-q", "--squash", "work")
        git(folder, "commit", "-qm", "squashed")
        squashed = git(folder, "rev-parse", "HEAD")
        write(folder, {"src/a.py": "3"})
        git(folder, "commit", "-qam", "later")
        git(folder, "branch", "-qD", "work")
        source = source_of(folder)
        head = source.snapshot.history.head

        verdict, commit = located(source, "c", gone, printed, ("src",), head)
        assert (verdict.holds, commit) == (True, squashed)
        verdict, commit = located(source, "c", gone, "", ("src",), head)
        assert (verdict.holds, commit) == (False, "")
        assert "fingerprint" in verdict.why

    def test_what_a_shallow_clone_lacks_is_unknown(self, repository: Make, tmp_path: Path) -> None:
        folder = repository({"a": "1"})
        first = git(folder, "rev-parse", "HEAD")
        git(folder, "commit", "-q", "--allow-empty", "-m", "second")
        git(tmp_path, "clone", "-q", "--depth=1", f"file://{folder}", str(tmp_path / "clone"))
        source = source_of(tmp_path / "clone")

        verdict, commit = located(source, "c", first, "", (), source.snapshot.history.head)
        assert (verdict.holds, commit) == (None, "")
        assert "fetch-depth" in verdict.why

    def test_what_is_no_full_commit_id_is_refuted(self, repository: Make) -> None:
        source = source_of(repository({"a": "1"}))

        assert located(source, "c", "main", "", (), source.snapshot.history.head)[0].holds is False


class TestDigests:
    made: Facts = facts_of(
        {"data/train.csv.dvc": POINTER, "dvc.yaml": PIPELINE, "dvc.lock": LOCK, "train.py": "", "uv.lock": "x"}
    )

    @pytest.mark.parametrize(
        ("place", "expected"),
        [
            ("data/train.csv.dvc", ("md5:a304afb96060aad90176268345e10355",)),
            ("data/train.csv", ("md5:a304afb96060aad90176268345e10355",)),
            ("dvc.lock#train:model.pkl", ("md5:d1f6e055f7f5e2827fcf6a1f6b8e5e6a",)),
            ("model.pkl", ("md5:d1f6e055f7f5e2827fcf6a1f6b8e5e6a",)),
            ("dvc.lock#train:other.pkl", ()),
            ("dvc.lock#evaluate:model.pkl", ()),
            ("nowhere", ()),
        ],
    )
    def test_of_a_place(self, place: str, expected: tuple[str, ...]) -> None:
        assert digests(self.made, place) == expected

    def test_of_a_tracked_file_are_those_of_its_bytes(self) -> None:
        found = digests(self.made, "uv.lock")

        assert found is not None
        assert found[0] == f"sha256:{hashlib.sha256(b'x').hexdigest()}"
        assert found[1] == f"md5:{hashlib.md5(b'x').hexdigest()}"

    def test_cannot_be_told_where_a_pointer_is_broken(self) -> None:
        assert digests(facts_of({"a.dvc": "outs: [\n"}), "a") is None


def test_facts_of_another_commit_are_made_once(repository: Make) -> None:
    folder = repository({"data/train.csv.dvc": POINTER})
    first = git(folder, "rev-parse", "HEAD")
    write(folder, {"data/train.csv.dvc": POINTER.replace("a304", "b304")})
    git(folder, "commit", "-qam", "new data")
    source = source_of(folder)

    then = facts_at(source, first)
    assert then is not None
    assert [pointer.digest for pointer in then["pointers"].items] == ["md5:a304afb96060aad90176268345e10355"]
    assert facts_at(source, first) is then
    assert facts_at(source, "1" * 40) is None

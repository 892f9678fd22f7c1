"""git-annex itself makes repositories, and we read them as it does."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from lifelint.facts import Facts, Source
from lifelint.snapshot._open import open_snapshot
from tests.conftest import GIT_ENVIRONMENT, write

pytestmark = pytest.mark.skipif(shutil.which("git-annex") is None, reason="git-annex is not installed")

FILES = {"a.csv": "1,2\n", "b.tar.gz": "packed", "deep/c": "no suffix", "d&e%f:g.txt": "odd name", "empty.csv": ""}


def annex(folder: Path, *args: str) -> str:
    """Runs git in ``folder`` as git-annex wants it: with a home of its own, and no global configuration."""
    done = subprocess.run(
        ["git", "-C", str(folder), *args],
        env={**os.environ, **GIT_ENVIRONMENT, "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "annexed"
    made.mkdir()
    annex(made, "init", "-q", "-b", "main")
    annex(made, "annex", "init", "-q", "here")
    return made


@pytest.mark.parametrize("backend", ["SHA256E", "MD5E", "SHA1", "SHA512E", "SHA3_256E", "WORM"])
@pytest.mark.parametrize("unlocked", [False, True])
def test_keys_sizes_and_paths_are_those_that_git_annex_tells(folder: Path, backend: str, unlocked: bool) -> None:
    write(folder, FILES)
    annex(folder, "config", "annex.addunlocked", str(unlocked).lower())
    annex(folder, "config", "annex.largefiles", "anything")
    annex(folder, "annex", "add", "-q", "--backend", backend, ".")
    annex(folder, "commit", "-q", "-m", "Add")
    told = [json.loads(line) for line in annex(folder, "annex", "find", "--json", "--include=*").splitlines()]

    state = open_snapshot([folder], rev="HEAD")
    with closing(state.snapshot):
        found = {p.artifact: p for p in Facts(Source(state.snapshot))["pointers"].items if p.system == "annex"}

    assert {one["file"] for one in told} == set(found)
    assert len(found) == len(FILES)
    for one in told:
        pointer = found[one["file"]]
        assert pointer.well_formed is True
        assert pointer.size in (int(one["bytesize"]), None)
        proves = backend not in ("WORM",)
        assert bool(pointer.digest) is proves
        if proves:
            name = one["key"].split("--", 1)[1]
            assert pointer.digest.split(":", 1)[1] == (name.split(".", 1)[0] if backend.endswith("E") else name)


def test_the_digest_is_that_of_the_content(folder: Path) -> None:
    write(folder, FILES)
    annex(folder, "annex", "add", "-q", ".")
    annex(folder, "commit", "-q", "-m", "Add")
    state = open_snapshot([folder], rev="HEAD")
    with closing(state.snapshot):
        found = {p.artifact: p.digest for p in Facts(Source(state.snapshot))["pointers"].items}

    assert found == {path: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" for path, text in FILES.items()}

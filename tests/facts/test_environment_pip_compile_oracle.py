"""Requirements that pip-compile made are fresh exactly when pip-compile, run again, keeps every pin."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import write
from tests.facts.test_environment_compiled import BASE, IN, MUTATIONS, mutated, only_lock, pins
from tests.facts.test_environment_uv_oracle import wheel

pytestmark = pytest.mark.skipif(find_spec("piptools") is None, reason="pip-tools is not installed")


REWRITTEN = {"a marker changed", "an extra dropped"}
"""pip-compile keeps markers and extras in its pins and writes them anew; we compare the versions, which stay."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pip-compile")
    (top / "wheels").mkdir()
    for name, requires in {"alpha": (), "beta": ("delta>=1",), "gamma": (), "delta": (), "omega": ()}.items():
        for version in ("1.0", "1.5", "2.0"):
            wheel(top / "wheels", name, version, requires)
    write(top / "project", BASE)
    return top / "project"


def compiled(folder: Path) -> str:
    command = [sys.executable, "-m", "piptools", "compile", "-q", "--no-index", "--find-links", "../wheels", IN]
    done = subprocess.run(
        [*command, "--no-emit-find-links", "--no-emit-index-url", "--cache-dir", str(folder.parent / "cache")],
        cwd=folder,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, "HOME": str(folder.parent)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return (folder / "requirements.txt").read_text()


@pytest.fixture(scope="module")
def before(folder: Path) -> str:
    return compiled(folder)


@pytest.mark.parametrize("change", MUTATIONS)
def test_a_changed_source_gets_the_verdict_of_compiling_again(change: str, folder: Path, before: str) -> None:
    path, old, new = MUTATIONS[change]
    files = mutated(change, path, old, new)
    write(folder, {**files, "requirements.txt": before})

    same = pins(before) == pins(compiled(folder))
    mine = only_lock({**files, "requirements.txt": before})

    assert (mine.tool, mine.fresh) == ("pip-compile", same or change in REWRITTEN), (mine.why, before)
    assert not (same and change in REWRITTEN)

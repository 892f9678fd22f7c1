"""Beginnings made in memory and in real repositories."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

from lifelint import catalog
from lifelint.config import Config
from lifelint.facts import Facts, Source
from lifelint.fix.noun import Change
from lifelint.fix.texts import Texts, changed
from lifelint.init.noun import Ground, Remote
from lifelint.snapshot.memory import MemorySnapshot
from tests.cli.conftest import Ran, lifelint
from tests.conftest import git, write
from tests.fix.conftest import committed, tree

__all__ = ["Call", "Change", "Made", "committed", "git", "ground", "lifelint", "tree", "write", "written"]

LOADED = catalog.load()
Call = Callable[..., Ran]
Made = Callable[..., Path]


def ground(files: Mapping[str, str | bytes], *, origin: str = "", branch: str = "main", hooks: bool = False) -> Ground:
    """A repository in memory, as the parts of a beginning see it."""
    snapshot = MemorySnapshot(files)

    def held(path: str) -> bytes | None:
        if path not in snapshot.entries:
            return None
        [(_, data)] = snapshot.read([path])
        assert isinstance(data, bytes)
        return data

    remote, facts = Remote(origin, branch), Facts(Source(snapshot))
    return Ground(snapshot, facts, Config(), Texts(held, snapshot, {}), remote, hooks)


def written(files: Mapping[str, str | bytes], changes: Collection[Change]) -> dict[str, str]:
    """What the changed files hold."""
    before = {path: data.decode() if isinstance(data, bytes) else data for path, data in files.items()}
    return {
        path: changed(before.get(path, ""), [one for one in changes if one.path == path])
        for path in {change.path for change in changes}
    }


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A project as somebody begins it: code, requirements without versions, raw data."""
    return committed(
        tmp_path / "churn",
        {
            "README.md": "# Churn\n",
            "requirements.txt": "scikit-learn\npandas>=2\n",
            "train.py": "import sklearn\n",
            "Dockerfile": "FROM python:3.12\n",
        },
    )

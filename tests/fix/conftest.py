"""Plans made in memory, and in real repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from lifelint import catalog
from lifelint.cli._disk import Disk
from lifelint.config import Config
from lifelint.fix.noun import Plan
from lifelint.fix.plan import Accept, Asked, State, planned
from lifelint.fix.templates import renderer
from lifelint.model import Rule
from lifelint.snapshot import Snapshot
from lifelint.snapshot._open import open_snapshot
from lifelint.snapshot.memory import MemorySnapshot
from tests.cli.conftest import lifelint
from tests.conftest import git, write

__all__ = ["lifelint"]

LOADED = catalog.load()
MENDED = [rule for rule in LOADED.rules if rule.fix]


def rule_called(name: str) -> Rule:
    return next(rule for rule in LOADED.rules if rule.id == name)


def plan_in_memory(
    snapshot: MemorySnapshot,
    *rules: str,
    today: str = "",
    kind: str = "",
    folder: str = "",
    accept: Accept | None = None,
) -> Plan:
    def held(path: str) -> bytes | None:
        if path not in snapshot.entries:
            return None
        [(_, data)] = snapshot.read([path])
        assert isinstance(data, bytes)
        return data

    return planned(State(snapshot, Config(), LOADED, held, renderer(), today, folder), Asked(rules, kind), accept)


@contextmanager
def opened(folder: Path, *, spared: bool = False) -> Iterator[tuple[Snapshot, Disk]]:
    with closing(open_snapshot([folder]).snapshot) as snapshot:
        yield snapshot, Disk(snapshot, spared=spared)


def plan_on_disk(folder: Path, *rules: str, spared: bool = False) -> Plan:
    with opened(folder, spared=spared) as (snapshot, disk):
        return planned(State(snapshot, Config(), LOADED, disk.held, renderer()), Asked(rules))


def committed(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A repository with one commit of these files, whose content git converts in no way."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q")
    git(folder, "config", "core.autocrlf", "false")
    write(folder, files)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Start")
    return folder


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file outside .git: its bytes and its mode."""
    paths = [p for p in folder.rglob("*") if ".git" not in p.relative_to(folder).parts and not p.is_dir()]
    return {
        p.relative_to(folder).as_posix(): (p.read_bytes() if not p.is_symlink() else b"->", p.lstat().st_mode)
        for p in paths
    }

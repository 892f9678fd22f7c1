"""The entry for pre-commit: laid out as its neighbours are, and accepted by pre-commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lifelint import __version__
from lifelint.fix.noun import CannotFix
from lifelint.init.hooks import FILE, hooks
from tests.init.conftest import ground, written

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ENTRY = {
    "repo": "https://github.com/lifelint/lifelint",
    "rev": f"v{__version__}",
    "hooks": [{"id": "lifelint"}, {"id": "lifelint-repo"}],
}
WIDE = """\
# ours
default_stages: [pre-commit]
repos:
-   repo: https://github.com/psf/black  # formats
    rev: 24.1.0
    hooks:
    -   id: black
        args: [-l, '99']
    # - id: black-jupyter

ci:
    autofix_prs: false
"""
NARROW = """\
repos:
  - repo: local
    hooks:
      - id: x
        name: x
        entry: x
        language: system
"""
FLUSH = """\
repos:
- repo: local
  hooks: [{id: x, name: x, entry: x, language: system}]
"""


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def proposed(text: str) -> str:
    files = {FILE: text}
    return written(files, hooks(ground(files)).changes)[FILE]


def accepted(tmp_path: Path, text: str) -> str:
    """What pre-commit has against a configuration."""
    (tmp_path / FILE).write_text(text)
    command = [BIN / "pre-commit", "validate-config", tmp_path / FILE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("before", [WIDE, NARROW, FLUSH, NARROW.rstrip("\n"), WIDE.replace("\n", "\r\n")])
def test_it_is_the_last_entry_and_all_else_stays(tmp_path: Path, before: str) -> None:
    after = proposed(before)
    document = read(before)
    document["repos"].append(ENTRY)

    assert read(after) == document
    assert set(before.splitlines()) <= set(after.splitlines())
    assert after.count("\r\n") in (0, after.count("\n"))
    assert accepted(tmp_path, after) == ""


def test_it_is_laid_out_as_its_neighbours_are() -> None:
    assert "\n-   repo: https://github.com/lifelint/lifelint\n    rev: v" in proposed(WIDE)
    assert "\n    hooks:\n    -   id: lifelint\n    -   id: lifelint-repo\n" in proposed(WIDE)
    assert "\n    hooks:\n      - id: lifelint\n      - id: lifelint-repo\n" in proposed(NARROW)
    assert "\n  hooks:\n    - id: lifelint\n" in proposed(FLUSH)


def test_where_nothing_speaks_for_pre_commit_there_is_none() -> None:
    nested = {"a/requirements-dev.txt": "pre-commit==4.0.0\n", "a/train.py": ""}
    for files in ({}, nested):
        with pytest.raises(CannotFix, match="--hooks makes one"):
            hooks(ground(files))


@pytest.mark.parametrize("name", ["pre-commit", "prek"])
def test_who_depends_on_pre_commit_gets_a_configuration(tmp_path: Path, name: str) -> None:
    made = hooks(ground({"requirements-dev.txt": f"pytest==8.0.0\n{name}==4.0.0\n"}))
    [change] = made.changes

    assert read(change.text) == {"repos": [ENTRY]}
    assert accepted(tmp_path, change.text) == ""
    assert f"requirements-dev.txt:2 asks for {name}" in made.why[0]


def test_who_asks_for_one_gets_one() -> None:
    [change] = hooks(ground({}, hooks=True)).changes

    assert read(change.text) == {"repos": [ENTRY]}


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("repos: [{repo: local, hooks: []}]\n", "not written as a list in it"),
        ("repos: []\n", "not written as a list in it"),
        ("repos:\n", "not written as a list in it"),
        ("", "not written as a list in it"),
        ("- a\n", "not written as a list in it"),
        ("repos: &a\n  - repo: local\n    hooks: []\nother: *a\n", "is used in several places"),
        ("repos:\n  - {\n", "cannot be read"),
        ("repos:\n  - a\n---\nrepos:\n  - b\n", "cannot be read"),
        (f"repos:\n  - {'[' * 3000}{']' * 3000}\n", "cannot be read"),
        ("\ufeffrepos:\n  - repo: local\n    hooks: []\n", "byte order mark"),
        ("repos:\n  - repo: meta\n    hooks:\n      - id: lifelint-repo\n", f"{FILE} has them"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_in_place_stays(text: str, because: str) -> None:
    with pytest.raises(CannotFix, match=because):
        proposed(text)


def test_what_expands_without_end_is_not_expanded() -> None:
    rounds = "\n".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 30))
    before = f"x0: &x0 [a]\n{rounds}\nloop: &l [*l]\n{NARROW}"

    assert proposed(before).startswith(before)


def test_the_docs_name_this_version() -> None:
    pages = {"README.md": "```yaml\nrepos:\n", "docs/hooks.md": "```yaml\n# .pre-commit-config.yaml\nrepos:\n"}
    for page, start in pages.items():
        block = (ROOT / page).read_text("utf-8").partition(start)[2].partition("```")[0]

        assert read(f"repos:\n{block}") == {"repos": [ENTRY]}

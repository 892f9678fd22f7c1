"""What a command imports is kept few by tests, not by habit: start-up is most of what a hook costs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HEAVY = {
    "git",
    "jinja2",
    "cel_expr_python",
    "importlib.metadata",
    "importlib.resources",
    "pydantic",
    "jsonschema",
    "rich",
    "asyncio",
    "concurrent.futures.process",
    "urllib.request",
    "http.client",
}
YAML = {"_ruamel_yaml", "ruamel.yaml"}


def imported(*args: str, cwd: Path | None = None) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lifelint", *args],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return set(re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["check", "--help"], ["completion", "bash"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    assert imported(*args) & (HEAVY | YAML | {"lifelint.catalog"} - {"lifelint.catalog"}) == set()


def test_version_imports_no_command() -> None:
    assert not {name for name in imported("--version") if name.startswith("lifelint.cli.")}


def test_check_imports_neither_gitpython_nor_jinja_nor_cel(repository: Callable[..., Path]) -> None:
    folder = repository({"requirements.txt": "numpy==2.1.0\n", "data/a.csv.dvc": "outs:\n- path: a.csv\n"})

    assert imported("check", cwd=folder) & HEAVY == set()


def test_the_c_yaml_parser_is_the_one_in_use() -> None:
    import _ruamel_yaml

    assert _ruamel_yaml.__file__.endswith((".so", ".pyd"))

"""The order of the pipe is the order of imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "lifelint"
LAYERS = [
    "model",
    "_resources",
    "_words",
    "_patterns",
    "snapshot",
    "facts",
    "checks",
    "projects",
    "config",
    "engine",
    "catalog",
    "frameworks",
    "examples",
    "triage",
    "governance",
    "scorecard",
    "parallel",
    "states",
    "inspection",
    "release",
    "fix",
    "init",
    "kit",
    "audit",
    "report",
    "exports",
    "forge",
    "cli",
]
OUTSIDE = {"__init__", "__main__", "_build_index"}
MODULES = sorted(path for path in SRC.rglob("*.py") if path.relative_to(SRC).with_suffix("").parts[0] not in OUTSIDE)


def layer(dotted: str) -> str:
    return dotted.split(".")[1] if "." in dotted else "model"


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "lifelint":
            whole = node.module == "lifelint"
            yield from (
                (f"lifelint.{alias.name}" for alias in node.names if alias.name != "__version__") if whole else ()
            )
            if not whole:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("lifelint"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SRC).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    here = LAYERS.index(path.relative_to(SRC).with_suffix("").parts[0])

    assert {dotted for dotted in imports(path) if LAYERS.index(layer(dotted)) > here} == set()


IMPURE = {"open", "print", "input", "exec", "eval", "compile", "__import__"}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if path.relative_to(SRC).parts[0]
        in ("facts", "checks", "engine.py", "scorecard.py", "release", "fix", "init", "kit", "audit", "exports")
    ],
    ids=lambda path: path.relative_to(SRC).as_posix(),
)
def test_facts_checks_and_scores_touch_neither_disk_nor_processes(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    imported = {
        name if name.startswith("urllib") else name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    assert called & IMPURE == set()
    assert (
        imported & {"os", "subprocess", "socket", "pathlib", "shutil", "tempfile", "urllib.request", "time", "random"}
        == set()
    )

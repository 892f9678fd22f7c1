"""Statements of the Python version, wherever they stand."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of


def stated(files: dict[str, str]) -> list[tuple[str, str, tuple[str, ...], str]]:
    found = facts_of(files)["python_versions"]
    assert not found.unread
    return [(f"{v.path}:{v.line}", v.where, v.minors, v.kind) for v in found.items]


@pytest.mark.parametrize(
    ("path", "text", "line", "where", "minors"),
    [
        (".python-version", "3.11.4\n", 1, ".python-version", ("3.11",)),
        (".python-version", "# pyenv\n3.12\n3.11\n", 2, ".python-version", ("3.12",)),
        (".python-version", "cpython-3.11.4-linux-x86_64-gnu\n", 1, ".python-version", ("3.11",)),
        ("runtime.txt", "python-3.9.13\n", 1, "runtime.txt", ("3.9",)),
        ("Pipfile", '[packages]\n[requires]\npython_version = "3.10"\n', 3, "python", ("3.10",)),
        ("environment.yml", "name: x\ndependencies:\n  - python=3.11\n  - numpy\n", 3, "python", ("3.11",)),
        ("environment.yml", "name: x\ndependencies:\n  - python 3.11.*\n", 3, "python", ("3.11",)),
        ("environment.yml", "name: x\ndependencies:\n  - python>=3.10,<3.12\n", 3, "python", ("3.10", "3.11")),
        ("pixi.toml", '[project]\nname = "x"\n[dependencies]\npython = "3.12.*"\n', 4, "python", ("3.12",)),
        ("cog.yaml", 'build:\n  gpu: true\n  python_version: "3.10"\n', 3, "cog", ("3.10",)),
        ("Dockerfile", "ARG V=3.11\nFROM python:${V}-slim\n", 2, "image", ("3.11",)),
        ("Dockerfile", "FROM prefecthq/prefect:0.15.1-python3.8\n", 1, "image", ("3.8",)),
        ("Dockerfile", "FROM anyscale/ray:2.7.0-py310-cu118\n", 1, "image", ("3.10",)),
        ("Dockerfile", "FROM ghcr.io/astral-sh/uv:python3.12-bookworm\n", 1, "image", ("3.12",)),
    ],
)
def test_a_statement(path: str, text: str, line: int, where: str, minors: tuple[str, ...]) -> None:
    [found] = stated({path: text})

    assert found[:3] == (f"{path}:{line}", where, minors)


@pytest.mark.parametrize(
    ("text", "minors"),
    [
        (">=3.12,<3.14", ("3.12", "3.13")),
        ("~=3.11.0", ("3.11",)),
        ("==3.10.*", ("3.10",)),
        (">=3.10.5,<3.11", ("3.10",)),
        ("<3.8", ("3.6", "3.7")),
    ],
)
def test_requires_python(text: str, minors: tuple[str, ...]) -> None:
    pyproject = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "{text}"\n'

    assert stated({"pyproject.toml": pyproject})[0][:3] == ("pyproject.toml:4", "requires-python", minors)


@pytest.mark.parametrize(
    ("text", "minors"),
    [
        ("^3.13", ("3.13", "3.14", "3.15")),
        ("~3.11", ("3.11",)),
        ("3.11.*", ("3.11",)),
        ("^3.14 || ~3.8", ("3.8", "3.14", "3.15")),
    ],
)
def test_versions_in_poetrys_words(text: str, minors: tuple[str, ...]) -> None:
    pyproject = f'[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "{text}"\n'

    assert stated({"pyproject.toml": pyproject})[0][:3] == ("pyproject.toml:4", "requires-python", minors)


WORKFLOW = """\
on: push
env:
  PY: "3.12"
jobs:
  test:
    strategy:
      matrix:
        version: {matrix}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: {value}
"""


@pytest.mark.parametrize(
    ("value", "matrix", "minors", "kind"),
    [
        ('"3.10"', "[]", ("3.10",), "fixed"),
        ("3.11", "[]", ("3.11",), "fixed"),
        ("${{ matrix.version }}", '["3.10", "3.11.x", pypy3.10]', ("3.10", "3.11"), "matrix"),
        ("${{ env.PY }}", "[]", ("3.12",), "fixed"),
        ("${{ inputs.python }}", "[]", (), "unknown"),
        ("${{ matrix.version }}", "${{ fromJSON(x) }}", (), "unknown"),
        ("3.10", "[]", (), "unknown"),
    ],
)
def test_workflows(value: str, matrix: str, minors: tuple[str, ...], kind: str) -> None:
    files = {".github/workflows/ci.yml": WORKFLOW.format(value=value, matrix=matrix)}

    assert stated(files) == [(".github/workflows/ci.yml:13", "workflow", minors, kind)]


def test_what_states_nothing() -> None:
    assert stated({
        "runtime.txt": "some notes\n",
        ".python-version": "system\n",
        "Dockerfile": "FROM ubuntu:24.04\n",
        "a/.github/workflows/ci.yml": WORKFLOW.format(value='"3.10"', matrix="[]"),
    }) == []  # fmt: skip

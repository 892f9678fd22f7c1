"""A project that a tool has just made and locked passes: whoever starts well is not told otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lifelint import catalog, engine
from lifelint.model import Finding, Outcome
from tests.conftest import facts_of, write
from tests.facts.test_environment_uv_oracle import wheel

ENVIRONMENT = [rule for rule in catalog.load().rules if rule.area == "environment"]
BIN = Path(sys.executable).parent
PYPROJECT = """\
[project]
name = "churn"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["alpha>=1"]
"""
POETRY = PYPROJECT.replace('["alpha>=1"]', '["alpha @ file://{wheels}/alpha-1.5-py3-none-any.whl"]')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wheels").mkdir()
    for version in ("1.0", "1.5"):
        wheel(tmp_path / "wheels", "alpha", version, ())
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def run(folder: Path, *command: str) -> None:
    """Runs a tool of the test environment that knows no index."""
    home = folder.parent / "home"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "PDM_", "POETRY_"))},
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder.parent / "wheels"),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(home / "uv"),
        "UV_PYTHON": sys.executable,
        "PDM_CHECK_UPDATE": "0",
        "POETRY_VIRTUALENVS_CREATE": "false",
        "PIPENV_IGNORE_VIRTUALENVS": "1",
        "PIPENV_VENV_IN_PROJECT": "1",
        "PIPENV_PYTHON": sys.executable,
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def judged(folder: Path) -> dict[str, Finding]:
    """The findings of the rules about environments on all that the tool left behind, as it would be committed."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".git", ".venv", "__pycache__", "__pypackages__"} & set(path.parts)
    }
    found = {finding.rule.id: finding for finding in engine.run(ENVIRONMENT, facts_of(files))}
    bad = [f for f in found.values() if f.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)]
    assert bad == []
    return found


def passed(found: dict[str, Finding]) -> set[str]:
    return {rule for rule, finding in found.items() if finding.outcome is Outcome.PASS}


@pytest.mark.skipif(not shutil.which("uv", path=str(BIN)), reason="uv is not installed")
def test_uv_init_and_lock(folder: Path) -> None:
    run(folder, "uv", "init", "--no-workspace", "--vcs", "none", ".")
    run(folder, "uv", "add", "--no-sync", "--find-links", "../wheels", "--no-index", "alpha")

    # uv records no hash of a wheel in a folder, and none is asked for.
    assert {"environment-pinned", "lock-fresh", "python-version-consistent"} <= passed(judged(folder))


@pytest.mark.skipif(not shutil.which("poetry", path=str(BIN)), reason="Poetry is not installed")
def test_poetry_lock(folder: Path) -> None:
    write(folder, {"pyproject.toml": POETRY.format(wheels=folder.parent / "wheels")})
    run(folder, "poetry", "lock", "--no-interaction")

    assert {"environment-pinned", "lock-fresh"} <= passed(judged(folder))


@pytest.mark.skipif(not shutil.which("pdm", path=str(BIN)), reason="PDM is not installed")
def test_pdm_init_and_lock(folder: Path) -> None:
    run(folder, "pdm", "init", "--non-interactive", "--python", sys.executable, "minimal")
    run(folder, "pdm", "lock")

    assert {"environment-pinned", "lock-fresh"} <= passed(judged(folder))


@pytest.mark.skipif(not shutil.which("pipenv", path=str(BIN)), reason="Pipenv is not installed")
def test_pipenv_lock(folder: Path) -> None:
    run(folder, "pipenv", "lock", "--python", sys.executable)

    assert {"environment-pinned", "lock-fresh"} <= passed(judged(folder))


@pytest.mark.skipif(not shutil.which("pip-compile", path=str(BIN)), reason="pip-tools is not installed")
@pytest.mark.parametrize("hashes", [(), ("--generate-hashes",)])
def test_pip_compile(folder: Path, hashes: tuple[str, ...]) -> None:
    write(folder, {"requirements.in": "alpha>=1\n"})
    options = ("--quiet", "--no-index", "--find-links", "../wheels", "--no-emit-find-links", "--no-emit-index-url")
    run(folder, "pip-compile", *options, *hashes, "requirements.in")
    found = {f.rule.id: f.outcome for f in engine.run(ENVIRONMENT, facts_of(
        {path.name: path.read_bytes() for path in folder.iterdir()}
    ))}  # fmt: skip

    assert (found["environment-pinned"], found["lock-fresh"]) == (Outcome.PASS, Outcome.PASS)
    assert found["lock-hashed"] is (Outcome.PASS if hashes else Outcome.FAIL)

"""What a command imports is kept few by tests, not by habit: start-up is most of what a hook costs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lifelint import _resources, catalog
from tests.conftest import git, write

Make = Callable[[Mapping[str, str | bytes]], Path]

HEAVY = {
    "git",
    "jinja2",
    "cel_expr_python",
    "importlib.metadata",
    "importlib.resources",
    "pydantic",
    "jsonschema",
    "rich",
    "weasyprint",
    "asyncio",
    "concurrent.futures.process",
    "urllib.request",
    "http.client",
}
YAML = {"_ruamel_yaml", "ruamel.yaml"}


def imported(*args: str, cwd: Path | None = None) -> set[str]:
    return imported_by("-m", "lifelint", *args, cwd=cwd)


def imported_by(*command: str, cwd: Path | None = None) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return set(re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["check", "--help"],
        ["release", "--help"],
        ["report", "--help"],
        ["completion", "bash"],
    ],
)
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    assert imported(*args) & (HEAVY | YAML | {"lifelint.catalog"} - {"lifelint.catalog"}) == set()


def test_version_imports_no_command() -> None:
    assert not {name for name in imported("--version") if name.startswith("lifelint.cli.")}


def test_check_imports_neither_gitpython_nor_jinja_nor_cel(repository: Make) -> None:
    folder = repository({"requirements.txt": "numpy==2.1.0\n", "data/a.csv.dvc": "outs:\n- path: a.csv\n"})

    assert imported("check", cwd=folder) & HEAVY == set()


def test_the_c_yaml_parser_is_the_one_in_use() -> None:
    import _ruamel_yaml

    assert _ruamel_yaml.__file__.endswith((".so", ".pyd"))


HOOKED = {
    "requirements.txt": 'numpy==2.1.0\nray[all]>=2,<3 ; python_version >= "3.12" and os_name == "posix"  # why\n',
    "data/a.csv.dvc": f"outs:\n- md5: {'a' * 32}\n  size: 4\n  hash: md5\n  path: a.csv\n",
    ".github/workflows/test.yml": "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: pytest}]}}\n",
}
ORDINARY = {
    **HOOKED,
    "README.md": "# Model\n",
    "src/train.py": "import numpy\n",
    "src/README.md": "# Code\n",
    "LICENSE": "text\n",
    ".gitattributes": "*.ipynb diff=jupyternotebook\n",
    "Dockerfile": "FROM python:3.12\nRUN pip install numpy\n",
    "data/.gitignore": "/a.csv\n",
    ".dvc/config": "[core]\n    remote = s\n['remote \"s\"']\n    url = s3://bucket\n",
    "dvc.yaml": "stages:\n  train:\n    cmd: python src/train.py\n    deps: [src/train.py]\n    outs: [model.pkl]\n",
}


INSTALLED = """
import sys
from pathlib import Path
from lifelint import _resources
rules = Path(sys.argv.pop(1))
_resources.directory = lambda name: rules
from lifelint.__main__ import main
main()
"""


def test_a_run_over_a_few_files_imports_only_what_can_matter_to_them(repository: Make, tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text(catalog.brief(catalog.index(_resources.directory("rules"))), "utf-8")
    (tmp_path / "index.sha256").write_text("0" * 64)
    command = ["check", "--format", "json", "--staged", *HOOKED]
    names = imported_by("-c", INSTALLED, str(tmp_path), *command, cwd=repository(ORDINARY))

    unwanted = {"packaging", "tomli", "shutil", "tempfile", "textwrap", "logging", "dataclasses", "lifelint.scorecard"}
    unwanted |= {"subprocess", "select", "hashlib", "_hashlib", "lifelint.facts._yaml_plain"}
    # What tells of changes, waives, or judges more than single files waits until there is a change, a waiver, more.
    unwanted |= {"lifelint.triage.change", "lifelint.triage.versions", "lifelint.triage.waivers"}
    unwanted |= {"lifelint.checks.steps", "lifelint.checks.reported", "lifelint.facts.data.datasets"}
    assert names & (HEAVY | YAML | unwanted) == set()
    ours = {name for name in names if name.startswith("lifelint.facts.")}
    assert ours & {f"lifelint.facts.{kind}" for kind in ("containers", "pythons", "facets", "_toml")} == set()
    assert {name.rpartition(".")[2] for name in ours if name.startswith("lifelint.facts.dvc.")} <= {
        *("dvc", "hashing", "pointerfile", "pathnames")
    }
    assert {name.rpartition(".")[2] for name in ours if name.startswith("lifelint.facts.environment.")} <= {
        *("roles", "compiled", "nouns", "requirement", "pip_files", "requirements_tree", "linking")
    }


COMPILED = """
import re._compiler, sys
compiled, compile = [], re._compiler.compile
def note(pattern, flags=0):
    caller = sys._getframe(1)
    while caller.f_globals["__name__"] == "re":
        caller = caller.f_back
    compiled.append((caller.f_globals["__name__"], str(pattern)))
    return compile(pattern, flags)
re._compiler.compile = note
from lifelint.cli import main
try:
    main(sys.argv[1:])
finally:
    ours = [pattern for name, pattern in compiled if name.startswith("lifelint.")]
    print(len(ours), sum(map(len, ours)), file=sys.stderr)
"""


def test_a_run_over_a_few_files_compiles_few_patterns(repository: Make) -> None:
    folder = repository({**ORDINARY, "requirements.txt": "numpy==2.1.0\npandas>=2\n"})
    command = [sys.executable, "-c", COMPILED, "check", "--staged", "requirements.txt", "data/a.csv.dvc"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    patterns, characters = map(int, done.stderr.splitlines()[-1].split())

    # Each character takes some microseconds; what few lines or names need is compiled when one of them is there.
    assert (patterns <= 32, characters <= 1_800) == (True, True), (patterns, characters)


def git_processes(folder: Path, tmp_path: Path, *args: str) -> list[str]:
    """The git commands that ``lifelint`` starts, noted by a git of our own that stands before the real one."""
    log = tmp_path / "log"
    write(tmp_path / "bin", {"git": f'#!/bin/sh\necho "$@" >> "{log}"\nPATH="$OLD_PATH" exec git "$@"\n'})
    (tmp_path / "bin/git").chmod(0o755)
    path = os.environ["PATH"]
    done = subprocess.run(
        [sys.executable, "-m", "lifelint", "check", *args],
        cwd=folder,
        env={**os.environ, "OLD_PATH": path, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return log.read_text("utf-8").splitlines() if log.exists() else []


@pytest.mark.skipif(os.name == "nt", reason="the git in between is a shell script")
class TestGitProcesses:
    def test_a_hook_starts_none(self, repository: Make, tmp_path: Path) -> None:
        assert git_processes(repository(ORDINARY), tmp_path, "--staged", *HOOKED) == []

    def test_a_file_that_was_edited_after_staging_costs_two_more(self, repository: Make, tmp_path: Path) -> None:
        folder = repository(ORDINARY)
        write(folder, {"requirements.txt": "numpy==2.2.0\n"})
        git(folder, "add", "requirements.txt")
        write(folder, {"requirements.txt": "numpy==2.3.0\n"})

        assert len(git_processes(folder, tmp_path, "--staged", *HOOKED)) <= 2

    def test_a_check_of_a_clean_repository_starts_few(self, repository: Make, tmp_path: Path) -> None:
        # Three of them ask for history: its tags, what it holds, and who works on it.
        assert len(git_processes(repository(ORDINARY), tmp_path)) <= 6


WATCHED = """
import json, os, sys
opened = set()
def note(event, args):
    if event == "open" and isinstance(args[0], str):
        opened.add(args[0])
sys.addaudithook(note)
from lifelint.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(opened)), file=sys.stderr)
"""


def opened(folder: Path, *args: str) -> set[str]:
    """The files of the repository that a command opens, git's own left out."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *args], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    paths = (Path(os.path.relpath(folder / path, folder)) for path in json.loads(done.stderr.splitlines()[-1]))
    return {path.as_posix() for path in paths if path.parts[0] not in ("..", ".git")}


def test_a_hook_opens_the_files_it_was_given(repository: Make) -> None:
    assert opened(repository(ORDINARY), "check", "--staged", *HOOKED) <= set(HOOKED)


def test_a_check_opens_only_files_that_a_rule_can_be_about(repository: Make) -> None:
    seen = opened(repository({**ORDINARY, "requirements.txt": "torch==2.1.0\n"}), "check")

    assert {"requirements.txt", "dvc.yaml", "Dockerfile", "data/a.csv.dvc", ".dvc/config"} <= seen
    # A README above a pointer may describe the data; one elsewhere is opened by nobody.
    assert seen & {"src/README.md", "LICENSE"} == set()


def run(*args: str, stdout: object = subprocess.PIPE, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lifelint", *args],
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=cwd,
    )


def test_the_process_ends_with_all_that_was_printed(repository: Make) -> None:
    folder = repository({f"d{number}/Dockerfile": "FROM python\n" for number in range(300)})
    done = run("check", "--format", "json", cwd=folder)

    assert done.returncode in (0, 1)
    assert len(json.loads(done.stdout)["projects"][0]["findings"]) > 20


@pytest.mark.parametrize(("args", "code"), [(["--version"], 0), (["chekc"], 2), (["check", "nowhere"], 2)])
def test_the_process_ends_with_the_code_of_the_command(args: list[str], code: int) -> None:
    assert run(*args).returncode == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_not_a_success() -> None:
    with Path("/dev/full").open("w") as full:
        assert run("rules", stdout=full).returncode == 3

"""Which Python the action runs on, and what is installed for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """#!/bin/sh
case "$*" in
  *cache_tag*) {answer} ;;
  *"pip install"*) echo "{name} installs" >> "$RUNNER_TEMP/log"
    for word in "$@"; do test "$before" != --target || mkdir "$word"; before=$word; done ;;
  *) echo "{name} runs with ${{3##*/}}" >> "$RUNNER_TEMP/log" ;;
esac
"""


def ran(place: Path, pythons: Mapping[str, str]) -> tuple[int, str, list[str]]:
    """The exit code of the second of two runs, what it printed, and what the programs called ``pythons`` did in both.

    Each is of a version with a name such as ``cpython-312``, or of one that is not wanted.
    """
    programs = place / "programs"
    programs.mkdir()
    for name in ("bash", "dirname", "mkdir", "touch"):
        (programs / name).symlink_to(shutil.which(name) or name)
    for name, tag in pythons.items():
        (programs / name).write_text(PROGRAM.format(name=name, answer=f"echo {tag}" if tag else "exit 1"))
        (programs / name).chmod(0o755)
    command = ["bash", ROOT / "action/run.sh", "github", "run"]
    environment = {"PATH": str(programs), "RUNNER_TEMP": str(place)}
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    log = place / "log"
    return done.returncode, done.stdout, log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3": "cpython-313", "python3.11": "cpython-311"}, ("python3", "cpython-313")),
        ({"python3": "", "python": "cpython-312"}, ("python", "cpython-312")),
        ({"python3": "", "python": "", "python3.12": "cpython-312"}, ("python3.12", "cpython-312")),
    ],
)
def test_the_first_python_that_the_lock_has_wheels_for_is_taken(
    tmp_path: Path, pythons: Mapping[str, str], taken: tuple[str, str]
) -> None:
    name, tag = taken
    code, _, log = ran(tmp_path, pythons)

    assert code == 0
    runs = f"{name} runs with lifelint-packages-{tag}"
    assert log == [f"{name} installs", runs, runs]  # installed once


def test_without_one_the_step_says_what_is_needed(tmp_path: Path) -> None:
    code, printed, log = ran(tmp_path, {"python3": ""})

    assert (code, log) == (2, [])
    assert printed.startswith("::error title=lifelint::Python 3.11, 3.12, 3.13 or 3.14 is needed")


@pytest.mark.parametrize(("version", "ok"), [((3, 10), False), ((3, 11), True), ((3, 14, 2), True), ((3, 15), False)])
def test_what_a_python_is_asked(version: tuple[int, ...], ok: bool) -> None:
    script = (ROOT / "action/run.sh").read_text()
    asked = script.partition("asked='")[2].partition("'\n")[0]
    pretended = f"import sys; sys.version_info = {version}; {asked.removeprefix('import sys; ')}"
    done = subprocess.run([sys.executable, "-I", "-c", pretended], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.strip()) == ((0, sys.implementation.cache_tag) if ok else (1, ""))

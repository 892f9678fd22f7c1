"""Compiled requirements are fresh exactly when compiling again, from what is there, keeps every pin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifelint.facts.environment import Lock
from tests.conftest import facts_of, write
from tests.facts.test_environment_uv_oracle import UV, wheel

BASE = {
    "requirements.in": "alpha>=1.0,<2\nbeta[x]\n-r more.in\n-c limits.txt\n",
    "more.in": "gamma ; python_version >= '3.8'\n",
    "limits.txt": "delta<2\n",
}
IN = "requirements.in"
MUTATIONS: dict[str, tuple[str, str, str]] = {
    "nothing": (IN, "", ""),
    "a comment": (IN, "alpha", "# hello\nalpha"),
    "blanks": (IN, "alpha>=1.0", "alpha >= 1.0"),
    "another spelling of the name": (IN, "alpha", "Alpha"),
    "a specifier that still fits": (IN, "alpha>=1.0", "alpha>=1.2"),
    "a specifier that does not": (IN, "alpha>=1.0,<2", "alpha>=2"),
    "an exact other version": (IN, "alpha>=1.0,<2", "alpha==1.0"),
    "the exact version": (IN, "alpha>=1.0,<2", "alpha==1.5"),
    "a dependency added": (IN, "alpha", "omega\nalpha"),
    "a dependency removed": (IN, "alpha>=1.0,<2\n", ""),
    "one that others need too added": (IN, "alpha", "delta\nalpha"),
    "one that others need too, in another version": (IN, "alpha", "delta<1.2\nalpha"),
    "an include removed": (IN, "-r more.in\n", ""),
    "a dependency added below": ("more.in", "gamma", "omega\ngamma"),
    "a dependency below in another version": ("more.in", "gamma", "gamma<2"),
    "a marker changed": ("more.in", "3.8", "3.9"),
    "an extra dropped": (IN, "beta[x]", "beta"),
    "a constraint that still fits": ("limits.txt", "<2", "<1.9"),
    "a constraint on what nothing asks for": ("limits.txt", "delta<2", "delta<2\nomega<2"),
    "another order": (IN, "alpha>=1.0,<2\nbeta[x]", "beta[x]\nalpha>=1.0,<2"),
    "a name in capitals below": ("more.in", "gamma", "GAMMA"),
    "a comment behind a line": (IN, "beta[x]", "beta[x]  # for the x"),
    "an empty line": (IN, "beta[x]", "\nbeta[x]"),
    "a compatible release that fits": (IN, "alpha>=1.0,<2", "alpha~=1.5"),
    "a compatible release that does not": (IN, "alpha>=1.0,<2", "alpha~=2.0"),
    "the locked version excluded": (IN, "alpha>=1.0,<2", "alpha>=1.0,<2,!=1.5"),
    "another version excluded": (IN, "alpha>=1.0,<2", "alpha>=1.0,<2,!=1.0"),
    "a wildcard that fits": (IN, "alpha>=1.0,<2", "alpha==1.*"),
    "a dependency twice": (IN, "beta[x]", "beta[x]\nalpha<1.9"),
    "two dependencies added": (IN, "beta[x]", "beta[x]\nomega<2\ndelta"),
    "a dependency moved below": (IN, "alpha>=1.0,<2\n", ""),
    "one that others need too, in the same version": (IN, "alpha", "delta==1.5\nalpha"),
}
MOVED = {"a dependency moved below": ("more.in", "gamma", "alpha>=1.0,<2\ngamma")}
"""What a mutation changes besides."""


def mutated(change: str, path: str, old: str, new: str) -> dict[str, str]:
    """The sources after one mutation."""
    files = BASE | {path: BASE[path].replace(old, new)} if old else dict(BASE)
    more, before, after = MOVED.get(change, ("", "", ""))
    return files | {more: files[more].replace(before, after)} if more else files


def compile_(folder: Path) -> None:
    assert UV is not None
    command = [UV, "pip", "compile", "-q", IN, "-o", "requirements.txt", "--no-index", "--find-links", "../wheels"]
    done = subprocess.run(
        [*command, "--python", sys.executable, "--offline"],
        cwd=folder,
        env=os.environ | {"UV_CACHE_DIR": str(folder.parent / "cache")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def pins(text: str) -> list[str]:
    return sorted(line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("compiled")
    (top / "wheels").mkdir()
    for name, requires in {"alpha": (), "beta": ("delta>=1",), "gamma": (), "delta": (), "omega": ()}.items():
        for version in ("1.0", "1.5", "2.0"):
            wheel(top / "wheels", name, version, requires)
    return top / "project"


@pytest.mark.skipif(UV is None, reason="uv is not installed")
@pytest.mark.parametrize("change", MUTATIONS)
def test_a_changed_source_gets_the_verdict_of_compiling_again(change: str, folder: Path) -> None:
    path, old, new = MUTATIONS[change]
    write(folder, BASE)
    (folder / "requirements.txt").unlink(missing_ok=True)
    compile_(folder)
    before = (folder / "requirements.txt").read_text()
    files = mutated(change, path, old, new)
    write(folder, files)
    compile_(folder)

    same = pins(before) == pins((folder / "requirements.txt").read_text())
    mine = only_lock({**files, "requirements.txt": before})

    assert mine.fresh is same, (mine.why, before, (folder / "requirements.txt").read_text())


def only_lock(files: dict[str, str]) -> Lock:
    [lock] = facts_of(files)["locks"].items
    return lock


HEADER = """\
#
# This file is autogenerated by pip-compile with Python 3.11
# by the following command:
#
#    {command}
#
"""


@pytest.mark.parametrize(
    ("command", "sources"),
    [
        ("pip-compile requirements.in", ("requirements.in",)),
        ("pip-compile", ("requirements.in",)),
        ("pip-compile --output-file=requirements.txt --extra dev pyproject.toml", ("pyproject.toml",)),
        ("pip-compile -o requirements.txt requirements.in pyproject.toml", ("requirements.in", "pyproject.toml")),
        ("make lock", ("requirements.in",)),
        ("pip-compile missing.in", ()),
    ],
)
def test_the_command_in_the_header_names_the_sources(command: str, sources: tuple[str, ...]) -> None:
    lock = only_lock(
        {
            "requirements.in": "alpha\n",
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["alpha"]\n',
            "requirements.txt": HEADER.format(command=command) + "alpha==1.0\n",
        }
    )

    assert lock.covers == sources
    assert lock.fresh is (True if sources else None)


def test_sources_are_found_from_the_folder_where_the_compiler_ran() -> None:
    lock = only_lock(
        {
            "deploy/reqs.in": "alpha\n",
            "deploy/reqs.txt": HEADER.format(command="pip-compile deploy/reqs.in") + "alpha==1.0\n",
        }
    )

    assert (lock.manifest, lock.fresh) == ("deploy/reqs.in", True)


def test_overrides_leave_the_verdict_open() -> None:
    lock = only_lock(
        {
            "requirements.in": "alpha>=2\n",
            "requirements.txt": "# This file was autogenerated by uv via the following command:\n"
            "#    uv pip compile requirements.in --override x.txt\nalpha==1.0\n",
        }
    )

    assert lock.fresh is None


def lock_of(files: dict[str, str], path: str) -> Lock:
    [lock] = [lock for lock in facts_of(files)["locks"].items if lock.path == path]
    assert isinstance(lock, Lock)
    return lock


def test_the_output_option_tells_which_of_two_sources_was_read() -> None:
    header = "# This file was autogenerated by uv via the following command:\n#    uv pip compile pyproject.toml"
    pinned = "a==1.0\n    # via top (pyproject.toml)\n"
    files = {
        "pyproject.toml": '[project]\nname = "top"\nversion = "1"\ndependencies = ["a"]\n',
        "sdk/pyproject.toml": '[project]\nname = "sdk"\nversion = "1"\ndependencies = ["b"]\n',
        "sdk/req/told.txt": f"{header} -o sdk/req/told.txt\n{pinned}",
        "sdk/req/open.txt": f"{header}\n{pinned}",
    }

    assert (lock_of(files, "sdk/req/told.txt").manifest, lock_of(files, "sdk/req/told.txt").fresh) == (
        "pyproject.toml",
        True,
    )
    assert lock_of(files, "sdk/req/open.txt").fresh is None


def test_a_tool_that_pins_what_builds_need_is_not_taken_for_a_compiler_of_its_source() -> None:
    header = "#\n# This file is autogenerated by pip-compile with Python 3.10\n# by the following command:\n#\n"
    command = "#    pybuild-deps compile --output-file=build.txt requirements.txt\n#\n"
    files = {"requirements.txt": "numpy==2.1.0\n", "build.txt": f"{header}{command}meson==1.2.0\n"}

    assert [lock.fresh for lock in facts_of(files)["locks"].items if lock.fresh is False] == []


def test_a_number_of_more_digits_than_can_be_read_leaves_the_verdict_open() -> None:
    header = "# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in\n"
    files = {"requirements.in": f"alpha=={'9' * 5000}\n", "requirements.txt": f"{header}alpha==1.0\n"}

    [lock] = facts_of(files)["locks"].items

    assert lock.fresh is not False


MULTI = {
    "setup.py": 'from setuptools import setup\nsetup(name="x", install_requires=["omega"])\n',
    "reqs/base.in": "alpha>=1\n",
    "reqs/base.txt": "# SHA1:0\n#\n# This file is autogenerated by pip-compile-multi\n# To update, run:\n#\n"
    "#    pip-compile-multi\n#\nalpha==1.5\n    # via -r reqs/base.in\n",
    "reqs/dev.in": "-r base.in\nbeta\n",
    "reqs/dev.txt": "# SHA1:0\n#\n# This file is autogenerated by pip-compile-multi\n# To update, run:\n#\n"
    "#    pip-compile-multi\n#\n-r base.txt\nbeta==2.0\n    # via -r reqs/dev.in\n",
}


@pytest.mark.parametrize(
    ("changed", "base", "dev"),
    [
        ({}, True, True),
        ({"reqs/base.in": "alpha>=2\n"}, False, False),
        ({"reqs/dev.in": "-r base.in\nbeta\ngamma\n"}, True, False),
        ({"reqs/dev.txt": MULTI["reqs/dev.txt"].replace("base.txt", "gone.txt")}, True, None),
    ],
)
def test_pip_compile_multi_compiles_what_lies_beside_with_what_that_includes(
    changed: dict[str, str], base: bool, dev: bool | None
) -> None:
    locks = {lock.path: lock for lock in facts_of({**MULTI, **changed})["locks"].items}

    assert {path: lock.covers for path, lock in locks.items()} == {
        "reqs/base.txt": ("reqs/base.in",),
        "reqs/dev.txt": ("reqs/dev.in",),
    }
    assert (locks["reqs/base.txt"].fresh, locks["reqs/dev.txt"].fresh) == (base, dev)


@pytest.mark.parametrize(
    ("asked", "fresh"),
    [
        ("https://example.org/alpha/archive/main.tar.gz\n", None),
        ("./alpha\n", None),
        ("beta @ https://example.org/beta/archive/main.tar.gz\n", False),
        ("git+https://example.org/beta.git#egg=beta\n", False),
        ("alpha @ https://example.org/alpha/archive/main.tar.gz\n", True),
    ],
)
def test_an_address_without_a_name_may_be_what_is_pinned(asked: str, fresh: bool | None) -> None:
    header = HEADER.format(command="pip-compile requirements.in")
    pin = "alpha @ https://example.org/alpha/archive/main.tar.gz\n    # via -r requirements.in\n"

    assert only_lock({"requirements.in": asked, "requirements.txt": header + pin}).fresh is fresh

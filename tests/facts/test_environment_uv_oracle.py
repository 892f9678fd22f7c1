"""``uv lock --check`` is the judge: the same manifests, mutated one way at a time, must get the same verdict here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lifelint.facts.environment import Lock
from tests.conftest import facts_of, write

UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
pytestmark = pytest.mark.skipif(UV is None, reason="uv is not installed")

PYPROJECT = """\
[project]
name = "Proj_ect"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = [
  "alpha>=1.0",
  "beta[x]>=1 ; python_version < '3.12'",
  "foo",
]

[project.optional-dependencies]
gpu = ["gamma==1.*; platform_system == 'Linux'"]
all = ["proj-ect[gpu]"]
empty = []

[dependency-groups]
dev = ["gamma", {include-group = "test"}]
test = ["delta!=0.9"]
none = []

[tool.uv]
constraint-dependencies = ["alpha<2"]

[tool.uv.sources]
foo = { path = "libs/foo", editable = true }

[tool.uv.workspace]
members = ["packages/*"]
"""
FOO = """\
[project]
name = "foo"
version = "1.0"
dependencies = ["delta"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
MEMBER = '[project]\nname = "member"\nversion = "0.0.1"\nrequires-python = ">=3.10"\ndependencies = ["delta>=1"]\n'
BASE = {"pyproject.toml": PYPROJECT, "libs/foo/pyproject.toml": FOO, "packages/member/pyproject.toml": MEMBER}

ROOT = "pyproject.toml"
MUTATIONS: dict[str, list[tuple[str, str, str]]] = {
    "nothing": [],
    "a comment": [(ROOT, "[project]\n", "# hello\n[project]\n")],
    "whitespace in a specifier": [(ROOT, '"alpha>=1.0"', '"alpha >= 1.0"')],
    "another spelling of the same version": [(ROOT, '"alpha>=1.0"', '"alpha>=1"')],
    "another spelling of the name": [(ROOT, '"alpha>=1.0"', '"Alpha>=1.0"')],
    "another order": [
        (ROOT, '  "alpha>=1.0",\n  "beta', '  "beta'),
        (ROOT, '  "foo",\n', '  "foo",\n  "alpha>=1.0",\n'),
    ],
    "a specifier raised": [(ROOT, '"alpha>=1.0"', '"alpha>=1.5"')],
    "a specifier dropped": [(ROOT, '"alpha>=1.0"', '"alpha"')],
    "a specifier capped": [(ROOT, '"alpha>=1.0"', '"alpha>=1.0,<3"')],
    "a compatible-release specifier": [(ROOT, '"alpha>=1.0"', '"alpha~=1.0"')],
    "a dependency added": [(ROOT, '  "foo",\n', '  "foo",\n  "gamma",\n')],
    "a dependency removed": [(ROOT, '  "alpha>=1.0",\n', "")],
    "a dependency twice": [(ROOT, '  "foo",\n', '  "foo",\n  "alpha>=1.0",\n')],
    "a marker that means the same": [(ROOT, "python_version < '3.12'", "python_full_version < '3.12.0'")],
    "a marker that means the same, turned round": [(ROOT, "python_version < '3.12'", "'3.12' > python_version")],
    "a marker changed": [(ROOT, "python_version < '3.12'", "python_version < '3.13'")],
    "a marker dropped": [(ROOT, " ; python_version < '3.12'", "")],
    "a marker that requires-python implies": [(ROOT, '"alpha>=1.0"', "\"alpha>=1.0; python_version >= '3.10'\"")],
    "a marker that is never true": [(ROOT, '"alpha>=1.0"', "\"alpha>=1.0; python_version < '3.8'\"")],
    "a platform by another variable": [(ROOT, "platform_system == 'Linux'", "sys_platform == 'linux'")],
    "another platform": [(ROOT, "platform_system == 'Linux'", "platform_system == 'Darwin'")],
    "an extra of a dependency dropped": [(ROOT, "beta[x]", "beta")],
    "an extra added": [(ROOT, "empty = []", 'empty = []\nmore = ["delta"]')],
    "an empty extra dropped": [(ROOT, "empty = []\n", "")],
    "an extra renamed": [(ROOT, "gpu = ", "tpu = "), (ROOT, "[gpu]", "[tpu]")],
    "a package moved from an extra to the main list": [
        (ROOT, "gpu = [\"gamma==1.*; platform_system == 'Linux'\"]", "gpu = []"),
        (ROOT, '  "foo",\n', '  "foo",\n  "gamma==1.*; platform_system == \'Linux\'",\n'),
    ],
    "a group changed": [(ROOT, '"delta!=0.9"', '"delta!=0.8"')],
    "a group added": [(ROOT, "none = []", 'none = []\nmore = ["delta"]')],
    "an empty group added": [(ROOT, "none = []", "none = []\nmore = []")],
    "an empty group dropped": [(ROOT, "none = []\n", "")],
    "an include dropped": [(ROOT, ', {include-group = "test"}', "")],
    "an include written out": [(ROOT, '{include-group = "test"}', '"delta!=0.9"')],
    "a group with its own python": [
        (
            ROOT,
            "[tool.uv.sources]",
            '[tool.uv.dependency-groups]\ntest = {requires-python = ">=3.12"}\n\n[tool.uv.sources]',
        )
    ],
    "legacy dev-dependencies": [(ROOT, "[tool.uv]\n", '[tool.uv]\ndev-dependencies = ["delta"]\n')],
    "requires-python raised": [(ROOT, '">=3.10"', '">=3.11"')],
    "requires-python spelt otherwise": [(ROOT, '">=3.10"', '">=3.10.0"')],
    "requires-python capped": [(ROOT, '">=3.10"', '">=3.10,<3.13"')],
    "the version bumped": [(ROOT, 'version = "0.1.0"', 'version = "0.2.0"')],
    "the version spelt otherwise": [(ROOT, 'version = "0.1.0"', 'version = "0.1"')],
    "the name spelt otherwise": [(ROOT, '"Proj_ect"', '"proj.ect"')],
    "the project renamed": [(ROOT, '"Proj_ect"', '"project"'), (ROOT, "proj-ect[", "project[")],
    "a description": [(ROOT, 'version = "0.1.0"', 'version = "0.1.0"\ndescription = "x"')],
    "a constraint changed": [(ROOT, '["alpha<2"]', '["alpha<1.9"]')],
    "a constraint dropped": [(ROOT, 'constraint-dependencies = ["alpha<2"]\n', "")],
    "an override": [(ROOT, "[tool.uv]\n", '[tool.uv]\noverride-dependencies = ["alpha==1.0"]\n')],
    "a source no longer editable": [(ROOT, ", editable = true", ", editable = false")],
    "a source dropped": [(ROOT, 'foo = { path = "libs/foo", editable = true }\n', "")],
    "a conflict": [(ROOT, "[tool.uv]\n", '[tool.uv]\nconflicts = [[{extra = "gpu"}, {extra = "empty"}]]\n')],
    "a build system": [
        (
            ROOT,
            "[tool.uv]\n",
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[tool.uv]\n',
        )
    ],
    "a member's dependency changed": [("packages/member/pyproject.toml", "delta>=1", "delta>=0.5")],
    "a member's version bumped": [("packages/member/pyproject.toml", "0.0.1", "0.0.2")],
    "a member excluded": [
        (ROOT, 'members = ["packages/*"]', 'members = ["packages/*"]\nexclude = ["packages/member"]')
    ],
    "a folder's dependency changed": [("libs/foo/pyproject.toml", '"delta"', '"delta>=1"')],
    "a folder's version bumped": [("libs/foo/pyproject.toml", '"1.0"', '"1.1"')],
    "the specifier written twice": [(ROOT, '"alpha>=1.0"', '"alpha>=1.0,>=0.5"')],
    "almost the same range": [(ROOT, "gamma==1.*", "gamma>=1,<2")],
    "an exclusion": [(ROOT, '"alpha>=1.0"', '"alpha>=1.0,!=1.2"')],
    "an exclusion outside the range": [(ROOT, '"alpha>=1.0"', '"alpha>=1.0,!=0.2"')],
    "a pre-release bound": [(ROOT, '"alpha>=1.0"', '"alpha>=1.0rc1"')],
    "the bare name beside it": [(ROOT, '  "foo",\n', '  "foo",\n  "alpha",\n')],
    "the bare name with a marker beside it": [
        (ROOT, '  "foo",\n', '  "foo",\n  "alpha ; python_version < \'3.12\'",\n')
    ],
    "the bare name with an extra beside it": [(ROOT, '  "foo",\n', '  "foo",\n  "alpha[x]",\n')],
    "a bare constraint": [(ROOT, '["alpha<2"]', '["alpha<2", "gamma"]')],
    "environments": [(ROOT, "[tool.uv]\n", "[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]\n")],
    "required environments": [
        (ROOT, "[tool.uv]\n", "[tool.uv]\nrequired-environments = [\"sys_platform == 'linux'\"]\n")
    ],
    "another resolution": [(ROOT, "[tool.uv]\n", '[tool.uv]\nresolution = "lowest"\n')],
    "the default resolution": [(ROOT, "[tool.uv]\n", '[tool.uv]\nresolution = "highest"\n')],
    "another treatment of pre-releases": [(ROOT, "[tool.uv]\n", '[tool.uv]\nprerelease = "allow"\n')],
    "a build constraint": [(ROOT, "[tool.uv]\n", '[tool.uv]\nbuild-constraint-dependencies = ["alpha<2"]\n')],
    "a dependency group with the name spelt otherwise": [(ROOT, "test = [", "Test = [")],
    "not a package by statement": [(ROOT, "[tool.uv]\n", "[tool.uv]\npackage = false\n")],
    "a package by statement": [(ROOT, "[tool.uv]\n", "[tool.uv]\npackage = true\n")],
    "a member that is no package by statement": [
        ("packages/member/pyproject.toml", "0.0.1", '0.0.1"\n[tool.uv]\npackage = false\n[project.urls]\nx = "y')
    ],
    "another tool configured": [(ROOT, "[tool.uv]\n", "[tool.ruff]\nline-length = 100\n\n[tool.uv]\n")],
}
"""What was changed → ``(file, text, replacement)``."""


def wheel(folder: Path, name: str, version: str, requires: tuple[str, ...] = ()) -> None:
    """Writes the smallest wheel there is."""
    inside = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Provides-Extra: x"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        file.writestr(f"{name}/__init__.py", "")
        file.writestr(f"{inside}/METADATA", "\n".join(metadata) + "\n")
        file.writestr(f"{inside}/WHEEL", tags)
        file.writestr(f"{inside}/RECORD", "")


def uv(folder: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    assert UV is not None
    wheels = ["--offline", "--no-index", "--find-links", str(folder.parent / "wheels")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    return subprocess.run(
        [UV, "lock", *args, *wheels, "--python", sys.executable],
        cwd=folder,
        env=clean | {"UV_CACHE_DIR": str(folder.parent / "cache")},
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with wheels to resolve from, and the lock that uv makes of the unchanged project."""
    top = tmp_path_factory.mktemp("uv")
    (top / "wheels").mkdir()
    for name in ("alpha", "beta", "gamma", "delta", "foo"):
        for version in ("1.0", "1.5", "2.0"):
            wheel(top / "wheels", name, version)
    folder = top / "project"
    write(folder, BASE)
    made = uv(folder)
    assert made.returncode == 0, made.stderr.decode()
    return folder, (folder / "uv.lock").read_text()


def mutated(changes: list[tuple[str, str, str]]) -> dict[str, str]:
    """The base project with texts replaced."""
    files = dict(BASE)
    for path, old, new in changes:
        assert old in files[path], (path, old)
        files[path] = files[path].replace(old, new)
    return files


def verdict(files: dict[str, str], lock: str) -> Lock:
    """What lifelint says of the lock."""
    found = facts_of({**files, "uv.lock": lock})["locks"]
    assert not found.unread
    [made] = found.items
    return made


@pytest.mark.parametrize("change", MUTATIONS)
def test_a_mutated_project_gets_the_verdict_of_uv(change: str, locked: tuple[Path, str]) -> None:
    folder, lock = locked
    files = mutated(MUTATIONS[change])
    write(folder, {**files, "uv.lock": lock})

    checked = uv(folder, "--check")
    mine = verdict(files, lock)

    assert mine.fresh is (checked.returncode == 0), (mine.why, checked.stderr.decode())

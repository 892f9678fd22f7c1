"""Manifests of every kind, and the locks that cover them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts.environment import Lock, Manifest
from tests.conftest import facts_of


def manifests(files: dict[str, str]) -> list[Manifest]:
    found = facts_of(files)["manifests"]
    assert not found.unread
    return list(found.items)


def only(files: dict[str, str]) -> Manifest:
    [found] = manifests(files)
    return found


def pins(manifest: Manifest) -> dict[str, bool | None]:
    return {r.name: r.exact for r in manifest.dependencies}


def lines(manifest: Manifest) -> list[tuple[int, str, str, str]]:
    return [(r.line, r.name, r.group, r.role) for r in manifest.dependencies]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("requirements.txt", "runtime"),
        ("src/app/requirements.txt", "runtime"),
        ("requirements_streamlit.txt", "runtime"),
        ("reqs/base.txt", "runtime"),
        ("requirements/prod.in", "runtime"),
        ("requirements-dev.txt", "dev"),
        ("dev-requirements.txt", "dev"),
        ("requirements/test.txt", "test"),
        ("test_requirements.txt", "test"),
        ("docs/requirements.txt", "docs"),
        ("docs-requirements.txt", "docs"),
        (".devcontainer/requirements.txt", "dev"),
        (".github/requirements.txt", "dev"),
    ],
)
def test_requirements_files_are_found_by_name_and_place(path: str, role: str) -> None:
    assert (only({path: "numpy\n"}).path, only({path: "numpy\n"}).role) == (path, role)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "The system shall be fast.\nIt must be red.\nAnd good.\n"),
        ("functional_requirements.txt", "R1: the user can log in\nR2: the user can log out\n"),
        ("constraints.txt", "numpy==1\n"),
        ("requirements.md", "numpy\n"),
        ("data/list.txt", "numpy\n"),
        ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
        ("setup.py", "from setuptools import setup\nsetup()\n"),
        ("setup.cfg", "[flake8]\nmax-line-length = 100\n"),
        ("environment.yml", "production:\n  url: x\n"),
        ("env.yaml", "name: x\ndependencies: {redis: 1}\n"),
        ("env/other.yaml", "name: x\ndependencies: [./lib, 'https://x.org']\n"),
        ("conda/meta.yaml", "{% set version = '1' %}\ndependencies:\n  - x\n"),
        ("model/conda.yaml", ""),
    ],
)
def test_what_is_no_manifest(path: str, text: str) -> None:
    assert manifests({path: text}) == []


def test_the_recorded_environment_of_a_model_is_no_manifest_of_the_project() -> None:
    files = {
        "m/MLmodel": "flavors: {}\n",
        "m/requirements.txt": "mlflow\n",
        "m/conda.yaml": "name: x\ndependencies: [pip]\n",
    }

    assert [(m.path, m.role) for m in manifests(files)] == [("m/MLmodel", "model")]


def test_includes_are_followed_and_constraints_pin() -> None:
    files = {
        "requirements/all.txt": "-r base.txt\n--requirement=../more.txt\n-c limits.txt\n-r gone.txt\nscipy\n",
        "requirements/base.txt": "numpy\n-r all.txt\n",
        "more.txt": "torch\n",
        "requirements/limits.txt": "numpy==2.1.0\nscipy<2\n",
    }

    made = next(m for m in manifests(files) if m.path == "requirements/all.txt")

    assert pins(made) == {"scipy": False, "numpy": True, "torch": False}
    assert {(r.path, r.line) for r in made.dependencies} == {
        ("requirements/all.txt", 5),
        ("requirements/base.txt", 1),
        ("more.txt", 1),
    }
    assert [(i.option, i.target, i.found) for i in made.includes if i.path == made.path] == [
        ("-r", "requirements/base.txt", True),
        ("-r", "more.txt", True),
        ("-c", "requirements/limits.txt", True),
        ("-r", "requirements/gone.txt", False),
    ]


def test_hashes_are_complete_partial_or_none() -> None:
    digest = "--hash=sha256:" + "a" * 64

    states = [
        only({"requirements.txt": text})
        for text in (f"a==1 {digest}\n", f"a==1 {digest}\nb==1\n", "a==1\n", f"a==1 {digest}\n-e .\n")
    ]

    assert [(s.hashes, s.unhashed, s.unhashed_line) for s in states] == [
        ("complete", "", 0),
        ("partial", "b", 2),
        ("none", "", 0),
        ("complete", "", 0),
    ]


PYPROJECT = """\
[build-system]
requires = ["hatchling>=1"]

[project]
name = "Churn_Model"
version = "1"
requires-python = ">=3.11"
dependencies = [
  "numpy==2.1.0",  # why
  'pandas[parquet]>=2 ; sys_platform == "linux"',
]

[project.optional-dependencies]
gpu = ["torch==2.5.0"]
dev = ["ruff"]

[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["mypy"]
train = ["mlflow"]
"""


def test_a_standard_pyproject() -> None:
    made = only({"pyproject.toml": PYPROJECT})

    assert (made.tool, made.name, made.requires_python, made.requires_python_line) == (
        "pyproject",
        "churn-model",
        ">=3.11",
        7,
    )
    assert lines(made) == [
        (9, "numpy", "", "runtime"),
        (10, "pandas", "", "runtime"),
        (14, "torch", "gpu", "runtime"),
        (15, "ruff", "dev", "dev"),
        (18, "pytest", "test", "test"),
        (19, "mypy", "lint", "dev"),
        (20, "mlflow", "train", "runtime"),
        (2, "hatchling", "build-system", "build"),
    ]
    assert not made.library


def test_what_is_published_is_a_library() -> None:
    classified = PYPROJECT.replace('version = "1"', 'version = "1"\nclassifiers = ["Programming Language :: Python"]')

    assert only({"pyproject.toml": classified}).library
    assert not only(
        {"pyproject.toml": classified.replace("Programming Language :: Python", "Private :: Do Not Upload")}
    ).library


def test_poetrys_own_tables() -> None:
    text = """\
[tool.poetry]
name = "x"

[tool.poetry.dependencies]
python = "^3.11"
numpy = "2.1.0"
pandas = "^2.2"
torch = {version = "==2.5.0", source = "pytorch"}
mine = {git = "https://x.org/a", rev = "%s"}
theirs = {git = "https://x.org/b", branch = "main"}
local = {path = "lib"}

[tool.poetry.group.dev.dependencies]
ruff = "*"
""" % ("a" * 40)

    made = only({"pyproject.toml": text})

    assert (made.tool, made.requires_python, made.requires_python_line) == ("poetry", "^3.11", 5)
    assert pins(made) == {
        "numpy": True,
        "pandas": False,
        "torch": True,
        "mine": True,
        "theirs": False,
        "local": True,
        "ruff": False,
    }
    assert lines(made)[0] == (6, "numpy", "", "runtime")
    assert lines(made)[-1] == (14, "ruff", "dev", "dev")


def test_dynamic_dependencies_are_followed_to_files_or_said_to_be_unknown() -> None:
    base = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    followed = '[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}\n'

    assert "project.dynamic" in only({"pyproject.toml": base}).dynamic
    made = only({"pyproject.toml": base + followed, "deps.txt": "numpy\n"})
    assert (made.dynamic, pins(made)) == ("", {"numpy": False})


@pytest.mark.parametrize(
    ("text", "found", "dynamic"),
    [
        ("setup(install_requires=['numpy==1', 'pandas'])", {"numpy": True, "pandas": False}, False),
        ("R = ['numpy']\nsetup(install_requires=R + ['pandas'])", {"numpy": False, "pandas": False}, False),
        ("R = ['numpy']\nR.append('x')\nsetup(install_requires=R)", {}, True),
        ("R = ['numpy']\nif X: R = []\nsetup(install_requires=R)", {}, True),
        ("setup(install_requires=['numpy', '', '# scipy'])", {"numpy": False}, False),
        ("setup(install_requires=read('requirements.txt'))", {"scipy": False}, False),
        ("setup(install_requires=compute())", {}, True),
        ("setup(**config)", {}, True),
        ("setup(extras_require={'gpu': ['torch']})", {"torch": False}, False),
    ],
)
def test_setup_py_is_read_and_never_run(text: str, found: dict[str, bool], dynamic: bool) -> None:
    files = {"setup.py": f"from setuptools import setup\n{text}\n", "requirements.txt": "scipy\n"}

    made = next(m for m in manifests(files) if m.path == "setup.py")

    assert (pins(made), bool(made.dynamic)) == (found, dynamic)


def test_setup_cfg() -> None:
    text = (
        "[metadata]\nname = x\n[options]\npython_requires = >=3.9\n"
        "install_requires =\n    numpy==1\n    pandas; python_version<'3.12'\n"
        "[options.extras_require]\ntest = pytest\n"
    )

    made = only({"setup.cfg": text})

    assert lines(made) == [(6, "numpy", "", "runtime"), (7, "pandas", "", "runtime"), (9, "pytest", "test", "test")]
    assert (made.requires_python, made.requires_python_line) == (">=3.9", 4)


def test_a_pipfile() -> None:
    text = (
        '[packages]\nnumpy = "==2.1.0"\npandas = "*"\n[dev-packages]\nruff = "*"\n[requires]\npython_version = "3.11"\n'
    )

    made = only({"Pipfile": text})

    assert lines(made) == [(2, "numpy", "", "runtime"), (3, "pandas", "", "runtime"), (5, "ruff", "dev", "dev")]
    assert pins(made) == {"numpy": True, "pandas": False, "ruff": False}


def test_conda_environments_under_odd_names() -> None:
    text = (
        "channels: [conda-forge]\ndependencies:\n  - python=3.11\n"
        "  - numpy=1.26.4\n  - scipy\n  - pip\n  - pip:\n    - torch==2.5.0\n"
        "    - -r more.txt\n"
    )
    files = {"sub/ppc64le.environment.yml": text, "sub/more.txt": "mlflow\n"}

    made = only(files)

    assert (made.tool, made.requires_python, made.requires_python_line) == ("conda", "=3.11", 3)
    assert lines(made) == [
        (4, "numpy", "", "runtime"),
        (5, "scipy", "", "runtime"),
        (6, "pip", "", "build"),
        (8, "torch", "pip", "runtime"),
        (1, "mlflow", "", "runtime"),
    ]


def test_lists_that_conda_exported_are_condas() -> None:
    made = only({"requirements.txt": "numpy=1.26.4=py311_0\nscipy=1.11.1\n"})

    assert (made.tool, pins(made)) == ("conda", {"numpy": True, "scipy": True})


def test_a_pixi_manifest() -> None:
    text = (
        '[workspace]\nname = "x"\n[dependencies]\npython = "3.12.*"\n'
        'numpy = "==2.1.0"\n[feature.test.dependencies]\npytest = "*"\n'
        '[pypi-dependencies]\nmlflow = ">=2"\n'
    )

    made = only({"pixi.toml": text})

    assert pins(made) == {"numpy": True, "mlflow": False, "pytest": False}
    assert made.requires_python == "3.12.*"


@pytest.mark.parametrize("text", ["[project\n", '[project]\nname = "x"\ndependencies = ["a b c"]\n'])
def test_what_cannot_be_read_is_said_and_not_guessed(text: str) -> None:
    found = facts_of({"pyproject.toml": text})["manifests"]

    assert found.items == ()
    assert found.unread[0].path == "pyproject.toml"


def locks(files: dict[str, str]) -> dict[str, Lock]:
    return {lock.path: lock for lock in facts_of(files)["locks"].items}


@pytest.mark.parametrize(
    ("path", "text", "tool", "manifest", "hashed"),
    [
        (
            "pdm.lock",
            (
                '[metadata]\nlock_version = "4.5"\n[[package]]\nname = "a"\n'
                'version = "1"\nfiles = [{file = "a", hash = "sha256:1"}]\n'
            ),
            "pdm",
            "pyproject.toml",
            "complete",
        ),
        (
            "pylock.toml",
            (
                'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n'
                'sdist = {url = "x", hashes = {sha256 = "1"}}\n'
            ),
            "pylock",
            "pyproject.toml",
            "complete",
        ),
        (
            "pylock.dev.toml",
            ('lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nsdist = {url = "x"}\n'),
            "pylock",
            "pyproject.toml",
            "none",
        ),
        (
            "conda-lock.yml",
            ("metadata:\n  sources:\n  - env.yml\npackage:\n- name: a\n  hash:\n    sha256: ") + "1" * 64 + "\n",
            "conda-lock",
            "env.yml",
            "complete",
        ),
        (
            "pixi.lock",
            "version: 6\npackages:\n- conda: https://x.org/a.conda\n  sha256: "
            + "1" * 64
            + "\n- pypi: https://x.org/b.whl\n",
            "pixi",
            "pyproject.toml",
            "partial",
        ),
        ("env.linux-64.pin.txt", "@EXPLICIT\nhttps://x.org/a.conda#" + "1" * 32 + "\n", "conda", "env.yml", "complete"),
        ("requirements.lock.txt", "a==1\n", "pip freeze", "pyproject.toml", "none"),
    ],
)
def test_locks_that_say_too_little_are_recognised_and_not_judged(
    path: str, text: str, tool: str, manifest: str, hashed: str
) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["a"]\n',
        "env.yml": "name: x\ndependencies:\n  - a\n",
        path: text,
    }

    lock = locks(files)[path]

    assert (lock.tool, lock.manifest, lock.fresh, lock.hashed) == (tool, manifest, None, hashed)
    assert lock.why


def test_a_lock_without_its_manifest_is_not_judged() -> None:
    found = locks(
        {"uv.lock": 'version = 1\nrequires-python = ">=3.11"\n', "poetry.lock": '[metadata]\ncontent-hash = "00"\n'}
    )

    assert {lock.fresh for lock in found.values()} == {None}
    assert all("no pyproject.toml" in lock.why for lock in found.values())


def test_an_unknown_version_of_uvs_format_is_not_judged() -> None:
    found = locks({"uv.lock": "version = 2\n", "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'})

    assert found["uv.lock"].fresh is None


UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "x"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "a" },
]

[package.metadata]
requires-dist = [
    { name = "a", marker = "python_full_version < '3.13'"%s },
    { name = "b" },
]

[[package]]
name = "a"
version = "1"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "b"
version = "1"
source = { registry = "https://pypi.org/simple" }
"""


def uv_project(dependency: str, more: str = "") -> dict[str, str]:
    project = (
        f'[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["{dependency}", "b"]\n'
    )
    return {"pyproject.toml": project + more, "uv.lock": UV % ""}


def test_a_difference_stands_where_the_lock_names_the_dependency() -> None:
    lock = locks(uv_project("a>=2 ; python_version < '3.13'"))["uv.lock"]

    assert (lock.fresh, lock.difference_path, lock.difference_line) == (False, "uv.lock", 14)
    assert lock.why.startswith("a >=2")


@pytest.mark.parametrize(
    ("dependency", "more"),
    [
        ("a ; python_version < '<3.10'", ""),
        ("a", '[tool.uv.sources]\na = [{index = "cpu", marker = "sys_platform == \'linux\'"}]\n'),
        ("a", '[tool.uv.sources]\na = {index = "nowhere"}\n'),
    ],
)
def test_what_uv_decides_otherwise_is_left_out(dependency: str, more: str) -> None:
    assert locks(uv_project(dependency, more))["uv.lock"].fresh is True


def test_settings_from_outside_the_manifest_leave_the_verdict_open() -> None:
    files = uv_project("a ; python_version < '3.13'")
    files["uv.lock"] = files["uv.lock"].replace(
        "\n[[package]]", '\n[options]\nresolution-mode = "lowest"\n\n[[package]]', 1
    )

    assert locks(files)["uv.lock"].fresh is None


def test_a_dangling_edge_is_a_bad_merge() -> None:
    files = uv_project("a ; python_version < '3.13'")
    files["uv.lock"] = files["uv.lock"].replace('{ name = "a" },\n]', '{ name = "gone" },\n]', 1)

    assert (locks(files)["uv.lock"].fresh, locks(files)["uv.lock"].why) == (
        False,
        "x depends on gone, which the lock does not hold",
    )


def test_requirements_are_listed_once() -> None:
    files = {
        "requirements.txt": "-r base.txt\n-c limits.txt\n",
        "base.txt": "numpy\n",
        "limits.txt": "numpy==1\n",
        "requirements-dev.txt": "-r base.txt\n",
    }

    found = facts_of(files)["requirements"].items

    assert [(r.path, r.line, r.name, r.exact) for r in found] == [("base.txt", 1, "numpy", True)]


@given(
    st.sampled_from(
        [
            "uv.lock",
            "poetry.lock",
            "Pipfile.lock",
            "pdm.lock",
            "pylock.toml",
            "conda-lock.yml",
            "pixi.lock",
            "pyproject.toml",
            "Pipfile",
            "setup.cfg",
            "setup.py",
            "environment.yml",
            "requirements.txt",
            "conda-x.lock",
        ]
    ),
    st.binary(max_size=60)
    | st.sampled_from(
        [
            b"version = 1\npackage = 1\n",
            b"version = 1\n[[package]]\nname = 1\n",
            b"[project]\nname = 1\ndependencies = 1\n",
            b'{"_meta": 1}',
            b"[metadata]\ncontent-hash = 1\n",
            b"package: 1\n",
            b"[tool]\npoetry = 1\nuv = []\n",
            b"[project]\nname='x'\n[tool.uv]\nsources = 1\nworkspace = 1\n",
            b"[packages]\nx = [1]\n",
            b"dependencies: [1, [2]]\nname: x\n",
        ]
    ),
)
def test_no_content_crashes_a_reader(name: str, data: bytes) -> None:
    found = facts_of(
        {
            name: data,
            "pyproject.toml" if name != "pyproject.toml" else "uv.lock": b'[project]\nname = "x"\nversion = "1"\n',
        }
    )

    assert found["manifests"].items is not None
    assert found["locks"].items is not None
    assert found["python_versions"].items is not None

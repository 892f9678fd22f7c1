"""A pixi.lock is compared with its manifest for each environment on each platform."""

from __future__ import annotations

import pytest

from lifelint.facts.environment import Lock
from tests.conftest import facts_of

MANIFEST = """\
[workspace]
name = "churn"
channels = ["conda-forge"]
platforms = ["linux-64", "osx-64"]

[dependencies]
python = "3.12.*"
numpy = ">=2"

[pypi-dependencies]
alpha = { version = ">=1", extras = ["x"] }

[target.linux-64.dependencies]
cuda = "*"

[feature.test.dependencies]
pytest = ">=8"

[feature.far.dependencies]
r-base = "*"

[environments]
test = ["test"]
far = { features = ["far"], no-default-feature = true }
"""
CONDA = {"python": "3.12.4", "numpy": "2.1.3", "cuda": "12.4", "pytest": "8.3.0", "r-base": "4.4.1"}
USED = {
    "default": ("python", "numpy", "alpha"),
    "test": ("python", "numpy", "alpha", "pytest"),
    "far": ("r-base",),
}
CHANNEL = "https://conda.anaconda.org/conda-forge/"
PYPI = "https://files.pythonhosted.org/packages/alpha-1.5-py3-none-any.whl"


def url(name: str, platform: str) -> str:
    return f"{CHANNEL}{platform}/{name}-{CONDA[name]}-h0_0.conda"


def lock_text(version: int = 6) -> str:
    lines = [f"version: {version}", "environments:"]
    packages = {PYPI: f"- pypi: {PYPI}\n  name: alpha\n  version: '1.5'\n  requires_dist:\n  - numpy>=1 ; extra == 'x'"}
    for environment, names in USED.items():
        lines += [f"  {environment}:", "    channels:", f"    - url: {CHANNEL}", "    packages:"]
        for platform in ("linux-64", "osx-64"):
            lines.append(f"      {platform}:")
            more = ("cuda",) if platform == "linux-64" and environment != "far" else ()
            for name in (*names, *more):
                place = PYPI if name == "alpha" else url(name, platform)
                lines.append(f"      - {'pypi' if name == 'alpha' else 'conda'}: {place}")
                packages.setdefault(place, old(name, place) if version < 6 else new(place))
    return "\n".join([*lines, "packages:", *packages.values(), ""])


def old(name: str, place: str) -> str:
    return f"- kind: conda\n  name: {name}\n  version: {CONDA.get(name)}\n  url: {place}\n  sha256: {'0' * 64}"


def new(place: str) -> str:
    return f"- conda: {place}\n  sha256: {'0' * 64}\n  depends:\n  - python >=3.12"


def judged(manifest: str, lock: str = "", path: str = "pixi.toml") -> Lock:
    [found] = facts_of({path: manifest, "pixi.lock": lock or lock_text()})["locks"].items
    return found


@pytest.mark.parametrize(
    ("before", "after", "fresh", "why"),
    [
        ("", "", True, "it satisfies pixi.toml in 6 environments by platform"),
        ('name = "churn"', 'name = "other"', True, "it satisfies"),
        ("3.12.*", "3.12", None, "python 3.12 in pixi.toml:7"),
        ("3.12.*", "3.13.*", False, "python 3.13.* in pixi.toml:7, locked for default on linux-64 at 3.12.4"),
        ("numpy =", 'scipy = "*"\nnumpy =', False, "scipy is asked for in pixi.toml:8 and not locked for default"),
        ('numpy = ">=2"\n', "", True, "it satisfies"),
        ("alpha =", 'omega = "*"\nalpha =', False, "omega is asked for in pixi.toml:11"),
        ('">=1", extras', '">=2", extras', False, "alpha >=2 in pixi.toml:11"),
        ('version = ">=1", extras = ["x"]', 'git = "https://example.org/alpha"', None, "alpha of pixi.toml:11 is more"),
        ('">=8"', '">=9"', False, "pytest >=9 in pixi.toml:17, locked for test on linux-64 at 8.3.0"),
        (
            "target.linux-64",
            "target.unix",
            False,
            "cuda is asked for in pixi.toml:14 and not locked for default on osx",
        ),
        ("target.linux-64", "target.linux", True, "it satisfies"),
        ("target.linux-64", "target.win", None, "cuda is locked for default on linux-64"),
        ('"osx-64"]', '"osx-64", "win-64"]', False, "pixi.toml asks for python for default on win-64"),
        (', "osx-64"', "", None, "the lock has the environment default osx-64"),
        ('test = ["test"]\n', "", None, "the lock has the environment test linux-64"),
        (
            'test = ["test"]',
            'test = ["test", "far"]',
            False,
            "r-base is asked for in pixi.toml:20 and not locked for test",
        ),
        (
            'test = ["test"]',
            'more = ["test"]\ntest = ["test"]',
            False,
            "pixi.toml asks for python for more on linux-64",
        ),
        ('test = ["test"]', 'test = ["tests"]', None, "it rests on the feature tests"),
        ('["conda-forge"]', '["conda-forge", "nvidia"]', None, "the channels for default on linux-64"),
        ('r-base = "*"', 'r-base = ">=4.5"', False, "r-base >=4.5 in pixi.toml:20, locked for far"),
    ],
)
@pytest.mark.parametrize("version", [5, 6])
def test_each_environment_is_compared(before: str, after: str, fresh: bool | None, why: str, version: int) -> None:
    lock = judged(MANIFEST.replace(before, after, 1) if before else MANIFEST, lock_text(version))

    assert (lock.fresh, lock.why.startswith(why)) == (fresh, True), lock.why


@pytest.mark.parametrize(("dependency", "fresh"), [("alpha>=1", True), ("alpha>=2", False), ("omega", False)])
def test_the_dependencies_of_a_project_are_part_of_it(dependency: str, fresh: bool) -> None:
    manifest = MANIFEST.replace('[pypi-dependencies]\nalpha = { version = ">=1", extras = ["x"] }\n\n', "")
    below = manifest.replace("\n[", "\n[tool.pixi.").replace("[workspace]", "[tool.pixi.workspace]")
    project = f'[project]\nname = "churn"\nversion = "1"\ndependencies = ["{dependency}"]\n\n'

    lock = judged(project + below, path="pyproject.toml")

    assert lock.fresh is fresh, lock.why


@pytest.mark.parametrize("version", ["3", "8", "x"])
def test_a_format_that_is_not_known_leaves_the_verdict_open(version: str) -> None:
    lock = judged(MANIFEST, lock_text().replace("version: 6", f"version: {version}"))

    assert (lock.fresh, lock.why) == (None, f"version {version} of the format is not known")


def test_channels_that_are_no_list_are_not_compared() -> None:
    assert judged(MANIFEST.replace("channels = [", "channels = inf # [")).fresh is not None

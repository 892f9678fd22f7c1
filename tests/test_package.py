"""The wheel: what is in it, and that it works where nothing else is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lifelint import catalog

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built through the source distribution as an index would get it."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_carries_rules_templates_and_the_index(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "lifelint/rules/index.json",
        "lifelint/rules/index.sha256",
        "lifelint/rules/brief.json",
        "lifelint/rules/frameworks.json",
        *(f"lifelint/templates/ci/{path.name}" for path in (ROOT / "templates/ci").iterdir()),
        "lifelint/templates/framework.md.j2",
        "lifelint/templates/rule.md.j2",
        *(f"lifelint/templates/report/{path.name}" for path in (ROOT / "templates/report").iterdir()),
        "lifelint/schemas/release-manifest-v1.json",
        "lifelint/py.typed",
    } <= names
    assert any(name.startswith("lifelint/rules/environment/") for name in names)
    assert not [name for name in names if "_build_index" in name or name.startswith("tests")]


def test_the_digest_that_the_wheel_carries_is_that_of_its_rules(wheel: Path) -> None:
    recorded = zipfile.ZipFile(wheel).read("lifelint/rules/index.sha256").decode()

    assert catalog.load().digest == f"sha256:{recorded}"


def test_the_wheel_checks_a_repository_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """The dependencies come from this environment by path, so that no network is needed; lifelint does not."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv/bin/python")
    install = ["pip", "--python", python, "install", "--no-deps", "--no-index", "--no-compile", "--quiet", str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True)
    [site] = (tmp_path / "venv").glob("lib/python*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    dependencies = tmp_path / "dependencies"
    dependencies.mkdir()
    for name in (
        "click",
        "_ruamel_yaml",
        "ruamel",
        "tomli",
        "packaging",
        "jinja2",
        "markupsafe",
        "git",
        "gitdb",
        "smmap",
    ):
        for path in Path(here).glob(f"{name}*"):
            if path.suffix in ("", ".so") and "-info" not in path.name and not (dependencies / path.name).exists():
                (dependencies / path.name).symlink_to(path)
    (site / "dependencies.pth").write_text(f"{dependencies}\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("numpy\n")
    done = subprocess.run(
        [str(tmp_path / "venv/bin/lifelint"), "check", "--format", "json"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )

    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert {f["rule"]: f["outcome"] for f in report["projects"][0]["findings"]}["environment-pinned"] == "fail"
    told = [
        subprocess.run(
            [*command, "explain", "--framework", "ml-test-score", "--format", "json"],
            cwd=project,
            capture_output=True,
            check=True,
        ).stdout
        for command in ([str(tmp_path / "venv/bin/lifelint")], [sys.executable, "-m", "lifelint"])
    ]
    assert told[0] == told[1]

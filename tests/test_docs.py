"""The documentation tells what is true of the code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement

from lifelint import catalog, cli
from lifelint.frameworks import reading
from lifelint.model import PHASES, PRINCIPLES, STAGES, Outcome, Severity, Strength
from tests.conftest import GIT_ENVIRONMENT

ROOT = Path(__file__).parent.parent


def schema() -> dict[str, object]:
    return json.loads((ROOT / "docs/schemas/report-v1.json").read_text("utf-8"))["$defs"]  # type: ignore[no-any-return]


def test_the_report_schema_knows_every_word_of_the_model() -> None:
    definitions = schema()

    assert definitions["outcome"] == {"enum": [o.value for o in Outcome]}
    assert definitions["phase"] == {"enum": list(PHASES)}
    assert definitions["principle"] == {"enum": list(PRINCIPLES)}
    text = json.dumps(definitions)
    assert json.dumps([s.value for s in Severity]) in text
    assert json.dumps([s.value for s in Strength]) in text
    assert json.dumps(list(STAGES)) in text


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [name for name in cli.COMMANDS if f"lifelint {name}" not in readme] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]

    assert broken == []


def test_rules_and_frameworks_named_in_the_docs_exist() -> None:
    known = {rule.id for rule in catalog.load().rules}
    text = "\n".join(path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

    assert set(re.findall(r"lifelint explain ([a-z][a-z-]*)", text)) <= known
    assert set(re.findall(r"lifelint explain --framework ([a-z][a-z0-9-]*)", text)) <= set(reading.load().frameworks)


def test_the_locked_runtime_is_the_declared_one() -> None:
    declared = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    listed = [
        line for line in (ROOT / "requirements/runtime.in").read_text("utf-8").splitlines() if not line.startswith("#")
    ]

    assert {str(Requirement(r)) for r in declared} == {str(Requirement(r)) for r in listed}


def test_nothing_committed_names_a_package_registry() -> None:
    for name in ("runtime", "build", "dev"):
        text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


SAMPLES = [
    (page, command)
    for page in ("README.md", "docs/releases.md", "docs/evaluation.md", "examples/bike-demand/README.md")
    for command in re.findall(r"^```\n\$ lifelint (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
]


@pytest.fixture(scope="module")
def bikes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "bike"
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize(("page", "command"), SAMPLES)
def test_the_samples_of_the_pages_are_what_is_printed(bikes: Path, page: str, command: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "lifelint", *command.split()],
        cwd=bikes,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
    ).stdout

    assert f"$ lifelint {command}\n{printed.rstrip()}\n```" in (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", ["docs/index.md", "docs/getting-started.md", "docs/tutorial.md"])
def test_what_a_page_tells_to_type_prints_what_it_shows(page: str, tmp_path: Path) -> None:
    """All commands of a page, one after the other in one repository, as a reader would type them."""
    folder = tmp_path / "bike-demand"
    subprocess.run([sys.executable, "examples/replay.py", "bike-demand", str(folder)], cwd=ROOT, check=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **GIT_ENVIRONMENT, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}

    def typed(block: re.Match[str]) -> str:
        shown = []
        for command in re.findall(r"^\$ (.+)$", block[1], re.MULTILINE):
            done = subprocess.run(
                ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            assert done.stderr == ""
            shown.append(f"$ {command}\n{done.stdout}")
        return f"```console\n{''.join(shown).rstrip()}\n```"

    text = (ROOT / page).read_text("utf-8")
    again = re.sub(r"^```console\n(.*?)^```$", typed, text, flags=re.DOTALL | re.MULTILINE)

    assert again == text
    assert "```console" in text


def test_the_site_builds_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "mkdocs", "build", "--quiet", "--strict", "--site-dir", tmp_path / "site"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    pages = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")}
    assert {"index.html", "tutorial.html", "rules/lock-fresh.html"} <= pages
    loaded = [
        address
        for path in (tmp_path / "site").rglob("*.html")
        for address in re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)"', path.read_text("utf-8"))
    ]
    assert loaded == []  # a reader's browser asks nobody else


def test_the_readme_shows_what_a_check_prints() -> None:
    assert ("README.md", "check --rev v1.1.0") in SAMPLES


def test_lifelint_passes_on_its_own_repository() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lifelint", "check", "--fail-on", "warning", "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]
    [project] = json.loads(done.stdout)["projects"]
    assert project["scorecard"]["proven"] == project["scorecard"]["applicable"] > 0

"""Which folders are projects, and what belongs to each."""

from __future__ import annotations

import pytest

from lifelint import catalog
from lifelint.config import Config
from lifelint.facts import Facts
from lifelint.inspection import OUTSIDE, inspect
from lifelint.projects import Project, Shares, declared, detect
from lifelint.report import terminal
from lifelint.report.look import Look
from lifelint.snapshot.memory import MemorySnapshot
from tests.conftest import facts_of

PIPELINE = "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.json]\n"


def roots(files: dict[str, str]) -> list[str]:
    return [project.root for project in detect(facts_of(files))]


def test_a_repository_is_one_project() -> None:
    assert roots({"dvc.yaml": PIPELINE, "src/requirements.txt": "a==1\n"}) == [""]


def test_an_empty_repository_is_one_project() -> None:
    assert roots({"README.md": "hi\n"}) == [""]


def test_folders_with_pipeline_and_environment_of_their_own_stand_alone() -> None:
    files = {"requirements.txt": "a==1\n", "b/dvc.yaml": PIPELINE, "b/requirements.txt": "a==1\n"}

    assert roots(files) == ["", "b"]


def test_a_nested_manifest_alone_makes_no_project() -> None:
    assert roots({"requirements.txt": "a==1\n", "serve/requirements.txt": "a==1\n"}) == [""]


def test_where_the_top_has_nothing_the_topmost_folders_are_projects() -> None:
    files = {
        "README.md": "",
        "x/requirements.txt": "a\n",
        "y/pipeline/dvc.yaml": PIPELINE,
        "y/pipeline/deep/requirements.txt": "a\n",
    }

    assert roots(files) == ["x", "y/pipeline"]


def test_one_nested_folder_alone_is_the_repository_s_project() -> None:
    assert roots({"README.md": "", "src/requirements.txt": "a\n"}) == [""]


def test_the_modules_of_a_nextflow_pipeline_are_no_projects() -> None:
    modules = ("modules/nf-core/fastqc", "modules/nf-core/multiqc")
    files = {f"{folder}/environment.yml": "channels: [bioconda]\ndependencies: [fastqc=0.12.1]\n" for folder in modules}
    flows = dict.fromkeys([f"{folder}/main.nf" for folder in modules], "process A {\n}\n")

    assert roots({**files, **flows, "main.nf": "workflow {\n}\n"}) == [""]
    assert roots({**files, **flows}) == [*modules]


@pytest.mark.parametrize(("given", "root"), [(".", ""), ("./a/", "a"), ("/a/b", "a/b")])
def test_declared_roots_are_normalised(given: str, root: str) -> None:
    assert declared([given]) == [Project(root)]


def share(facts: Facts, root: str, kind: str, *others: str) -> list[str]:
    projects = [Project(root), *map(Project, others)]
    return [item.path for item in Shares(facts, projects).of(projects[0])[kind].items]


def test_a_file_belongs_to_the_innermost_project_around_it() -> None:
    facts = facts_of({f"{folder}Dockerfile": "FROM a:1\n" for folder in ("", "a/", "a/b/", "ab/")})

    assert share(facts, "", "images", "a") == ["Dockerfile", "ab/Dockerfile"]
    assert share(facts, "a", "images", "a/b") == ["a/Dockerfile"]
    assert share(facts, "a", "images") == ["a/Dockerfile", "a/b/Dockerfile"]


def test_an_unread_file_is_unread_only_for_its_own_project() -> None:
    shares = Shares(facts_of({"a/dvc.yaml": "stages: [", "b/dvc.yaml": PIPELINE}), [Project("a"), Project("b")])

    assert [u.path for u in shares.of(Project("a"))["stages"].unread] == ["a/dvc.yaml"]
    assert shares.of(Project("b"))["stages"].unread == ()


def test_a_project_without_an_environment_has_that_of_the_project_around_it() -> None:
    facts = facts_of({"requirements.txt": "a==1\n", "b/dvc.yaml": PIPELINE, "c/requirements.txt": "a==1\n"})

    assert share(facts, "b", "manifests", "", "c") == ["requirements.txt"]
    assert share(facts, "c", "manifests", "", "b") == ["c/requirements.txt"]


def test_a_lock_above_counts_where_it_covers_the_project_or_that_declares_nothing() -> None:
    project = '[project]\nname = "{}"\nversion = "1"\n'
    lock = (
        'version = 1\n[[package]]\nname = "top"\nsource = { virtual = "." }\n'
        '[[package]]\nname = "a"\nsource = { editable = "a" }\n'
    )
    facts = facts_of(
        {
            "pyproject.toml": project.format("top") + '[tool.uv.workspace]\nmembers = ["a"]\n',
            "uv.lock": lock,
            "a/pyproject.toml": project.format("a"),
            "b/requirements.in": "scipy\n",
            "c/dvc.yaml": PIPELINE,
        }
    )

    assert share(facts, "a", "locks", "") == ["uv.lock"]
    assert share(facts, "b", "locks", "") == []
    assert share(facts, "c", "locks", "") == ["uv.lock"]


def test_what_goes_through_all_at_the_top_runs_for_all() -> None:
    workflow = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: pytest}]\n"
    facts = facts_of({".github/workflows/ci.yml": workflow, "a/cloudbuild.yaml": "steps: [{script: make}]\n"})

    assert share(facts, "a", "ci_commands", "b") == ["a/cloudbuild.yaml", ".github/workflows/ci.yml"]
    assert share(facts, "b", "ci_commands", "a") == [".github/workflows/ci.yml"]
    assert share(facts, "", "ci_commands", "a") == [".github/workflows/ci.yml"]
    assert share(facts, "a", "ci_commands", "") == ["a/cloudbuild.yaml", ".github/workflows/ci.yml"]
    assert share(facts, "a", "permissions", "b") == [".github/workflows/ci.yml"]
    assert share(facts, "b", "permissions", "a") == []


def test_what_lies_in_no_project_is_told() -> None:
    files = {"a/dvc.yaml": PIPELINE, "b/dvc.yaml": PIPELINE}
    files |= {"Dockerfile": "FROM python\n", "c/x/Dockerfile": "FROM a\n"}
    report = inspect(MemorySnapshot({**files, "notes.md": "# Notes\n"}), Config(), catalog.load())
    text = terminal.render(report, Look(width=200))

    assert [project.root for project in report.projects] == ["a", "b"]
    assert report.left_out == [(OUTSIDE, 2, "Dockerfile")]
    assert "2 files lie in no project and are not judged, such as Dockerfile" in text
    whole = inspect(MemorySnapshot({**files, "dvc.yaml": PIPELINE}), Config(), catalog.load())
    assert "" in [project.root for project in whole.projects]
    assert whole.left_out == []


def test_of_a_command_each_project_has_its_own_part() -> None:
    workflow = "on: push\njobs:\n  a:\n    steps: [{run: 'cd a && dvc repro && cd ../b && dvc repro --pull'}]\n"
    facts = facts_of({".github/workflows/ci.yml": workflow})
    shares = Shares(facts, [Project(""), Project("a"), Project("b"), Project("c")])
    texts = {root: [one.text for one in shares.of(Project(root))["ci_commands"].items] for root in ("", "a", "b", "c")}

    assert texts == {"": [], "a": ["cd a && dvc repro"], "b": ["cd ../b && dvc repro --pull"], "c": []}


def test_of_one_project_every_command_is_its_own_as_it_is_written() -> None:
    workflow = "on: push\njobs:\n  a:\n    steps: [{run: cd $X && dvc repro}, {run: dvc repro, working-directory: b}]\n"
    facts = facts_of({".github/workflows/ci.yml": workflow})

    for root in ("", "a"):
        found = Shares(facts, [Project(root)]).of(Project(root))["ci_commands"].items
        assert found == facts["ci_commands"].items

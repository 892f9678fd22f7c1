"""What a repository does, and the evidence."""

from __future__ import annotations

import pickle

import pytest

from tests.conftest import facts_of


def facets(files: dict[str, str | bytes]) -> dict[str, str]:
    return {facet.name: facet.path for facet in facts_of(files)["facets"].items}


def test_a_declared_library_makes_it_machine_learning() -> None:
    found = facets({"requirements.txt": "requests\nscikit-learn==1.5\n", "src/train_model.py": "x = 1\n"})

    assert found["ml"] == "requirements.txt"
    assert found["trains"] == "src/train_model.py"


def test_imports_tell_where_no_manifest_does() -> None:
    assert facets({"src/a.py": "x = 1\n", "src/b.py": "if x:\n    from torch import nn\n"})["ml"] == "src/b.py"


def test_a_notebook_that_imports_tells_too() -> None:
    notebook = '{"cells": [{"cell_type": "code", "source": ["import pandas as pd\\n", "from sklearn import svm\\n"]}]}'

    assert facets({"a.ipynb": notebook})["ml"] == "a.ipynb"


@pytest.mark.parametrize(
    "text", ["import torchlight\n", "# import torch\n", "s = 'we import torch'\n", "import requests\n"]
)
def test_other_texts_do_not(text: str) -> None:
    assert "ml" not in facets({"src/a.py": text})


def test_tests_and_documentation_do_not() -> None:
    assert "ml" not in facets({"docs/a.py": "import torch\n", "examples/b.py": "import torch\n"})


def test_artifacts_show_data_models_and_how_they_are_versioned() -> None:
    found = facets(
        {
            "data/a.csv.dvc": f"outs:\n- md5: {'a' * 32}\n  hash: md5\n  path: a.csv\n",
            "models/model.pkl": pickle.dumps([1], 4),
        }
    )

    assert found["data"] == "data/a.csv.dvc"
    assert found["versioning:dvc"] == "data/a.csv.dvc"
    assert found["model"] == "models/model.pkl"


def test_fixtures_are_no_data_of_the_project() -> None:
    assert "data" not in facets({"tests/test_a.py": "", "tests/rows.csv": "a,b\n"})


@pytest.mark.parametrize(
    ("name", "trains"),
    [
        *(
            (name, True)
            for name in ("train.py", "training_flow.py", "lgb_trainer.py", "finetune_data_2.py", "train_test.py")
        ),
        *((name, False) for name in ("train_data.py", "upload_train.py", "train_test_split.py", "train_stats.py")),
        *((name, False) for name in ("finetune_export.py", "training_schema.py")),
        *((name, False) for name in ("test_train.py", "train_example.py", "tutorial_2_train.ipynb", "constraints.py")),
    ],
)
def test_code_is_named_as_training(name: str, trains: bool) -> None:
    assert ("trains" in facets({"requirements.txt": "torch==2.1\n", f"src/{name}": "{}"})) is trains


def test_a_pipeline_and_its_training_stage_are_shown() -> None:
    found = facets({"dvc.yaml": "stages:\n  train:\n    cmd: python run.py\n    deps: [run.py]\n    outs: [m.bin]\n"})

    assert found["pipeline:dvc"] == "dvc.yaml"
    assert found["trains"] == "dvc.yaml"


@pytest.mark.parametrize(
    ("path", "facet"),
    [
        (".github/workflows/ci.yml", "ci:github"),
        (".gitlab-ci.yml", "ci:gitlab"),
        ("infra/azure-pipelines.yml", "ci:azure"),
        (".pipelines/model-ci.yml", "ci:azure"),
        ("cloudbuild/e2e-test.yaml", "ci:cloudbuild"),
        (".circleci/config.yml", "ci:circleci"),
        ("Jenkinsfile", "ci:jenkins"),
        ("docker/Dockerfile.gpu", "container"),
        ("workflow/Snakefile", "pipeline:snakemake"),
        ("MLproject", "pipeline:mlflow"),
        ("service/bentofile.yaml", "ships_model"),
        ("eda.ipynb", "notebooks"),
    ],
)
def test_names_of_files_show_it(path: str, facet: str) -> None:
    assert facets({path: "{}"})[facet] == path


@pytest.mark.parametrize(
    "path",
    ["mlruns/0/ab/artifacts/model/MLmodel", f"mlflow/store/1/models/m-{'1' * 32}/artifacts/MLmodel",
     "docs/samples/model-settings.json", "docs-gb/examples/iris/MLmodel",
     "integration-test/model/MLmodel", "benchmarking/bentofile.yaml"],
)  # fmt: skip
def test_what_is_packaged_for_a_trial_is_not_shipped(path: str) -> None:
    assert "ships_model" not in facets({path: "{}"})


@pytest.mark.parametrize("path", ["sub/.github/workflows/ci.yml", "docs/.travis.yml", "workflows/ci.yml"])
def test_names_in_other_places_do_not(path: str) -> None:
    assert not any(name.startswith("ci:") for name in facets({path: "{}"}))


def test_an_empty_repository_does_nothing() -> None:
    assert facets({"README.md": "# Hello\n", "x.py": "x = 1\n"}) == {}


def test_each_folder_that_shows_a_facet_is_named_once() -> None:
    files = {"a/requirements.txt": "torch\n", "b/requirements.txt": "torch\n", "b/requirements-dev.txt": "torch\n"}

    paths = [facet.path for facet in facts_of(files)["facets"].items if facet.name == "ml"]

    assert sorted(path.split("/")[0] for path in paths) == ["a", "b"]

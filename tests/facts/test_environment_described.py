"""The environments of MLflow projects and models, and of models that Cog and BentoML package."""

from __future__ import annotations

import pytest

from lifelint.facts._source import Unreadable
from lifelint.facts.environment import Manifest
from lifelint.facts.environment.mlflow_files import parse_mlmodel, parse_mlproject, parse_python_env
from lifelint.facts.environment.packaged_files import parse_bentofile, parse_cog
from lifelint.facts.environment.renv_lock import parse_description, parse_renv_lock
from tests.conftest import facts_of


def manifests(files: dict[str, str]) -> dict[str, Manifest]:
    made = facts_of(files)["manifests"]
    assert not made.unread
    return {manifest.path: manifest for manifest in made.items}


def asked(manifest: Manifest) -> list[tuple[str, str, int]]:
    return [(r.name, r.path, r.line) for r in manifest.dependencies]


def test_a_python_env_of_an_mlflow_project_is_a_manifest_with_what_it_includes() -> None:
    found = manifests(
        {
            "MLproject": "name: churn\npython_env: env/py.yaml\n",
            "env/py.yaml": 'python: "3.11"\nbuild_dependencies: [pip]\ndependencies:\n- numpy==2.1.0\n- -r more.txt\n',
            "env/more.txt": "pandas\n",
        }
    )["env/py.yaml"]

    assert (found.tool, found.requires_python, found.requires_python_line) == ("mlflow", "3.11", 1)
    assert asked(found) == [("numpy", "env/py.yaml", 4), ("pandas", "env/more.txt", 1)]


def test_a_conda_file_is_found_by_the_name_an_mlflow_project_gives_it() -> None:
    files = {
        "MLproject": "name: churn\nconda_env: deps.yaml\n",
        "deps.yaml": "name: churn\nchannels: [conda-forge]\ndependencies:\n  - numpy=2.1.0\n",
    }

    assert asked(manifests(files)["deps.yaml"]) == [("numpy", "deps.yaml", 4)]
    assert manifests({"deps.yaml": files["deps.yaml"]}) == {}


COG = """\
build:
  gpu: true
  cuda: "12.1"
  python_version: "3.11"
  python_packages:
    - "torch==2.4.1"
    - transformers
predict: "predict.py:Predictor"
"""


def test_the_packages_of_a_cog_are_asked_for_by_its_file() -> None:
    found = manifests({"cog.yaml": COG})["cog.yaml"]

    assert (found.tool, found.requires_python) == ("cog", "3.11")
    assert [(r.name, r.exact, r.line) for r in found.dependencies] == [("torch", True, 6), ("transformers", False, 7)]


def test_a_bentofile_asks_for_packages_and_files() -> None:
    python = "python:\n  requirements_txt: ./r.txt\n  packages: [xgboost]\n"
    text = f'service: "s:Svc"\n{python}docker:\n  python_version: "3.10"\n'
    found = manifests({"bentofile.yaml": text, "r.txt": "numpy==2.1.0\n"})["bentofile.yaml"]

    assert asked(found) == [("xgboost", "bentofile.yaml", 4), ("numpy", "r.txt", 1)]
    assert (found.tool, found.requires_python, [i.found for i in found.includes]) == ("bentoml", "3.10", [True])


MLMODEL = """\
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    python_version: 3.9.13
  sklearn:
    sklearn_version: 1.1.3
mlflow_version: 2.0.1
"""


def test_what_was_recorded_with_a_model_is_no_environment_of_the_project() -> None:
    files = {
        "model/MLmodel": MLMODEL,
        "model/requirements.txt": "mlflow\nscikit-learn==1.1.3\n",
        "model/conda.yaml": "name: x\nchannels: [a]\ndependencies: [python]\n",
        "model/python_env.yaml": "python: 3.9.13\ndependencies: [-r requirements.txt]\n",
    }
    [found] = manifests(files).values()

    assert (found.path, found.role, found.requires_python) == ("model/MLmodel", "model", "3.9.13")
    assert asked(found) == [
        ("scikit-learn", "model/MLmodel", 9),
        ("mlflow", "model/requirements.txt", 1),
        ("scikit-learn", "model/requirements.txt", 2),
    ]


def test_models_of_past_runs_say_nothing() -> None:
    assert manifests({"mlruns/0/abc/artifacts/model/MLmodel": MLMODEL}) == {}


@pytest.mark.parametrize("parse", [parse_mlproject, parse_python_env, parse_mlmodel, parse_cog, parse_bentofile])
@pytest.mark.parametrize(
    "data",
    [b"", b"- 1\n", b"a: [", b"build: 1\n", b"python: {packages: {a: 1}}\n", b"flavors: {a: [1], b: {env: 3}}\n",
     b"docker_env: {image: [1]}\n", b"dependencies: {a: [.nan]}\npython: .nan\n", b"service: x\npython: [1]\n"],
)  # fmt: skip
def test_odd_values_are_left_out_or_unreadable(parse: object, data: bytes) -> None:
    try:
        parse(data)  # type: ignore[operator]
    except Unreadable as error:
        assert error.message


RENV = """\
{
  "R": {"Version": "4.4.1", "Repositories": []},
  "Packages": {
    "dplyr": {
      "Package": "dplyr",
      "Version": "1.1.4",
      "Source": "Repository"
    },
    "Matrix": {
      "Package": "Matrix",
      "Version": "1.7-0"
    }
  }
}
"""
DESCRIPTION = """\
Package: churn
Version: 0.1
Depends: R (>= 4.1)
Imports:
    dplyr (>= 1.1.0),
    Matrix (>= 1.6-5),
    stats
"""
IGNORED = '{"ignored.packages": ["ggplot2"], "snapshot.type": "explicit"}'
EXPLICIT = '{"snapshot.type": "explicit"}'


@pytest.mark.parametrize(
    ("description", "settings", "fresh", "why"),
    [
        (DESCRIPTION, EXPLICIT, True, "it holds all that DESCRIPTION asks for"),
        (DESCRIPTION, "{}", None, "what the code uses besides"),
        (DESCRIPTION + "Suggests: testthat\n", EXPLICIT, True, "it holds all"),
        (DESCRIPTION.replace("stats", "stats, ggplot2"), "{}", False, "ggplot2 is asked for in DESCRIPTION:7"),
        (DESCRIPTION.replace("1.1.0", "1.2"), EXPLICIT, False, "dplyr >=1.2 in DESCRIPTION:5, the lock holds 1.1.4"),
        (DESCRIPTION.replace("1.6-5", "1.7.1"), EXPLICIT, False, "Matrix >=1.7.1"),
        (DESCRIPTION.replace("stats", "ggplot2"), IGNORED, True, ""),
        (DESCRIPTION, '{"snapshot.type": "custom"}', None, "something else"),
        (None, "{}", None, "there is no DESCRIPTION"),
    ],
)  # fmt: skip
def test_an_renv_lock_holds_what_the_description_asks_for(
    description: str | None, settings: str, fresh: bool | None, why: str
) -> None:
    files = {"renv.lock": RENV, "renv/settings.json": settings}
    made = facts_of(files if description is None else {**files, "DESCRIPTION": description})
    [lock] = made["locks"].items

    assert (lock.tool, lock.packages, lock.fresh) == ("renv", 2, fresh)
    assert why in lock.why
    assert lock.difference_line == (4 if "dplyr" in why else 9 if "Matrix" in why else 0)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"R": 1}', b'{"R": {}, "Packages": []}'])
def test_what_is_no_renv_lock_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_renv_lock(data)


def test_fields_of_a_description_end_where_the_next_begins() -> None:
    text = b"Package: p\nTitle: Imports of things\n dplyr\nImports: a,\n  b (== 1.2)\nAuthor: c\n"

    assert [(r.name, r.line, r.exact) for r in parse_description(text).requirements] == [
        ("a", 4, False),
        ("b", 5, True),
    ]

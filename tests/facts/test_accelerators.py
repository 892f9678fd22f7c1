"""What states a CUDA or ROCm version, and which statements may not differ."""

from __future__ import annotations

import pytest

from lifelint.checks import accelerators, parity
from lifelint.model import Observation
from tests.conftest import facts_of

CONDA = "name: x\nchannels: [a]\ndependencies:\n  - {}\n"


def stated(files: dict[str, str]) -> list[tuple[str, str, bool]]:
    made = facts_of(files)["accelerators"]
    assert not made.unread
    return [(a.toolkit, a.major, a.variant) for a in made.items]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("requirements.txt", "torch==2.4.1+cu121\n", [("cuda", "12", False)]),
        ("requirements.txt", "torch==1.7.1+cu92\n", [("cuda", "9", False)]),
        ("requirements.txt", "torch==2.4.1+rocm6.1\n", [("rocm", "6", False)]),
        ("requirements.txt", "torch==2.4.1+cpu\ntorch-cluster\n", []),
        ("requirements.txt", "jax[cuda12]==0.4.30 ; sys_platform == 'linux'\n", [("cuda", "12", True)]),
        ("requirements.txt", "nvidia-cublas-cu11\ncupy-cuda12x\n", [("cuda", "11", False), ("cuda", "12", False)]),
        ("environment.yml", CONDA.format("pytorch-cuda=11.8"), [("cuda", "11", False)]),
        ("environment.yml", CONDA.format("cudatoolkit"), []),
        ("Dockerfile", "FROM nvidia/cuda:12.4.1-base-ubuntu22.04\n", [("cuda", "12", False)]),
        ("Dockerfile", "FROM x/pytorch:2.1.0-cuda11.8-cudnn8-runtime\n", [("cuda", "11", False)]),
        ("Dockerfile", "FROM anyscale/ray:2.7.0optimized-py310-cu118\n", [("cuda", "11", False)]),
        ("Dockerfile", "FROM rocm/pytorch:rocm6.1.2_ubuntu22.04\n", [("rocm", "6", False)]),
        ("Dockerfile", "FROM nvidia/cuda\nFROM python:3.12\n", []),
        ("cog.yaml", 'build:\n  cuda: "11.8"\n', [("cuda", "11", False)]),
        ("bentofile.yaml", 'service: s\ndocker:\n  cuda_version: "12.1.1"\n', [("cuda", "12", False)]),
    ],
)
def test_what_states_a_version(path: str, text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert stated({path: text}) == expected


def agreement(files: dict[str, str]) -> list[Observation]:
    facts = facts_of(files)
    return list(accelerators.agree(facts["accelerators"].items, facts["manifests"].items))


IMAGE = {"Dockerfile": "FROM nvidia/cuda:11.8.0-base-ubuntu22.04\n"}
UV = """\
version = 1
[[package]]
name = "nvidia-cudnn-cu12"
version = "9.1.0"
source = { registry = "https://pypi.org/simple" }
"""


def test_an_image_is_compared_with_what_the_lock_brings() -> None:
    project = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "uv.lock": UV}
    [observation] = agreement({**IMAGE, **project})

    assert (observation.ok, observation.path) == (False, "Dockerfile")
    assert observation.detail.endswith("nvidia-cudnn-cu12 9.1.0 is CUDA 12 (uv.lock)")


def test_a_lock_for_several_platforms_is_not_held_against_itself() -> None:
    both = UV + UV.replace("version = 1\n", "").replace("cu12", "cu13")
    project = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "uv.lock": both}

    assert agreement({**IMAGE, **project}) == []


def test_projects_beside_each_other_may_differ() -> None:
    files = {
        "a/requirements.txt": "torch==2.4.1+cu121\n",
        "b/requirements.txt": "torch==2.4.1+cu118\n",
        "b/Dockerfile": IMAGE["Dockerfile"],
    }

    assert [o.ok for o in agreement(files)] == [True]


def served(files: dict[str, str]) -> list[tuple[str, bool | None]]:
    made = facts_of(files)["libraries"]
    assert not made.unread
    return [(o.subject, o.ok) for o in parity.same_versions(made.items)]


def test_a_service_is_compared_with_the_nearest_environment_around_it() -> None:
    files = {
        "requirements.txt": "torch==1.13.1\n",
        "b/requirements.txt": "torch==2.4.1\n",
        "b/serving/requirements.txt": "torch==2.4.1+cpu\n",
    }

    assert served(files) == [("b/serving/requirements.txt:torch", True)]


def test_several_environments_around_a_service_leave_open_which_trains() -> None:
    files = {
        "requirements.txt": "torch==1.13.1\n",
        "requirements-new.txt": "torch==2.4.1\n",
        "cog.yaml": "build:\n  python_packages: [torch==2.4.1]\n",
    }

    assert served(files) == []


def test_what_a_lock_holds_is_what_trains() -> None:
    lock = UV.replace("nvidia-cudnn-cu12", "joblib").replace("9.1.0", "1.4.2")
    files = {
        "pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["joblib>=1"]\n',
        "uv.lock": lock,
        "inference/requirements.txt": "joblib==1.3.0\n",
    }

    assert served(files) == [("inference/requirements.txt:joblib", False)]


def test_conda_and_pip_names_of_one_library_are_compared() -> None:
    files = {"environment.yml": CONDA.format("pytorch==2.4.1"), "serve/requirements.txt": "torch==2.4\n"}

    assert served(files) == [("serve/requirements.txt:torch", False)]


def test_one_line_that_both_read_is_judged_elsewhere() -> None:
    files = {"requirements.txt": "torch\n", "serve/requirements.txt": "-r ../requirements.txt\n"}

    assert served(files) == []

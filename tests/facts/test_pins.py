"""The list of what is taken from elsewhere, and how firmly each thing is named."""

from __future__ import annotations

import pytest

from tests.conftest import facts_of

COMMIT = "1" * 40
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - uses: {}\n"
CALL = 'from transformers import AutoModel\nAutoModel.from_pretrained("org/base"{})\n'


@pytest.mark.parametrize(
    ("path", "text", "kind", "name", "strength"),
    [
        ("requirements.txt", "numpy==2.1.0\n", "package", "numpy", "version"),
        ("requirements.txt", "numpy>=2.1.0\n", "package", "numpy", "floating"),
        ("Dockerfile", f"FROM python:3.11@sha256:{'a' * 64}\n", "image", "python", "content"),
        ("Dockerfile", "FROM python:3.11\n", "image", "python", "version"),
        ("Dockerfile", "FROM python\n", "image", "python", "floating"),
        (".github/workflows/a.yaml", WORKFLOW.format(f"o/r@{COMMIT}"), "action", "o/r", "content"),
        (".github/workflows/a.yaml", WORKFLOW.format("o/r/sub@v4"), "action", "o/r/sub", "version"),
        (".github/workflows/a.yaml", WORKFLOW.format("o/r@main"), "action", "o/r", "floating"),
        (".github/workflows/a.yaml", WORKFLOW.format("slsa-framework/slsa-github-generator/x.yml@v2.1.0"), "action",
         "slsa-framework/slsa-github-generator/x.yml", "content"),
        (".github/workflows/a.yaml", WORKFLOW.format("slsa-framework/slsa-github-generator/x.yml@main"), "action",
         "slsa-framework/slsa-github-generator/x.yml", "floating"),
        ("Dockerfile", "FROM o/r:stable\n", "image", "o/r", "floating"),
        ("train.py", CALL.format(f', revision="{COMMIT}"'), "model", "org/base", "content"),
        ("train.py", CALL.format(""), "model", "org/base", "floating"),
    ],
)  # fmt: skip
def test_each_thing_is_named_by_something(path: str, text: str, kind: str, name: str, strength: str) -> None:
    [pin] = facts_of({path: text})["pins"].items

    assert (pin.path, pin.kind, pin.name, pin.strength) == (path, kind, name, strength)


@pytest.mark.parametrize("text", ["./local", "docker://alpine:3.20", "owner/name"])
def test_an_action_without_a_ref_is_none(text: str) -> None:
    assert facts_of({".github/workflows/a.yaml": WORKFLOW.format(text)})["pins"].items == ()


def test_what_a_lock_freezes_is_locked() -> None:
    [pin] = facts_of(
        {
            "pyproject.toml": '[project]\nname = "a"\nversion = "1"\ndependencies = ["numpy>=2"]\n',
            "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "a"\nversion = "1"\n'
            'source = { virtual = "." }\n',
        }
    )["pins"].items

    assert (pin.strength, pin.by) == ("locked", "uv.lock")

"""The chain of data, as in a public repository whose evaluation was promoted with the numbers of the model before."""

from __future__ import annotations

from lifelint.checks import chain
from tests.conftest import facts_of

PIPELINE = """\
stages:
  featurize:
    cmd: python src/featurization.py
    outs:
    - data/features
  train:
    cmd: python src/train.py
    deps:
    - data/features
    outs:
    - model.pkl
  evaluate:
    cmd: python src/evaluate.py
    deps:
    - data/features
    - model.pkl
"""
LOCK = """\
schema: '2.0'
stages:
  featurize:
    cmd: python src/featurization.py
    outs:
    - path: data/features
      md5: f35d4cc2c552ac959ae602162b8543f3.dir
      size: 2232588
      nfiles: 2
  train:
    cmd: python src/train.py
    deps:
    - path: data/features
      md5: f35d4cc2c552ac959ae602162b8543f3.dir
      size: 2232588
      nfiles: 2
    outs:
    - path: model.pkl
      md5: d1f6e055f7f5e2827fcf1e4a1e5a0b1e
      size: 1957931
  evaluate:
    cmd: python src/evaluate.py
    deps:
    - path: data/features
      md5: f8f5cbc3188008a7542d07e0d4d0fb43.dir
      size: 4465158
      nfiles: 2
    - path: model.pkl
      md5: cfa72ff6e2575c44f78f2d8c0c9c7a55
      size: 1952455
"""


def test_an_evaluation_of_the_model_before_is_found_in_the_lock_alone() -> None:
    found = [o for o in chain.consistent(facts_of({"dvc.yaml": PIPELINE, "dvc.lock": LOCK})["edges"].items) if not o.ok]

    assert [(o.subject, o.path, o.line) for o in found] == [
        ("stage:evaluate:data/features", "dvc.lock", 25),
        ("stage:evaluate:model.pkl", "dvc.lock", 29),
    ]
    assert found[1].detail == "model.pkl was consumed as cfa72f…, but dvc.yaml:train holds d1f6e0…"


def test_tracked_code_is_no_part_of_the_chain() -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x, deps: [a.py]}}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  s:\n    cmd: x\n    deps:\n    - path: a.py\n      md5: "
        + "0" * 32
        + "\n",
        "a.py": "a",
    }
    edges = facts_of(files)["edges"].items

    assert [edge.agrees for edge in edges] == [False]
    assert list(chain.consistent(edges)) == []

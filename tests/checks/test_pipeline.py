"""Checks of pipelines where the examples of the rules are not enough: one cause, one finding, and no flood."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lifelint.checks import chain, pipeline, steps
from lifelint.model import Observation
from tests.conftest import facts_of


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def failing(found: list[Observation]) -> list[str]:
    return [o.subject for o in found if o.ok is False]


def judged(files: Mapping[str, str]) -> dict[str, list[str]]:
    facts = facts_of(files)
    stages, edges = facts["stages"].items, facts["edges"].items
    return {
        "fresh": failing(list(pipeline.fresh(stages))),
        "recorded": failing(list(pipeline.recorded(stages))),
        "outputs": failing(list(pipeline.outputs_kept(stages))),
        "inputs": failing(list(pipeline.inputs_exist(stages))),
        "chain": failing(list(chain.consistent(edges))),
    }


def entry(path: str, digest: str) -> str:
    return f"    - path: {path}\n      hash: md5\n      md5: {digest}\n"


PIPELINE = """\
stages:
  train: {cmd: x, deps: [train.py], outs: [model.pkl]}
  evaluate: {cmd: y, deps: [model.pkl], metrics: [metrics.json: {cache: false}]}
  report: {cmd: z, deps: [metrics.json, style.css]}
"""


def lock(*, script: str = "train", model: str = "m", metrics: str = "{}", read: str = "{}") -> str:
    return (
        "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n"
        + entry("train.py", md5(script))
        + "    outs:\n"
        + entry("model.pkl", md5("m"))
        + "  evaluate:\n    cmd: y\n    deps:\n"
        + entry("model.pkl", md5(model))
        + "    outs:\n"
        + entry("metrics.json", md5(metrics))
        + "  report:\n    cmd: z\n    deps:\n"
        + entry("metrics.json", md5(read))
        + entry("style.css", md5("css"))
    )


GOOD = {"dvc.yaml": PIPELINE, "dvc.lock": lock(), "train.py": "train", "metrics.json": "{}", "style.css": "css"}
NOTHING: dict[str, list[str]] = {"fresh": [], "recorded": [], "outputs": [], "inputs": [], "chain": []}


def test_a_sound_pipeline_gives_no_finding() -> None:
    assert judged(GOOD) == NOTHING


def test_a_changed_script_is_the_stage_s_alone() -> None:
    assert judged({**GOOD, "train.py": "other"}) == {**NOTHING, "fresh": ["stage:train"]}


def test_a_broken_chain_is_the_chain_s_alone() -> None:
    assert judged({**GOOD, "dvc.lock": lock(model="old")}) == {**NOTHING, "chain": ["stage:evaluate:model.pkl"]}


def test_an_edited_metric_is_the_output_s_alone() -> None:
    assert judged({**GOOD, "metrics.json": '{"auc": 1}'}) == {**NOTHING, "outputs": ["metrics.json"]}


def test_an_absent_input_is_told_once() -> None:
    files = {name: text for name, text in GOOD.items() if name != "style.css"}

    assert judged(files) == {**NOTHING, "inputs": ["style.css"]}


def test_a_pipeline_without_lock_is_told_once() -> None:
    files = {name: text for name, text in GOOD.items() if name != "dvc.lock"}

    assert judged(files) == {**NOTHING, "recorded": ["dvc.yaml"]}


def test_an_external_input_keeps_nothing_unknown() -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x, deps: ['s3://b/k'], outs: [o]}}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  s:\n    cmd: x\n"
        "    deps:\n    - path: s3://b/k\n      etag: abc\n    outs:\n" + entry("o", md5("o")),
    }

    assert [o.ok for o in pipeline.fresh(facts_of(files)["stages"].items)] == [True]


def test_stages_of_one_template_are_one_finding() -> None:
    template = "cmd: 'python ../t.py ${item}', deps: [../t.py], outs: ['${item}.pkl']"
    records = "".join(
        f"  fit@{n}:\n    cmd: python ../t.py {n}\n    deps:\n{entry('../t.py', md5('old'))}"
        f"    outs:\n{entry(f'{n}.pkl', md5(n))}"
        for n in "xy"
    )
    files = {
        "a/dvc.yaml": f"stages:\n  fit:\n    foreach: [x, y, z]\n    do: {{{template}}}\n",
        "a/dvc.lock": f"schema: '2.0'\nstages:\n{records}",
        "t.py": "new",
    }

    [found] = pipeline.fresh(facts_of(files)["stages"].items)

    assert (found.ok, found.subject, found.path, found.line) == (False, "a/dvc.yaml:stage:fit@*", "a/dvc.lock", 8)
    assert "records no run of it" in found.detail
    assert "3 of 3 stages, such as fit@x" in found.detail


def test_a_name_with_split_is_neither_training_nor_evaluation() -> None:
    files = {"dvc.yaml": "stages: {train_test_split: {cmd: x}, fineTune: {cmd: x, outs: [m]}}\n"}
    found = facts_of(files)["steps"].items

    assert [(o.ok, o.detail) for o in steps.declared(found, (), (), ())] == [
        (False, "no step evaluates: there are train_test_split, fineTune")
    ]


def test_other_words_can_be_given() -> None:
    files = {"dvc.yaml": "stages: {cook: {cmd: x, outs: [m]}, taste: {cmd: y, deps: [m]}}\n"}
    found = facts_of(files)["steps"].items

    assert [o.ok for o in steps.declared(found, (), (), (), train=["cook"], evaluate=["taste"])] == [True]


def test_plots_can_be_held_to_the_same_as_metrics() -> None:
    files = {
        "dvc.yaml": "stages: {s: {cmd: x, plots: [p.csv: {cache: false}]}}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  s:\n    cmd: x\n    outs:\n" + entry("p.csv", md5("p")),
    }
    stages = facts_of(files)["stages"].items

    assert failing(list(pipeline.uncached_kept(stages))) == []
    assert failing(list(pipeline.uncached_kept(stages, kinds=["metric", "plot"]))) == ["p.csv"]


def test_a_file_of_parameters_is_told_of_as_a_whole() -> None:
    files = {
        "dvc.yaml": "stages:\n  train: {cmd: x, deps: [train.py], params: [other.yaml: [a], p]}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n"
        + entry("train.py", md5("train"))
        + "    params:\n      params.yaml:\n        p: 1\n",
        "train.py": "train",
        "other.yaml": "a: 1\n",
        "params.yaml": "p: 2\n",
    }

    [seen] = pipeline.fresh(facts_of(files)["stages"].items)

    assert seen.detail == "other.yaml: dvc.lock records no values of it; p was 1 and is 2"


def test_what_is_as_recorded_is_counted() -> None:
    files = {
        "dvc.yaml": "stages:\n  train: {cmd: x, deps: [train.py], params: [p, q]}\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n"
        + entry("train.py", md5("train"))
        + "    params:\n      params.yaml:\n        p: 1\n        q: 1\n",
        "train.py": "train",
        "params.yaml": "p: 1\nq: 1\n",
    }

    [seen] = pipeline.fresh(facts_of(files)["stages"].items)

    assert (seen.ok, seen.detail) == (True, "its command, 1 input and 2 parameters are as recorded")

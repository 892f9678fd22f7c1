"""Declared steps of every tool: what they are called, what they depend on, what they read and make."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifelint.facts._source import Unreadable
from lifelint.facts.steps import documents, python, texts
from tests.conftest import facts_of

PREFECT = """\
from prefect import flow, task
from lib import helper

@task(retries=2)
def load(): ...

@task
def train(rows): ...

@task
def evaluate(model, rows): ...

@flow(name="houses")
def main():
    rows = load()
    clean = helper(rows)
    model = train.submit(clean)
    if model:
        evaluate(model.result(), clean)
"""
ZENML_STEP = "from zenml import step\n@step\ndef train(rows): ...\n@step\ndef evaluate(model): ...\n"
ZENML = (
    "from zenml import pipeline\nfrom steps import train, evaluate\n@pipeline\ndef run():\n    evaluate(train(None))\n"
)
AIRFLOW = """\
from airflow import DAG
from airflow.operators.python import PythonOperator

with DAG("houses") as dag:
    fit = PythonOperator(task_id="train", python_callable=fit_model)
    judge = PythonOperator(task_id="evaluate", python_callable=score)
    tell = PythonOperator(task_id="tell", python_callable=mail)
    fit >> judge >> [tell]
"""
METAFLOW = """\
from metaflow import FlowSpec, step

class Houses(FlowSpec):
    @step
    def start(self):
        self.next(self.train)
    @step
    def train(self):
        self.next(self.evaluate, self.report)
    @step
    def evaluate(self): ...
    @step
    def report(self): ...
"""
DAGSTER = "from dagster import asset\n@asset\ndef rows(): ...\n@asset\ndef model(rows): ...\n"
KFP = """\
from kfp import dsl

@dsl.component
def train() -> str: ...

@dsl.component
def evaluate(model: str): ...

@dsl.pipeline(name="houses")
def houses():
    fit = train()
    evaluate(model=fit.output).after(fit)
"""
KEDRO = """\
from kedro.pipeline import node, pipeline

def create_pipeline(**kwargs):
    return pipeline([
        node(func=fit, inputs=["rows", "params:seed"], outputs="model", name="train"),
        node(score, ["model", "rows"], "metrics"),
    ])
"""
SAGEMAKER = """\
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

def get_pipeline():
    step_train = TrainingStep(name="Train", estimator=x)
    args = processor.run(inputs=[step_train.properties.ModelArtifacts])
    step_eval = ProcessingStep(name="Evaluate", step_args=args)
"""
FLYTE = """\
from flytekit import task, workflow
@task
def fit() -> int: ...
@task
def score(model: int) -> int: ...
@workflow
def wf() -> int:
    return score(model=fit())
"""
SNAKEFILE = """\
configfile: "config.yaml"

rule train:
    input:
        "data/{set}.csv",
        script="train.py",
    output: "model.pkl"
    shell:
        "python train.py {input}"

if True:
    rule evaluate:
        input:
            rules.train.output
        output: "metrics.json"
        script: "evaluate.py"

rule all:  # nothing
    input: "metrics.json"
"""
NEXTFLOW = """\
process TRAIN {
    script: "python train.py"
}
/* process GONE { */
process EVALUATE { }
workflow {
    TRAIN(rows)
    EVALUATE(TRAIN.out.model, rows)
}
"""
MAKEFILE = """\
.PHONY: all
PYTHON := python
all: metrics.json
model.pkl: train.py \\
    data.csv
\t$(PYTHON) train.py
metrics.json: model.pkl | folder
\t@python evaluate.py
%.o: %.c
\tcc $<
"""
SHELL = (
    "#!/bin/sh\npip install x\npython -m pip install .\npython -m nano.train \\\n  --fast\ntorchrun run/evaluate.py\n"
)
ARGO = """\
kind: CronWorkflow
metadata: {name: houses}
spec:
  workflowSpec:
    templates:
    - name: main
      dag:
        tasks:
        - {name: train, template: t}
        - {name: evaluate, template: e, dependencies: [train]}
    - name: other
      steps:
      - - {name: one, template: t}
      - - {name: two, template: t}
"""
AZURE = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
jobs:
  train: {type: command, command: python train.py}
  evaluate:
    inputs: {model: "${{parent.jobs.train.outputs.model}}"}
"""
COMPILED = """\
pipelineInfo: {name: houses}
root:
  dag:
    tasks:
      train: {}
      evaluate: {dependentTasks: [train]}
"""


@pytest.mark.parametrize(
    ("tool", "files", "expected"),
    [
        ("prefect", {"flow.py": PREFECT}, [("load", ()), ("train", ("load",)), ("evaluate", ("load", "train"))]),
        ("zenml", {"steps.py": ZENML_STEP, "run.py": ZENML}, [("train", ()), ("evaluate", ("train",))]),
        ("airflow", {"dag.py": AIRFLOW}, [("train", ()), ("evaluate", ("train",)), ("tell", ("evaluate",))]),
        (
            "metaflow",
            {"flow.py": METAFLOW},
            [("start", ()), ("train", ("start",)), ("evaluate", ("train",)), ("report", ("train",))],
        ),
        ("dagster", {"assets.py": DAGSTER}, [("rows", ()), ("model", ("rows",))]),
        ("kubeflow", {"pipe.py": KFP}, [("train", ()), ("evaluate", ("train",))]),
        ("kubeflow", {"pipe.yaml": COMPILED}, [("train", ()), ("evaluate", ("train",))]),
        ("sagemaker", {"pipe.py": SAGEMAKER}, [("Train", ()), ("Evaluate", ("Train",))]),
        ("flyte", {"wf.py": FLYTE}, [("fit", ()), ("score", ("fit",))]),
        ("snakemake", {"Snakefile": SNAKEFILE}, [("train", ()), ("evaluate", ("train",)), ("all", ())]),
        ("nextflow", {"main.nf": NEXTFLOW}, [("TRAIN", ()), ("EVALUATE", ("TRAIN",))]),
        ("shell", {"run.sh": SHELL}, [("nano/train", ()), ("run/evaluate.py", ("nano/train",))]),
        ("argo", {"a.yaml": ARGO}, [("train", ()), ("evaluate", ("train",)), ("one", ()), ("two", ("one",))]),
        ("azureml", {"a.yml": AZURE}, [("train", ()), ("evaluate", ("train",))]),
    ],
)
def test_steps_and_what_they_depend_on(tool: str, files: dict[str, str], expected: list[tuple[str, object]]) -> None:
    found = facts_of(files)["steps"]

    assert found.unread == ()
    assert [(one.name, one.after) for one in found.items if one.tool == tool] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"pipeline.py": KEDRO},
            [("train", ("rows", "params:seed"), ("model",)), ("score", ("model", "rows"), ("metrics",))],
        ),
        (
            {"Snakefile": SNAKEFILE},
            [("train", ("data/{set}.csv", "train.py"), ("model.pkl",)), ("evaluate", (), ("metrics.json",)),
             ("all", ("metrics.json",), ())],
        ),
        (
            {"Makefile": MAKEFILE},
            [("all", ("metrics.json",), ("all",)), ("model.pkl", ("train.py", "data.csv"), ("model.pkl",)),
             ("metrics.json", ("model.pkl", "folder"), ("metrics.json",))],
        ),
    ],
)  # fmt: skip
def test_what_steps_read_and_make(files: dict[str, str], expected: list[tuple[object, ...]]) -> None:
    assert [(one.name, one.reads, one.makes) for one in facts_of(files)["steps"].items] == expected


def test_entry_points_of_mlproject_have_no_order() -> None:
    text = "name: x\nentry_points:\n  train: {command: python train.py}\n  main: {}\n"
    found = facts_of({"MLproject": text})["steps"].items

    assert [(one.name, one.line, one.ordered) for one in found] == [("train", 3, False), ("main", 4, False)]


def test_dvc_stages_are_steps() -> None:
    text = "stages:\n  train: {cmd: python t.py, deps: [t.py, a.csv], outs: [m], metrics: [m.json]}\n"
    [step] = facts_of({"dvc.yaml": text, "t.py": ""})["steps"].items

    assert (step.tool, step.reads, step.makes, step.runs, step.scores) == (
        "dvc",
        ("t.py", "a.csv"),
        ("m", "m.json"),
        ("t.py",),
        True,
    )


def test_functions_of_other_libraries_are_no_steps() -> None:
    code = "from celery import task\n@task\ndef train(): ...\nnode(1, 2, 3)\nTrainingStep(name='x')\n"

    assert facts_of({"a.py": code})["steps"].items == ()


def test_python_that_cannot_be_parsed_is_told_where_it_uses_such_a_tool() -> None:
    assert [
        u.path for u in facts_of({"a.py": "import prefect\n@flow\ndef (", "b.py": "@flow\ndef ("})["steps"].unread
    ] == ["a.py"]


@given(st.text(alphabet="rule train:\n\t input\"'#{}()./\\=@%$ABCprocess.out", max_size=200))
def test_any_text_gives_steps(text: str) -> None:
    for read in (texts.snakemake, texts.nextflow, texts.make, texts.shell):
        assert all(one.line >= 1 for one in read(text.encode()))


KEYS = "kind spec templates dag tasks steps name jobs type root inputs pipelineSpec metadata dependencies entry_points"


@given(
    st.recursive(
        st.none() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_document_gives_pipelines_or_is_unreadable(document: object) -> None:
    for read in (documents.pipelines, documents.mlproject):
        try:
            assert isinstance(read(json.dumps(document).encode()), list)
        except Unreadable as error:
            assert error.message


@given(st.text(max_size=100))
def test_any_python_is_parsed_or_unreadable(text: str) -> None:
    try:
        python.parse(text.encode("utf-8", "surrogatepass"))
    except Unreadable as error:
        assert error.message


NODES = """\
from kedro.pipeline import node, pipeline

def create_pipeline():
    return pipeline([node(fit, inputs=["rows", "season"], outputs="model", name="train")])
"""


def test_a_catalog_tells_where_the_datasets_of_kedro_lie() -> None:
    entry = "{}:\n  type: pandas.CSVDataset\n  filepath: {}\n".format
    facts = facts_of(
        {
            "a/src/pipeline.py": NODES,
            "a/conf/base/catalog.yml": entry("rows", "data/01_raw/rows.csv") + entry("season", "${root}/season.csv"),
            "a/conf/test/catalog.yml": entry("rows", "data/test.csv") + entry("model", "s3://models/model.pkl"),
            "a/conf/local/catalog.yml": entry("season", "data/season.csv"),
            "b/conf/base/catalog.yml": entry("season", "data/season.csv"),
            "a/conf/base/catalog_broken.yml": "rows: [",
        }
    )
    [step] = facts["steps"].items

    assert step.reads == ("a/data/01_raw/rows.csv", "season")
    assert step.makes == ("s3://models/model.pkl",)


BUNDLE = """\
resources:
  jobs:
    wine:
      tasks:
        - task_key: train
          spark_python_task: {python_file: ../src/fit.py}
        - task_key: gate
          condition_task: {op: EQUAL_TO}
          depends_on: [{task_key: train}, {}]
        - {notebook_task: {notebook_path: x}}
    empty: {tasks: none}
"""


def test_the_tasks_of_a_bundle_of_databricks_are_steps() -> None:
    [found] = documents.pipelines(BUNDLE.encode())

    assert (found.tool, found.name) == ("databricks", "wine")
    assert [(one.line, one.name, one.runs, one.after) for one in found.steps] == [
        (5, "train", ("../src/fit.py",), ()),
        (7, "gate", (), ("train",)),
    ]
    assert documents.possible(BUNDLE.encode())

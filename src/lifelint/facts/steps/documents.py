"""Steps that YAML and JSON documents declare: Argo, compiled Kubeflow pipelines, Azure ML, Databricks, MLproject.

Formats: Argo's ``Workflow`` (argoproj.io), KFP's ``PipelineSpec`` (pipeline_spec.proto), Azure ML's schema of
pipeline jobs, jobs of Databricks' bundles (docs.databricks.com, "Bundle resources", ``job``), MLflow's MLproject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lifelint._patterns import lazy
from lifelint.facts._yaml_values import Map
from lifelint.facts.steps.texts import Found

_SIGNS = lazy(
    rb"kind:\s*[\"']?(?:Workflow|CronWorkflow|WorkflowTemplate|ClusterWorkflowTemplate)\b|pipelineSpec|pipelineInfo"
    rb"|pipelineJob\.schema\.json|type:\s*pipeline\b|task_key:"
)


class Document(NamedTuple):
    """A pipeline that a document declares."""

    tool: str
    name: str
    steps: list[Found]


def possible(data: bytes) -> bool:
    """Whether a YAML file may declare a pipeline."""
    return (b"Workflow" in data or b"ipeline" in data or b"task_key" in data) and _SIGNS.search(data) is not None


def pipelines(data: bytes) -> list[Document]:
    """The pipelines of a YAML file.

    Raises:
        Unreadable: it is not YAML; with the line.
    """
    from lifelint.facts._yaml import load_all

    return [made for document in load_all(data) if isinstance(document, Map) for made in _of_document(document)]


def mlproject(data: bytes) -> list[Document]:
    """The entry points of an MLproject file; nothing in it says in which order they run.

    Raises:
        Unreadable: it is not YAML; with the line.
    """
    from lifelint.facts._yaml import load

    document = load(data)
    points = document.get("entry_points") if isinstance(document, Map) else None
    if not isinstance(points, Map):
        return []
    steps = [
        Found(points.lines[name], str(name), (str(point.get("command", "")),) if isinstance(point, dict) else ())
        for name, point in points.items()
    ]
    return [Document("mlflow", str(document.get("name", "")), steps)]


def _of_document(document: Map) -> Iterator[Document]:
    kind, spec = str(document.get("kind", "")), document.get("spec")
    if kind.endswith(("Workflow", "WorkflowTemplate")) and isinstance(spec, dict):
        inner = spec.get("workflowSpec", spec)
        if isinstance(inner, dict) and isinstance(inner.get("templates"), list):
            name = document.get("metadata", {})
            label = str(name.get("name") or name.get("generateName", "")) if isinstance(name, dict) else ""
            yield Document("argo", label, list(_argo(inner["templates"])))
    spec = document.get("pipelineSpec", document)
    dag = spec.get("root", {}).get("dag") if isinstance(spec, dict) and isinstance(spec.get("root"), dict) else None
    if isinstance(dag, dict) and isinstance(dag.get("tasks"), Map):
        yield Document("kubeflow", "", list(_compiled(dag["tasks"])))
    resources = document.get("resources")
    bundled = resources.get("jobs") if isinstance(resources, dict) else None
    for name, job in bundled.items() if isinstance(bundled, dict) else ():
        if isinstance(job, dict) and isinstance(job.get("tasks"), list):
            yield Document("databricks", str(name), list(_databricks(job["tasks"])))
    jobs = document.get("jobs")
    is_azure = "pipelineJob" in str(document.get("$schema", "")) or document.get("type") == "pipeline"
    if isinstance(jobs, Map) and is_azure:
        yield Document("azureml", str(document.get("display_name", "")), list(_azure(jobs)))


def _argo(templates: Any) -> Iterator[Found]:
    for template in templates:
        if not isinstance(template, dict):
            continue
        dag = template.get("dag")
        for task in dag.get("tasks") or [] if isinstance(dag, dict) else []:
            if isinstance(task, Map) and "name" in task:
                needs = task.get("dependencies") or re.findall(r"[\w-]+", str(task.get("depends", "")))
                runs = (str(task.get("template", "")),)
                yield Found(task.lines["name"], str(task["name"]), runs, after=_words(needs))
        before: tuple[str, ...] = ()
        for group in template.get("steps") or []:
            together = [step for step in (group if isinstance(group, list) else [group]) if isinstance(step, Map)]
            for step in together:
                if "name" in step:
                    yield Found(step.lines["name"], str(step["name"]), (str(step.get("template", "")),), after=before)
            before = (*before, *(str(step.get("name", "")) for step in together))


def _compiled(tasks: Map) -> Iterator[Found]:
    for name, task in tasks.items():
        if isinstance(task, Map):
            yield Found(tasks.lines[name], str(name), after=_words(task.get("dependentTasks")))


_PARENT = lazy(r"\$\{\{\s*parent\.jobs\.(\w+)\.")


def _azure(jobs: Map) -> Iterator[Found]:
    for name, job in jobs.items():
        if isinstance(job, Map):
            inputs = job.get("inputs")
            values = inputs.values() if isinstance(inputs, Map) else ()
            given = [str(value.get("path", "") if isinstance(value, Map) else value) for value in values]
            after = tuple(dict.fromkeys(found for text in given for found in _PARENT.findall(text)))
            runs = (str(job.get("command") or job.get("component") or ""),)
            yield Found(jobs.lines[name], str(name), runs, after=after)


_RUN_BY = (
    ("spark_python_task", "python_file"),
    ("notebook_task", "notebook_path"),
    ("python_wheel_task", "entry_point"),
)


def _databricks(tasks: Any) -> Iterator[Found]:
    for task in tasks:
        if not isinstance(task, Map) or not isinstance(task.get("task_key"), str):
            continue
        told = [(task.get(kind), key) for kind, key in _RUN_BY]
        runs = tuple(str(held[key]) for held, key in told if isinstance(held, dict) and key in held)
        needs = task.get("depends_on")
        after = [one.get("task_key") for one in needs if isinstance(one, dict)] if isinstance(needs, list) else []
        yield Found(task.lines["task_key"], task["task_key"], runs, after=_words([one for one in after if one]))


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()

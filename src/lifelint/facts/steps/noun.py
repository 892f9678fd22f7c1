"""The noun of a declared step of work, whatever tool runs it."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """A step that a pipeline declares.

    ``tool`` is ``dvc``, ``snakemake``, ``nextflow``, ``make``, ``shell``, ``mlflow``, ``argo``, ``kubeflow``,
    ``azureml``, ``kedro``, ``airflow``, ``prefect``, ``dagster``, ``zenml``, ``metaflow``, ``flyte``, ``sagemaker`` or
    ``databricks``; ``pipeline`` the name of what it belongs to (a file, a flow, a rule file). ``runs`` are the scripts
    or functions it calls. ``reads`` and ``makes`` name what goes in and out, where the tool has steps declare that;
    ``after`` are the names of steps of the same pipeline that it directly depends on. ``ordered``: whether the tool
    says what depends on what at all. ``scores``: it declares metrics among what it makes.
    """

    path: str
    line: int
    tool: str
    pipeline: str
    name: str
    runs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    ordered: bool = True
    scores: bool = False

"""Stages of DVC pipelines."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import relpath
from typing import TYPE_CHECKING

from lifelint.checks.pipeline import subject
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.yaml_places import added_to_list, node, plain

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage


def dependencies(case: Case) -> Iterator[Change]:
    """Adds the code that a stage runs to its ``deps``. The lock is stale then: what it recorded is less."""
    wanted = case.seen.subject.removesuffix("@*")
    stages: list[Stage] = [
        stage
        for stage in case.share["stages"].items
        if stage.state != "orphan" and wanted in (subject(stage), subject(stage).rpartition("@")[0])
    ]
    if not stages or any(not stage.path.endswith("dvc.yaml") for stage in stages):
        raise CannotFix("the stage is not one of a dvc.yaml")
    first = stages[0]
    name = first.name.partition("@")[0] if len(stages) > 1 or case.seen.subject.endswith("@*") else first.name
    text = case.texts[first.path]
    keys = ["stages", name, *(["do"] if node(text, ["stages", name, "do"]) is not None else [])]
    missing = dict.fromkeys(use.path for stage in stages for use in stage.uses if not use.declared)
    items = [plain(relpath(path, first.wdir or ".")) for path in missing]
    yield added_to_list(first.path, text, [*keys, "deps"], items, after="cmd")

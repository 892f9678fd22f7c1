"""Stages of DVC pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import relpath
from typing import TYPE_CHECKING

from lifelint.checks.pipeline import subject
from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import set_off
from lifelint.fix.yaml_places import added_to_list, node, plain

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Stage
    from lifelint.facts.steps.scripts import Script

_MOST = 12
"""Scripts from which stages are drafted. Of more, some are variants, and only a person knows which ones count."""


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


def skeleton(case: Case) -> Iterator[Change]:
    """A ``dvc.yaml`` with a stage of each script, and marks for what is not known of it."""
    from lifelint.fix.fixers._drafts import Ground, drafted, values, within

    assert case.rule.fix is not None
    found: Sequence[Script] = case.share["scripts"].items
    if case.share["unfilled_stages"].items:
        raise CannotFix(f"{case.seen.path} has the stage; what is marked there is to be written, or to be removed")
    if all(one.path != case.seen.path for one in found):
        raise CannotFix("there is a pipeline; what belongs into it is to be written")
    if len(found) > _MOST:
        raise CannotFix(f"which of {len(found)} scripts make the model, and in which order, is for you to say")
    if any("${" in one.path for one in found):
        raise CannotFix("the name of a script holds what DVC takes for a variable")
    top = f"{case.root}/" if case.root else ""
    source = case.facts.source
    artifacts = [one.artifact for one in case.share["pointers"].items if one.artifact.startswith(top)]
    pointed = frozenset(artifact.removeprefix(top) for artifact in artifacts)

    def tracked(path: str) -> bool:
        return source.is_file(top + path) or source.is_folder(top + path)

    def there(path: str) -> bool:
        return tracked(path) or any(f"{path}/".startswith(f"{artifact}/") for artifact in pointed)

    path = f"{top}dvc.yaml"
    stages = drafted(within(found, case.root), Ground(there, tracked, pointed))
    text = case.render(case.rule.fix.template, values(stages))
    if not source.is_file(path):
        case.texts.require_nothing(path)
        yield Change(path, 0, 0, text)
        return
    old = case.texts[path]  # of artifacts, metrics or plots, and without stages
    whole = node(old, [])
    if node(old, ["stages"]) is not None or (whole is not None and whole.flow_style):
        raise CannotFix(f"{path} has a place for stages, and what belongs there is to be written")
    yield set_off(path, old, text)

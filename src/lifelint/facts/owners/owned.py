"""What somebody has to answer for: where data and models come from, what judges them, and what guards these.

Only what certainly plays its part is listed: what a declared step, a pointer, a gate or a manifest says. Code that is
merely named as training code is not, and neither are tests, examples and tutorials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.code import shows
from lifelint.facts.data import places
from lifelint.facts.facets import TRAINS
from lifelint.facts.owners.found import owning_each, understood
from lifelint.facts.owners.noun import OwnedPath, OwnersLine
from lifelint.facts.owners.patterns import EVERYTHING

if TYPE_CHECKING:
    from lifelint.facts.ci import Command
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.evaluation.noun import Evaluation, Gate
    from lifelint.facts.releases.document import Release
    from lifelint.facts.steps.noun import Step

MOST = 20_000_000
"""Lines times paths that are compared at most; people write files that come to a small part of it."""

SETTINGS = ("lifelint.toml", "lifelint-baseline.json")
"""What decides how this tool judges, besides the gates."""

_JUDGES = lazy(r"(?:^|[^a-z])(?:eval|evaluate|evaluation|evaluator|validate|validation|score|scoring)(?:[^a-z]|$)")
_TASKS = ("make", "shell")
"""Tools that run anything, chores of a library as well as a training."""

Found = tuple[str, str, str]


def owned_paths(
    source: Source,
    owners: Sequence[OwnersLine],
    pointers: Sequence[Pointer],
    steps: Sequence[Step],
    evaluations: Sequence[Evaluation],
    gates: Sequence[Gate],
    releases: Sequence[Release],
    ci_commands: Sequence[Command],
) -> Iterator[OwnedPath]:
    """Each path on each of its sides, sorted, with its owners."""
    found: dict[tuple[str, str], str] = {}
    for side, what, path in (
        *_of_data(pointers),
        *_of_steps(steps),
        *_of_models(pointers, evaluations, gates, releases),
        *_controls(owners, gates, releases, ci_commands),
    ):
        left_out = places.is_fixture(path) if side == "control" else shows(path)
        if source.is_file(path) and not left_out:
            found.setdefault((path, side), what)
    if not understood(source):  # that is recorded where the lines are read
        return
    if len(found) * len(owners) > MOST:
        source.cannot_read(owners[0].path, f"has {len(owners)} lines, too many to compare with {len(found)} paths")
        return
    deciding = owning_each(owners)
    for (path, side), what in sorted(found.items()):
        yield decided(OwnedPath(path, 0, side, what, (), oid=source.snapshot.oid(path)), deciding(path))


def decided(one: OwnedPath, deciding: Sequence[OwnersLine]) -> OwnedPath:
    """The path with its owners by the lines that decide."""
    if not deciding:
        return one
    owners = tuple(dict.fromkeys(owner for line in deciding for owner in line.owners))
    last = deciding[-1]
    default = all(line.pattern in EVERYTHING for line in deciding)
    return one._replace(owners=owners, rule_path=last.path, rule_line=last.line, default=default and bool(owners))


def _of_data(pointers: Sequence[Pointer]) -> Iterator[Found]:
    for pointer in pointers:
        # What git-lfs and git-annex keep may be anything, pictures of a README too; what DVC and its like keep is data.
        told = pointer.kind == "data" or (pointer.kind == "unknown" and pointer.system not in ("lfs", "annex"))
        if told and not pointer.stage:
            yield "data", "data pointer", pointer.path


def _of_steps(steps: Sequence[Step]) -> Iterator[Found]:
    """Definitions of pipelines, and the code that steps run which train or judge."""
    steps = [step for step in steps if step.tool not in _TASKS]
    models = [step for step in steps if step.scores or TRAINS.search(step.name) or _JUDGES.search(step.name.lower())]
    for step in models:
        yield "model", "pipeline", step.path
        yield from (("model", "code", path) for path in step.runs)
    told = {step.path for step in models}
    yield from (("data", "pipeline", step.path) for step in steps if step.path not in told)


def _of_models(
    pointers: Sequence[Pointer], evaluations: Sequence[Evaluation], gates: Sequence[Gate], releases: Sequence[Release]
) -> Iterator[Found]:
    yield from (("model", "model pointer", one.path) for one in pointers if one.kind == "model" and not one.stage)
    yield from (("model", "evaluation", one.path) for one in evaluations if one.kept and not one.doubt)
    yield from (("model", "gates", gate.path) for gate in gates)
    yield from (("model", "release manifest", release.path) for release in releases)


def _controls(
    owners: Sequence[OwnersLine], gates: Sequence[Gate], releases: Sequence[Release], ci_commands: Sequence[Command]
) -> Iterator[Found]:
    yield from (("control", "owners file", line.path) for line in owners if not line.problem)
    yield from (("control", "gates", gate.path) for gate in gates)
    yield from (("control", "release manifest", release.path) for release in releases)
    yield from (("control", "workflow", command.path) for command in ci_commands)
    yield from (("control", "configuration of lifelint", path) for path in SETTINGS)

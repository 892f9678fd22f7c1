"""Whether what a training step reads leads back to a place that somebody else can find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks.steps import does
from lifelint.facts._stepwords import TRAIN
from lifelint.facts.data import places
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.sources import DataSource
    from lifelint.facts.steps.noun import Step


def to_source(
    steps: Sequence[Step],
    pointers: Sequence[Pointer],
    data_sources: Sequence[DataSource],
    *,
    train: Sequence[str] = TRAIN,
) -> Iterator[Observation]:
    """Every input of a training step is an import, has an entry in ``sources.yaml``, or is made by steps from such.

    Small data that git itself holds is left out: where it comes from is in the history of that file.
    """
    seen: dict[str, Observation] = {}
    makers = {made: step for step in steps for made in step.makes}
    for trainer in (step for step in steps if does(step, train)):
        for step, path in _leaves(trainer, makers):
            if path not in seen:
                judged = _judged(path, step, pointers, data_sources)
                seen |= {path: judged} if judged else {}
        for step in _generators(trainer, makers):
            detail = f"the step {step.name} makes {', '.join(step.makes[:2])} from code alone"
            seen.setdefault(step.makes[0], Observation(True, step.makes[0], detail, step.path, step.line))
    yield from seen.values()


def _upstream(step: Step, makers: dict[str, Step]) -> Iterator[Step]:
    """The step and all that it depends on, each once."""
    waiting, seen = [step], {id(step)}
    while waiting:
        one = waiting.pop()
        yield one
        for path in one.reads:
            for maker in _makers(path, makers):
                if id(maker) not in seen:
                    seen.add(id(maker))
                    waiting.append(maker)


def _makers(path: str, makers: dict[str, Step]) -> list[Step]:
    parts = path.split("/")
    above = ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
    return [makers[place] for place in above if place in makers] + [
        step for made, step in makers.items() if made.startswith(f"{path}/")
    ]


def _leaves(trainer: Step, makers: dict[str, Step]) -> Iterator[tuple[Step, str]]:
    """What no step makes, with the step that reads it: data and models, by name."""
    for step in _upstream(trainer, makers):
        for path in step.reads:
            if not _makers(path, makers) and _is_data(path):
                yield step, path


def _generators(trainer: Step, makers: dict[str, Step]) -> Iterator[Step]:
    """Steps on the way that read no data and make some."""
    for step in _upstream(trainer, makers):
        reads_data = any(_is_dataset(step, path) or _makers(path, makers) for path in step.reads)
        makes_data = any(_is_place(path) and places.kind_of(path) != "model" for path in step.makes)
        if step is not trainer and makes_data and not reads_data and not step.after:
            yield step


def _is_data(path: str) -> bool:
    return "://" in path or places.kind_of(path) != "unknown"


def _is_place(path: str) -> bool:
    """Whether a name is that of data or of a file: a target of make, or an output of Kedro, may be neither."""
    return _is_data(path) or "/" in path or "." in path


def _is_dataset(step: Step, path: str) -> bool:
    """Whether a step reads data there: what a node of Kedro reads is data, but for parameters."""
    return _is_data(path) or (step.tool == "kedro" and not path.startswith(("params:", "parameters")))


def _judged(
    path: str, step: Step, pointers: Sequence[Pointer], data_sources: Sequence[DataSource]
) -> Observation | None:
    if "://" in path:
        return Observation(True, path, f"{path} is read at its source by the step {step.name}", step.path, step.line)
    entry = next((one for one in data_sources if one.origin and _covers(one.artifact, path)), None)
    if entry is not None:
        return Observation(True, path, f"{path} is from {entry.origin}, by {entry.path}", entry.path, entry.line)
    found = [
        pointer for pointer in pointers if pointer.artifact and _covers(pointer.artifact, path) and not pointer.stage
    ]
    if not found:
        return None
    by_hand = next((pointer for pointer in found if not pointer.imported_from), None)
    if by_hand is None:
        origin = f"{found[0].imported_from} {found[0].url}".strip()
        return Observation(True, path, f"{path} is imported from {origin}", found[0].path, found[0].line)
    detail = f"{path}, which {step.name} reads, was added by hand, and nothing here says where it comes from"
    return Observation(False, path, detail, by_hand.path, by_hand.line)


def _covers(artifact: str, path: str) -> bool:
    """Whether one of the two lies in the other or is the other."""
    return artifact == path or path.startswith(f"{artifact}/") or artifact.startswith(f"{path}/")

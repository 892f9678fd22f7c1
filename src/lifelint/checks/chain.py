"""Whether digests agree along the chain of data, from pointers and producers to those who read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.dvc.stage import Edge


def consistent(edges: Sequence[Edge]) -> Iterator[Observation]:
    """What each stage consumed is what the stage or the pointer that makes it holds.

    Inputs that only git holds are left to ``pipeline.fresh``: there the code changed, not the chain.
    """
    for edge in edges:
        if edge.held_by == "git":
            continue
        verb = "is described as" if edge.held_by == "file" else "was consumed as"
        detail = f"{edge.artifact} {verb} {_short(edge.consumed)}"
        if edge.agrees:
            detail += f", which is what {edge.producer} holds"
        elif edge.agrees is False:
            detail += f", but {edge.producer} holds {_short(edge.held)}"
        else:
            detail += f"; {edge.why}"
        yield Observation(edge.agrees, _subject(edge), detail, edge.path, edge.line)


def _subject(edge: Edge) -> str:
    if edge.held_by == "file":
        return f"{edge.path}:{edge.artifact}"
    pipeline, _, name = edge.consumer.partition(":")
    stage = f"stage:{name}" if pipeline == "dvc.yaml" else f"{pipeline}:stage:{name}" if name else f"{pipeline}:stage"
    return f"{stage}:{edge.artifact}"


def _short(digest: str) -> str:
    return f"{digest[:6]}…{'.dir' if digest.endswith('.dir') else ''}"

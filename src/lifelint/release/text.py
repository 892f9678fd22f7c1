"""The text of a document: YAML as a person would write it, one item a line."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any


def yaml(document: Mapping[str, Any]) -> str:
    """``document`` as YAML. Items of lists are flow mappings, and nothing is folded: a line is what a diff shows."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 1 << 16
    writer.default_flow_style = False
    stream = StringIO()
    writer.dump({key: _laid_out(value) for key, value in document.items()}, stream)
    return stream.getvalue()


def _laid_out(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping) and not any(isinstance(each, (list, tuple)) for each in value.values()):
        made = CommentedMap(value)
        made.fa.set_flow_style()
        return made
    if isinstance(value, Mapping):
        return {key: _laid_out(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        sequence = CommentedSeq([_laid_out(each) for each in value])
        if not any(isinstance(each, Mapping) for each in value):
            sequence.fa.set_flow_style()
        return sequence
    return value

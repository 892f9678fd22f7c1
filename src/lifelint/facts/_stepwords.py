"""Words by which steps of the work are recognised, in names of steps and of scripts."""

from __future__ import annotations

from lifelint._patterns import lazy

TRAIN = ("train", "training", "trainer", "fit", "finetune", "finetuning", "pretrain", "learn", "tune", "retrain")
EVALUATE = (
    *("evaluate", "evaluation", "evaluator", "eval", "test", "testing", "validate", "validation"),
    *("score", "scoring", "benchmark", "assess", "compare", "metrics"),
)
PREPARE = (
    *("download", "ingest", "extract", "prepare", "preparation", "preprocess", "preprocessing", "clean", "cleaning"),
    *("split", "process", "processing", "augment", "tokenize", "featurize", "featurization", "features"),
)
"""In the order in which data is usually prepared."""

OF_CODE = frozenset({"test", "testing", "validate", "validation", "compare", "benchmark"})
"""Words that are as often said of code: ``make test`` judges no model."""

_ON_DATA = frozenset(
    (
        *("load", "read", "fetch", "get", "download", "upload", "ingest", "extract", "prepare", "preprocess", "clean"),
        *("add", "select", "rename", "sort", "drop", "filter", "merge", "concat", "concatenate", "join", "scale"),
        *("encode", "impute", "save", "store", "write", "transform", "normalize", "resample", "shuffle", "augment"),
    )
)
"""Verbs of what is done to rows and columns."""

_PARTS = frozenset({"train", "training", "test", "testing", "eval", "evaluation", "validation", "features"})
"""Words of the work that are as often the name of a part of the data."""

_ROWS = frozenset({"data", "dataset", "datasets", "set", "sets", "features", "rows", "labels"})
_WORD = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words_in(text: str) -> set[str]:
    """The words of a name in lower case, whatever sets them apart."""
    found = {word.lower() for word in _WORD.findall(text)}
    return found | {"finetune"} if {"fine", "tune"} <= found else found


def is_of_data(name: str) -> bool:
    """Whether a name says what is done to data or to what a run left: ``load_training_artifacts``, ``prepare_test``.

    ``validate_training_data`` judges no model either, while ``prepare_and_train`` trains.
    """
    said = [word.lower() for word in _WORD.findall(name)]
    if not said or not {"and", "model"}.isdisjoint(said):
        return False
    if said[0] in _ON_DATA:
        return _PARTS.issuperset({*said} & {*TRAIN, *EVALUATE})
    return said[0] in ("validate", "check") and not _ROWS.isdisjoint(said[1:])

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

_WORD = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words_in(text: str) -> set[str]:
    """The words of a name in lower case, whatever sets them apart."""
    found = {word.lower() for word in _WORD.findall(text)}
    return found | {"finetune"} if {"fine", "tune"} <= found else found

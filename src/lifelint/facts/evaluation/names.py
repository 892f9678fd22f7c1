"""Names of metrics: what they have in common across tools, and what their values can be."""

from __future__ import annotations

import math
import re
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.data.formats import words

_PREFIX = lazy(r"^(?:test|val|valid|validation|eval|evaluation|holdout|dev)[/_.:]+(?=.)")

FRACTIONS = words("""
    accuracy acc acc_norm balanced_accuracy auc roc_auc auroc pr_auc average_precision f1 f1_score macro_f1 micro_f1
    f1_macro f1_micro f1_weighted precision recall sensitivity specificity map map50 map50_95 mean_ap iou miou dice ndcg
    mrr exact_match em top1_accuracy top5_accuracy avg_prec
""")
"""Metrics that lie between 0 and 1 (or 0 and 100, as a percentage) and are better the higher they are."""

ERRORS = words("""
    mae mse rmse rmsle mape smape mdape wape medae log_loss logloss brier brier_score perplexity word_perplexity
    byte_perplexity bits_per_byte wer cer fid error_rate
""")
"""Metrics that are 0 or more and better the lower they are."""

KNOWN = FRACTIONS | ERRORS | {"r2", "r2_score", "mcc", "matthews_corrcoef", "cohen_kappa", "bleu", "rouge1", "rougel"}
"""Names that only a judgement of a model has. A loss is not among them: every training curve has one."""


def normal(name: str) -> str:
    """A metric's name without what tools and people spell differently.

    Case, ``-``, ``.`` and blanks, prefixes of an evaluation's part (``test/``, ``val_``), and the filter that
    lm-evaluation-harness appends (``acc,none``).
    """
    plain = name.strip().partition(",")[0].lower()
    plain = _PREFIX.sub("", plain)
    return re.sub(r"[\s\-./]+", "_", plain).strip("_")


def number(value: Any) -> float | None:
    """A finite or other float, ``None`` for what is no number. A boolean is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return math.nan if isinstance(value, str) and value.lower() in ("nan", ".nan") else None


def vacuous(metric: str, op: str, threshold: float) -> str:
    """Why no value of ``metric`` can fail the gate, or ``""``."""
    name = normal(metric)
    if math.isinf(threshold):
        return f"every number is {op} {threshold}" if (threshold < 0) == (op[0] == ">") else ""
    at_bound = threshold < 0 or (threshold == 0 and op == ">=")
    if name in FRACTIONS | ERRORS and op[0] == ">" and at_bound:
        return f"{metric} is never below 0"
    if name in FRACTIONS and op[0] == "<" and (threshold > 100 or (threshold == 1 and op == "<=")):
        return f"{metric} is never above 1"
    return ""


def scales_differ(metric: str, threshold: float, value: float) -> bool:
    """Whether one of the two is a percentage and the other a fraction of the same metric, as far as that shows."""
    return normal(metric) in FRACTIONS and ((threshold > 1 >= value > 0) or (value > 1 >= threshold > 0))


_OF_TRAINING = frozenset({"train", "training", "step", "steps", "epoch", "epochs", "iteration", "iterations", "seed"})
_OF_TRAINING |= {"runtime", "second"}


def of_training(metric: str, dataset: str) -> bool:
    """Whether a figure is one of the training, such as a count of steps: it judges no model."""
    return not _OF_TRAINING.isdisjoint({*normal(metric).split("_"), dataset.lower()})

"""What a monitor watches, by the names in it: those of metrics, of the alert, of what it computes.

The names are those that client libraries and exporters of Prometheus give (prometheus.io, "Metric and label naming"),
and those of measures of drift and of models' quality.
"""

from __future__ import annotations

from lifelint._patterns import lazy
from lifelint.facts.data.formats import words
from lifelint.facts.documents.marks import left_open
from lifelint.facts.monitoring.noun import BEHAVIOUR, SERVICE

_BEHAVIOUR = words("""
    drift drifted drifts psi ks wasserstein kolmogorov jensen shannon hellinger mmd accuracy precision recall f1 auc
    auroc roc rmse mae mape mse r2 logloss brier calibration bias fairness skew outlier outliers confidence quality
    freshness stale staleness nan nulls embedding embeddings hallucination hallucinations toxicity groundedness
""")
_SERVICE = words("""
    latency latencies duration error errors 5xx 4xx 500 status http grpc request requests up availability available
    uptime cpu memory mem gpu disk restart restarts restarting pod pods container kube node queue throughput timeout
    timeouts probe process down instance saturation health healthy unhealthy absent traffic rps qps oom replicas
    deployment crash crashloop slow apdex clock job target targets
""")
_PREDICTED = words("prediction predictions predicted inference model score scores feature features class classes")
_SPREAD = words("mean avg average distribution ratio positive negative value std stddev variance null missing share")
_WORD = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+[a-z]*")
_COMPARED = lazy(r"(?:==|!=|>=|<=|>|<)\s*(?:bool\b\s*)?\S[^)\s]*|\babsent(?:_over_time)?\(")
_NOT_COMPARED = lazy(r'"(?:\\.|[^"\\])*+"|\'(?:\\.|[^\'\\])*+\'|`[^`]*+`|\{[^{}]*+\}|\[[^\]]*+\]')
"""Texts, selectors of labels and ranges, in which the signs of comparisons mean something else."""


def watched(*texts: str) -> str:
    """``service``, ``behaviour`` or nothing: by the first of some texts that tells."""
    for text in texts:
        found = {word.lower() for word in _WORD.findall(text)}
        told = _told(found | {word.rstrip("0123456789") for word in found})
        if told:
            return told
    return ""


def _told(found: set[str]) -> str:
    if "clock" in found:
        return SERVICE
    if found & _BEHAVIOUR:
        return BEHAVIOUR
    if found & _SERVICE:
        return SERVICE
    return BEHAVIOUR if found & _PREDICTED and found & _SPREAD else ""


def threshold(expression: str) -> str:
    """What a query is compared with (PromQL), or nothing: there is no comparison, or it is not filled in."""
    if left_open(expression.split("\n")):
        return ""
    bare = _NOT_COMPARED.sub(lambda found: '""' if found[0][0] in "\"'`" else "", expression)
    found = _COMPARED.search(bare)
    return found[0].removesuffix("(") if found else ""

"""The noun of what code and configuration read from elsewhere, and how firmly they say which version."""

from __future__ import annotations

from typing import NamedTuple

CONTENT, FIXED, MOVING, UNKNOWN = "content", "fixed", "moving", "unknown"


class Reference(NamedTuple):
    """A dataset or a model that code or configuration names by address.

    ``system`` is ``huggingface``, ``lakefs``, ``wandb``, ``mlflow``, ``kaggle``, ``quilt``, ``delta``, ``iceberg``,
    ``sql``, ``pachyderm``, ``oxen``, ``s3``, ``gs``, ``azure``, ``http``, ``openml`` or ``torchhub``; ``kind`` data
    or model; ``name`` what is read, ``version`` which one, empty where nothing is said. ``strength``: ``content``
    (a commit or a checksum proves it), ``fixed`` (a version that is given once), ``moving`` (a branch, a tag, an
    alias, or nothing), ``unknown`` (a value that only a run knows); ``why`` says more. ``fixture``: it stands among
    examples, tests or documentation.
    """

    path: str
    line: int
    system: str
    kind: str
    name: str
    version: str
    strength: str
    why: str
    fixture: bool = False


class Named(NamedTuple):
    """A reference without its place."""

    system: str
    kind: str
    name: str
    version: str
    strength: str
    why: str

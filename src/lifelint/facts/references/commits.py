"""Data kept in repositories of its own: Pachyderm's and Oxen's. A commit names a version once, a branch moves.

Formats: ``[project/]repo@(branch|commit|branch=commit)[:path]`` (pachyderm_sdk ``api/pfs``, whose commit ids are UUIDs
without dashes), ``oxen://namespace:repo@revision/path`` and ``oxen.datasets`` (oxen ``oxen_fs.py``, ``datasets.py``,
whose commit ids are hashes of 128 bits). What a pipeline of Pachyderm reads is no reference: the branch of its input
starts it, and each output records the commit it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lifelint._patterns import lazy
from lifelint.facts.references.addresses import HOLE, oxen
from lifelint.facts.references.noun import FIXED, MOVING, UNKNOWN, Named
from lifelint.facts.references.syntax import DYNAMIC, Call, Module

_FILE = lazy(r"((?:[\w-]+/)?[\w.-]+)@([^:@\s]+)(?::(\S*))?")
_COMMIT = lazy(r"[0-9a-f]{12}4[0-9a-f]{19}(?:[\^~]\d*)*")
_REPOSITORY = lazy(r"[\w.-]+/[\w.-]+")


def pachyderm(call: Call, top: str, _: Module) -> Iterator[Named]:
    """``pfs.File.from_uri``, which names a file to be read; what is written to is a branch or a commit."""
    given = call.given(0, "uri")
    found = _FILE.fullmatch(given) if isinstance(given, str) else None
    if top != "pachyderm_sdk" or not call.name.endswith("pfs.File.from_uri") or found is None or HOLE in found[1]:
        return
    name = f"{found[1]}:{found[3] or ''}".rstrip(":").replace(HOLE, "…")
    version = found[2].rpartition("=")[2]
    if HOLE in found[2]:
        yield Named("pachyderm", "data", name, "", UNKNOWN, "its commit is only known when it runs")
    elif _COMMIT.fullmatch(version):
        yield Named("pachyderm", "data", name, version, FIXED, f"the commit {version} is named")
    else:
        why = f"{found[2]} is told from a branch, which moves with each commit"
        yield Named("pachyderm", "data", name, found[2], MOVING, why)


def oxen_dataset(call: Call, revision: Any) -> Iterator[Named]:
    """``oxen.datasets.load_dataset`` and ``download``."""
    name = call.given(0, "repo_id")
    if not call.name.startswith("oxen.datasets.") or not isinstance(name, str) or not _REPOSITORY.fullmatch(name):
        return
    if revision is DYNAMIC or (isinstance(revision, str) and HOLE in revision):
        yield Named("oxen", "data", name, "", UNKNOWN, "its revision is only known when it runs")
    elif revision is None or isinstance(revision, str):
        yield oxen(name, revision or "")

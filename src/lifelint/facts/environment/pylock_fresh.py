"""Whether a ``pylock.toml`` (PEP 751) still belongs to what it was made from; the format keeps no record of that."""

from __future__ import annotations

from lifelint.facts._source import Source
from lifelint.facts.environment import pdm_fresh
from lifelint.facts.environment.other_locks import OtherLock
from lifelint.facts.environment.pyproject import table
from lifelint.facts.environment.uv_compare import Verdict


def judge(source: Source, path: str, lock: OtherLock) -> Verdict:
    """The verdict on the lock at ``path``."""
    pdm = table(lock.document, "tool", "pdm")
    if "lock_inputs" in pdm:
        return Verdict(None, "it keeps lock_inputs instead of a content hash, which lifelint does not recompute")
    recorded = table(pdm, "hashes").get("sha256")
    if isinstance(recorded, str):
        return pdm_fresh.judge_hash(source, path, lock, recorded)
    return Verdict(None, "it names no command or hash by which it could be compared")

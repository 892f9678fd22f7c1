"""What several verdicts come to, in words."""

from __future__ import annotations

from collections.abc import Iterable

from lifelint.facts.proof import Verdict

VERIFIED, REFUTED, UNKNOWN = "verified", "refuted", "unknown"
WORDS = {True: VERIFIED, False: REFUTED, None: UNKNOWN}


def status(verdicts: Iterable[Verdict]) -> str:
    """Refuted if one is, else unknown if one is (or there is none), else verified."""
    told = {verdict.holds for verdict in verdicts}
    return REFUTED if False in told else UNKNOWN if None in told or not told else VERIFIED

"""Whether data that somebody flagged as personal or sensitive stays with those who may see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.checks._folded import folded
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.sensitive import SensitiveData

_LABELS = {True: "", None: "unknown:", False: "kept:"}


def contained(sensitive_data: Sequence[SensitiveData]) -> Iterator[Observation]:
    """Data that is flagged as personal or sensitive is not in git, not at a public address, and in no output.

    What nobody flagged is not looked at.
    """
    for flag in sensitive_data:
        told = f"{flag.path}{f':{flag.line}' if flag.line else ''} flags it ({flag.said})"
        for open_ in (True, None, False):
            found = [one for one in flag.exposures if one.open is open_]
            for group in folded(found, lambda one: one.subject, _LABELS[open_]):
                first, more = group.items[0], len(group.items) - 1
                which = f"{first.subject} and {more} more" if more else first.subject
                subject = group.subject if more or open_ else f"{_LABELS[open_]}{group.subject}"
                yield Observation(
                    not open_ if open_ is not None else None,
                    subject,
                    f"{which}: {first.why}; {told}",
                    first.path,
                    first.line,
                )
        if not flag.exposures:
            detail = f"nothing that it covers is in git, behind a pointer or in an output; {told}"
            yield Observation(True, f"flag:{flag.path}", detail, flag.path, flag.line)

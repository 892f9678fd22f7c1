"""Misspelt keys of gates and evaluation reports, renamed where they stand so that comments and layout stay."""

from __future__ import annotations

from collections.abc import Iterator

from lifelint.fix.fixers.manifests import renamed
from lifelint.fix.noun import Case, Change


def corrected(case: Case) -> Iterator[Change]:
    """Gives each misspelt key of the line the name that is meant."""
    for one in case.share["spellings"].items:
        for wrong in one.misspelt if one.path == case.seen.path else ():
            if wrong.line == case.seen.line and case.seen.subject.partition("#")[0].endswith(wrong.key):
                yield renamed(one.path, case.texts[one.path], wrong.line, wrong.key, wrong.meant)

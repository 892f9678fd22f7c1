"""What git is told to leave alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import appended


def outputs(case: Case) -> Iterator[Change]:
    """Names what DVC keeps in the ``.gitignore`` beside it, where DVC itself writes it."""
    artifact = case.seen.subject
    if any(one.artifact == artifact and one.also_in_git for one in case.share["pointers"].items):
        raise CannotFix(f"git tracks it: `git rm -r --cached {artifact}` leaves it to DVC, and is for you to decide")
    folder, _, name = artifact.rpartition("/")
    path = f"{folder}/.gitignore" if folder else ".gitignore"
    yield appended(path, case.texts[path], f"/{pattern(name)}")


def pattern(name: str) -> str:
    """A name as gitignore(5) matches it and nothing else."""
    if "\n" in name or "\r" in name:
        raise CannotFix("no .gitignore can name what has a line break in its name")
    return re.sub(r"([*?\[\\]|\s+$)", lambda m: "".join(f"\\{c}" for c in m[0]), name)

"""Attributes of paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.fix.noun import CannotFix, Case, Change
from lifelint.fix.texts import appended

if TYPE_CHECKING:
    from lifelint.facts.data.lfsfiles import LfsPath

_FILE = ".gitattributes"
_LFS = "filter=lfs diff=lfs merge=lfs -text"


def track(case: Case) -> Iterator[Change]:
    """Gives pointers that lie outside git-lfs the attributes that ``git lfs track`` writes."""
    subject = case.seen.subject
    stray = [one for one in case.share["lfs_paths"].items if not one.tracked and not one.left_out]
    found = [one for one in stray if one.path == subject or _below(subject, one.path)]
    if not found:
        raise CannotFix("its content is in git: `git lfs install && git add --renormalize .` makes pointers of it")
    text = case.texts[_FILE]
    for pattern in _patterns(found, subject):
        yield appended(_FILE, text, f"{pattern} {_LFS}")


def _below(subject: str, path: str) -> bool:
    return subject.endswith("/*") and path.startswith(subject[:-1])


def _patterns(found: Sequence[LfsPath], subject: str) -> Sequence[str]:
    """The files one by one, or by their suffix those of a crowded folder."""
    suffixes = sorted({f".{one.path.rpartition('.')[2]}" for one in found if "." in one.path.rpartition("/")[2]})
    if not subject.endswith("/*") or not suffixes or not all(one.path.endswith(tuple(suffixes)) for one in found):
        return [f"/{escaped(one.path)}" for one in found]
    return [f"/{escaped(subject[:-2])}/**/*{escaped(suffix)}" for suffix in suffixes]


def escaped(path: str) -> str:
    """A path as gitattributes(5) matches it and nothing else; spaces as git-lfs writes them."""
    if re.search(r"[\n\r\"]", path):
        raise CannotFix("no pattern can name a path with a line break or a quotation mark in it")
    return re.sub(r"\s", "[[:space:]]", re.sub(r"([*?\[\\])", r"\\\1", path))

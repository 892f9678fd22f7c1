"""How far a project is, guessed from what it holds: too low rather than too high, since more is asked of each stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import Facts
from lifelint.facts._plain import text

_RELEASED = lazy(r"(?:.*[-_/])?v?\d+\.\d+(?:\.\d+)?", re.ASCII)


class Guess(NamedTuple):
    """A stage, and what speaks for it."""

    stage: str
    why: str


def guessed(facts: Facts) -> Guess:
    """The highest stage that something speaks for: a deployed release, a release or a packaged model, or neither."""
    for stage, signs in (("operating", _operating), ("piloting", _piloting)):
        why = next(signs(facts), "")
        if why:
            return Guess(stage, printable(why))
    if any(facet.name == "library" for facet in facts.get("facets").items):
        return Guess("exploring", "this is a library, and no release of a model was found")
    return Guess("exploring", "no release, no packaged model and no manifest that runs one was found")


def printable(words: str) -> str:
    """``words`` on one line, without characters that no comment may hold: file names are strangers' text."""
    return "".join(one if one.isprintable() else "?" for one in text(words))


def _operating(facts: Facts) -> Iterator[str]:
    for one in facts.get("deployments").items:
        if one.holds:  # what is no release's is another's thing, or an accident
            yield f"{one.path} deploys {one.reference}, which is of a release"


def _piloting(facts: Facts) -> Iterator[str]:
    for release in reversed(facts.get("releases").items):  # some are held by tags only
        if release.path in facts.source.entries:
            yield f"{release.path} is the manifest of a release"
    facets = facts.get("facets").items
    for facet in facets:
        if facet.name == "ships_model":
            yield f"{facet.path} packages a model for others to run"
    does = {facet.name for facet in facets}
    if "trains" not in does or "library" in does:  # what a library's tags and manifests are about is its code
        return
    for image in facts.get("run_images").items:
        if image.instruction == "kubernetes" and image.role == "runtime":
            yield f"a model is trained here, and {image.path} runs {image.written} on Kubernetes"
    if "model" in does:
        for tag in facts.get("tags").items:
            if _RELEASED.fullmatch(tag.name):
                yield f"a model is trained and kept here, and the tag {tag.name} names a version"

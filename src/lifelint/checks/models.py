"""Whether somebody who did not make a model can learn from the repository what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint.facts.data import places
from lifelint.facts.documents.languages import first_untold, untold
from lifelint.facts.documents.topics import MODEL_CARD, MODEL_FRONT, Answer, answers
from lifelint.model import Observation

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.documents.noun import Document

TOPICS = tuple(MODEL_CARD)
_MANY = 3
"""A README that answers this many topics sets out to describe a model."""


def documented(
    documents: Sequence[Document], pointers: Sequence[Pointer], *, sections: Sequence[str] = TOPICS
) -> Iterator[Observation]:
    """Where models are kept, a card tells of them, with these sections filled. One that is whole is enough.

    A README without front matter may be about something else: what it lacks is unknown, and so is what a document says
    in a form or a language that is not known. So it is where a card is that of a model from elsewhere.
    """
    models = own(pointers)
    if not models:
        return
    formal = [one for one in documents if one.role == "model" and not one.another]
    told = [_told(one, given(one), sections, formal=True) for one in formal]
    if not told:
        readmes = [(one, given(one)) for one in documents if one.role == "readme"]
        describing = [each for each in readmes if sum(answer.filled for answer in each[1]) >= _MANY]
        told = [_told(one, answered, sections, formal=False) for one, answered in describing]
    yield from [one for one in told if one.ok] or told  # which card is of which model, their names do not tell
    if told:
        return
    first = min(models, key=lambda one: (one.path, one.line))
    detail = f"no card describes {first.artifact}{f' and {len(models) - 1} more' if len(models) > 1 else ''}"
    copied = next(((one.path, one.another) for one in documents if one.another), ("", ""))
    other, why = copied if copied[0] else first_untold(one for one in documents if one.role == "readme")
    if other:
        yield Observation(None, "models", f"{detail}, but {other} {why}", other)
    else:
        yield Observation(False, "models", detail, first.path, first.line)


def own(pointers: Sequence[Pointer]) -> Sequence[Pointer]:
    """The models that were made here: not those that were imported, which are described there, nor fixtures."""
    return [
        one
        for one in pointers
        if one.kind == "model" and one.digest and not one.imported_from and not places.is_fixture(one.artifact)
    ]


def given(card: Document) -> Sequence[Answer]:
    """What a card says of each topic."""
    return answers(card, MODEL_CARD, MODEL_FRONT)


def _told(card: Document, answered: Sequence[Answer], sections: Sequence[str], *, formal: bool) -> Observation:
    if card.why:
        return Observation(None, card.path, card.why, card.path)
    open_ = [answer for answer in answered if answer.topic in sections and not answer.filled]
    if not open_:
        return Observation(True, card.path, f"{card.path} answers what is asked of a model", card.path)
    line = next((answer.section.line for answer in open_ if answer.section), 0)
    detail = f"{card.path} says nothing of: {', '.join(map(_open, open_))}"
    if formal and (why := untold(card)):
        return Observation(None, card.path, f"{detail}; it {why}", card.path, line)
    return Observation(False if formal else None, card.path, detail, card.path, line)


def _open(answer: Answer) -> str:
    section = answer.section
    return f"{answer.topic} (line {section.line}: {section.why})" if section else answer.topic

"""Whether the card in a repository is that of a model from elsewhere, which somebody put there in place of its own.

A card that quotes the one of its base model is no copy: it has a title of its own, or says what it was made from. So is
none that names what is kept here, or a model that is kept or published here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lifelint._patterns import lazy
from lifelint.facts.code import shows
from lifelint.facts.data import places
from lifelint.facts.data.cards import names
from lifelint.facts.documents.noun import Document
from lifelint.facts.references.hub import CANONICAL

if TYPE_CHECKING:
    from lifelint.facts._source import Source
    from lifelint.facts.data.pointer import Pointer

_NAMED = lazy(
    r"""["'`]((?:[A-Za-z0-9][\w.-]{0,95}/)?[A-Za-z0-9][\w.-]{0,95})["'`]"""
    r"|huggingface\.co/([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
)
"""What may be the name of a model of the Hugging Face Hub: quoted, as calls have it, or in an address."""

_NO_NAMES = ("datasets/", "spaces/", "docs/", "papers/", "blog/", "collections/", "models/")
_FILLERS = lazy(r"\b(?:model|card|readme|for|of|the|an?)\b", re.IGNORECASE)
_PUBLISHES = lazy(rb"push_to_hub|hub_model_id|upload_f(?:ile|older)|create_repo|create_commit")
_READERS = (".py", ".yaml", ".yml", ".toml")
_LEAST = 4
"""Letters and digits of a name that says anything."""


def another(source: Source, card: Document, pointers: Sequence[Pointer]) -> str:
    """Why a card is that of a model from elsewhere; empty where nothing shows that.

    Its title is the name of a model of the Hugging Face Hub that it names too, code or configuration of the repository
    reads that model, and the card names nothing that is kept here and no model that it was made from.
    """
    title = _spelled(card.title)
    if len(title) < _LEAST or card.path.lower() == "readme.md" or card.front.get("base_model"):
        return ""
    text = (source.bytes(card.path) or b"").decode("utf-8", "replace")
    found = sorted({name for name in _models(text) if title in (_spelled(name), _spelled(name.rpartition("/")[2]))})
    kept = [one for one in pointers if not places.is_fixture(one.artifact)]
    if not found or any(_of_ours(one, title, text) for one in kept):
        return ""
    for name in found:
        readers = list(_reading(source, name))
        if readers and not any(_PUBLISHES.search(data) for _, data in readers):
            return f"describes {name}, which {readers[0][0]} reads, and names nothing that is kept here"
    return ""


def _models(text: str) -> Iterator[str]:
    for quoted, addressed in _NAMED.findall(text):
        name = (quoted or addressed).rstrip(".")
        if not name.startswith(_NO_NAMES) and ("/" in name or CANONICAL.fullmatch(name)):
            yield name


def _spelled(name: str) -> str:
    """A name without what people write in different ways: case, separators, the words around it."""
    return "".join(re.findall(r"[^\W_]", _FILLERS.sub(" ", name).casefold()))


def _of_ours(one: Pointer, title: str, text: str) -> bool:
    """Whether a pointer keeps the model of this title, or the card names what it keeps or its digest."""
    digest = one.digest.rpartition(":")[2]
    told = bool(digest) and digest[:7] in text
    return told or names(text, one.artifact) or any(title in _spelled(part) for part in one.artifact.split("/"))


def _reading(source: Source, name: str) -> Iterator[tuple[str, bytes]]:
    """Code and configuration that hold the name of a model, with what is in them."""
    wanted = [path for path in source.suffixed(*_READERS) if not shows(path)]
    whole = re.compile(rb"(?<![\w./-])" + re.escape(name.encode()) + rb"(?![\w/-]|\.\w)")
    for path, data in source.snapshot.read(source.holding(wanted, [name])):
        if isinstance(data, bytes) and whole.search(data):
            yield path, data

"""The kind ``documents``: cards, runbooks and the like, told by their names, their places and their front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import normpath
from typing import TYPE_CHECKING, Any

from lifelint._patterns import lazy
from lifelint.facts._source import Source
from lifelint.facts.data import places
from lifelint.facts.documents.noun import Document

if TYPE_CHECKING:
    from lifelint.facts.data.pointer import Pointer
    from lifelint.facts.data.sources import DataSource
    from lifelint.facts.documents.markdown import Read

_SUFFIXES = (".md", ".markdown", ".rst")
_OTHER = lazy(r"readme\.(?:txt|adoc|asciidoc|org|textile)", re.IGNORECASE)
"""READMEs of which the headings are not read."""

_CARD = r"(?:card|sheet|statement)s?"
_NAMES = {
    "dataset": rf"(?:.*[-_. ])?data(?:[-_. ]?sets?)?[-_. ]?{_CARD}(?:[-_. ].*)?",
    "bare": r"data(?:sets?)?",
    "model": rf"(?:.*[-_. ])?model[-_. ]?{_CARD}(?:[-_. ].*)?",
    "runbook": (
        r"(?:.*[-_. ])?run[-_ ]?books?(?:[-_. ].*)?|(?:(?:incidents?|on-?call|(?:ml)?ops|operations)[-_ ])?playbooks?"
    ),
    "release": r"releasing|releases?[-_ ](?:process|checklist|guide|procedure)|how[-_ ]to[-_ ]release",
    "handoff": r"(?:.*[-_. ])?hand[-_ ]?(?:off|over)s?(?:[-_. ].*)?",
    "scoping": (
        r"(?:(?:project|use[-_ ]case|model)[-_ ])?(?:scope|scoping|charter)(?:[-_ ]doc(?:ument)?)?"
        r"|(?:intended|out[-_ ]of[-_ ]scope)[-_ ]uses?"
    ),
    "risks": r"(?:.*[-_. ])?risks?(?:[-_ ](?:register|assessment|analysis|log|management))?",
    "refresh": (
        r"(?:model[-_ ])?(?:refresh|re-?train(?:ing)?|maintenance|renewal)[-_ ](?:policy|plan|strategy|schedule)"
        r"|re-?training"
    ),
    "readme": r"readme",
}
_NAMED = [(role, lazy(pattern)) for role, pattern in _NAMES.items()]
_WORD = lazy(
    r"card|sheet|statement|data|book|releas|hand|scop|charter|intended|risk|refresh|train|maintenance|renewal|readme"
)
"""What stands in each of these names: one search instead of eight for the thousands that are none."""

_RUNBOOKS = lazy(r"(?:^|/)(?:run|play)[-_]?books?/")
_KEYS = {
    "dataset": ("dataset_info", "task_categories", "annotations_creators", "size_categories", "source_datasets"),
    "model": ("pipeline_tag", "library_name", "base_model", "model-index"),
}
"""Keys of front matter that only a card of that kind has (hub-docs, datasetcard.md and modelcard.md)."""


def documents(source: Source, pointers: Sequence[Pointer], data_sources: Sequence[DataSource]) -> Iterator[Document]:
    """Cards of datasets and models, runbooks, and documents about releases, handoff and scope, with their sections.

    A README is one where it lies beside data or models, or above them, or has the front matter of a card.
    """
    listed = [one.card for one in data_sources if one.card.lower().endswith(_SUFFIXES) and source.is_file(one.card)]
    named = {**_named(source, pointers), **dict.fromkeys(listed, "dataset")}
    source.prefetch(named)
    for path, role in sorted(named.items()):
        read = _read(source, path) if role != "top" or (source.bytes(path) or b"").startswith(b"---") else None
        if read is not None:
            told = next((kind for kind, keys in _KEYS.items() if any(key in read.front for key in keys)), "")
            if told or role != "top":
                made = _document(source, path, told if role in ("readme", "top") and told else role, read)
                yield _with_subject(source, made, pointers) if made.role == "model" else made
    if source.suffixed(".json"):
        from lifelint.facts.data.otherpointers import croissant_files
        from lifelint.facts.documents.croissant import parse_croissant_card

        for path in croissant_files(source):
            card = source.parse(path, parse_croissant_card)
            if card:
                yield _document(source, path, "dataset", card)


def _with_subject(source: Source, card: Document, pointers: Sequence[Pointer]) -> Document:
    from lifelint.facts.documents.copied import another

    return card._replace(another=another(source, card, pointers))


def _named(source: Source, pointers: Sequence[Pointer]) -> Mapping[str, str]:
    """Documents by path, each with the role that its name or its folder gives it."""
    near = _around(pointers)
    found = {}
    for path in source.names(is_document):
        folder, _, name = path.rpartition("/")
        stem = name.lower().rpartition(".")[0] or name.lower()
        role = next((role for role, pattern in _NAMED if pattern.fullmatch(stem)), "") if _WORD.search(stem) else ""
        if role in ("readme", "bare"):
            role = _by_place(role, path, folder in near)
        elif not role and _RUNBOOKS.search(path.lower()):
            role = "runbook"
        shown = places.is_fixture(path) and not places.is_documentation(path)
        if role and not shown and "template" not in stem:
            found[path] = role
    return found


def _by_place(role: str, path: str, near: bool) -> str:
    """The role of a README, or of what is called data. One at the top may have the front matter of a card."""
    if places.in_data_folder(path):
        return "dataset"
    if role == "bare":
        return "dataset" if near or "/" not in path else ""
    return "readme" if near else "" if "/" in path else "top"


def _around(pointers: Sequence[Pointer]) -> set[str]:
    """The folders that pointers or what they stand for lie in, and those above."""
    near = {""} if pointers else set()
    for pointer in pointers:
        for path in (pointer.path, pointer.artifact):
            folder = path.rpartition("/")[0]
            while folder and folder not in near:
                near.add(folder)
                folder = folder.rpartition("/")[0]
    return near


def is_document(name: str) -> bool:
    """Whether a file of this name is written for people."""
    return name.lower().endswith(_SUFFIXES) or name == "README" or _OTHER.fullmatch(name) is not None


def _read(source: Source, path: str) -> Read | None:
    if path.lower().endswith(".rst"):
        from lifelint.facts.documents.rst import parse_rst

        return source.parse(path, parse_rst)
    from lifelint.facts.documents.markdown import Read, parse_markdown

    if _OTHER.fullmatch(path.rpartition("/")[2]):
        return Read("other", {}, (), "is in a form of which the headings are not read")
    return source.parse(path, parse_markdown)


def read_document(source: Source, path: str, role: str) -> Document | None:
    """The document at ``path`` with its sections; ``None`` for one that cannot be read."""
    read = _read(source, path)
    return None if read is None else _document(source, path, role, read)


def _document(source: Source, path: str, role: str, read: Read) -> Document:
    from lifelint.facts.documents.filling import judged

    folder = path.rpartition("/")[0]

    def exists(name: str) -> bool:
        place = name.partition("#")[0].strip()
        if not re.search(r"[/.]\w", place) or "://" in place or len(place) > 255:
            return False
        places_ = {normpath(place.lstrip("/")), normpath(f"{folder}/{place}" if folder else place)}
        return any(source.is_file(one) or source.is_folder(one) for one in places_)

    sections = tuple(judged(read.written, exists))
    title = str(_title(read, sections))
    return Document(path, 0, role, read.form, title, read.front, sections, read.why)


def _title(read: Read, sections: Sequence[Any]) -> str:
    named = next(
        (read.front[key] for key in ("pretty_name", "title", "name") if isinstance(read.front.get(key), str)), ""
    )
    return named or next((one.heading for one in sections if one.level == 1), "")

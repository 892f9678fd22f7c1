"""Whether the version of a release is one, is that of its tag and package, and is above the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lifelint._patterns import lazy
from lifelint.facts import Facts, _toml, _yaml
from lifelint.facts._source import Unreadable
from lifelint.facts.evaluation.document import text
from lifelint.facts.proof import Verdict
from lifelint.facts.releases.document import Release
from lifelint.facts.releases.versions import compared, is_version, prefix

_CARDS = ("README.md", "MODEL_CARD.md", "model_card.md", "modelcard.md", "model-card.md")
_PLACEHOLDER = lazy(r"0(?:\.0)*(?:\.dev0)?")


class _Named(NamedTuple):
    """What a file says that it is a version of."""

    name: str
    version: str


def numbered(release: Release, others: Sequence[Release], then: Facts | None, *, tagged: bool) -> Iterator[Verdict]:
    """One verdict on the version. ``others`` are the manifests beside it, ``then`` the facts at its anchor.

    What a package or card says counts only for a release that is tagged: before that it is still to be raised.
    """
    wrong = next(_wrong(release, others, then if tagged else None), "")
    why = wrong or f"{release.version} is a version{f', and that of {release.tag}' if release.tag else ''}"
    yield Verdict("release.version", not wrong, why, release.path, release.line_for("release.version"))


def _wrong(release: Release, others: Sequence[Release], then: Facts | None) -> Iterator[str]:
    version = release.version
    if not is_version(version):
        yield f"{version!r} is no version (PEP 440, Semantic Versioning, or a day such as 2026-01-31)"
    elif release.tag and prefix(release.tag, version) is None:
        yield f"the tag {release.tag} is not that of {version}"
    for other in others:
        same = other.name == release.name and compared(other.version, version) == 0
        if same and other.path != release.path:
            yield f"{other.path} is of {other.version} too"
    order = compared(version, release.previous)
    if order is not None and order <= 0:
        yield f"{version} is not above {release.previous}, the release before it"
    for path, said in _said(then) if then is not None and release.name else ():
        if _PLACEHOLDER.fullmatch(said.version):  # the version is filled in when the package is built
            continue
        if _normal(said.name) == _normal(release.name) and compared(said.version, version) not in (0, None):
            yield f"{path} says that {said.name} is {said.version}"


def _said(then: Facts) -> Iterator[tuple[str, _Named]]:
    source = then.source
    for names, parser in ((("pyproject.toml",), _package), (_CARDS, _card)):
        for path in source.named(*names):
            said = source.parse(path, parser)
            if said is not None and said.name and said.version:
                yield path, said


def _package(data: bytes) -> _Named:
    document = _toml.load(data)
    tool = document.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    for table in (document.get("project"), poetry):
        if isinstance(table, dict) and text(table, "version"):
            return _Named(text(table, "name"), text(table, "version"))
    return _Named("", "")


def _card(data: bytes) -> _Named:
    """Name and version in the front matter of a card; a card without both says nothing."""
    if not data.startswith(b"---"):
        return _Named("", "")
    try:
        document = _yaml.load(data[3:].partition(b"\n---")[0])
    except Unreadable:
        return _Named("", "")
    if not isinstance(document, dict):
        return _Named("", "")
    named, numbered = (text(document, f"model_{key}") or text(document, key) for key in ("name", "version"))
    return _Named(named, numbered)


def _normal(name: str) -> str:
    return re.sub(r"[-_.\s]+", "-", name).casefold()
